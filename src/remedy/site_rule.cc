// SPDX-License-Identifier: Apache-2.0
#include "remedy/site_rule.h"

#include <algorithm>

#include "remedy/edit.h"

namespace abate::remedy {
namespace {

struct SiteRule {
  std::string apache;  // a line of .htaccess
  std::string nginx;   // a directive of a server block
  std::string caddy;   // a directive of a site's block
  std::string says;
};

constexpr std::string_view kSigns = R"(\^$.|?*+()[]{} ")";

std::string as_pattern(std::string_view path) {
  std::string pattern;
  for (const char c : path) {
    if (kSigns.find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

// As one word of nginx or Caddy: in quotes, which a backslash escapes.
std::string quoted(std::string_view word) {
  std::string out = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

Result<Work> in_htaccess(const sweep::Host& host, const sweep::Site& site, const SiteRule& rule) {
  std::string path = sweep::join_path(site.docroot, ".htaccess");
  std::string former;
  if (sweep::exists(*host.tree, path)) {
    TRY_ASSIGN(path, sweep::resolve(*host.tree, path));
    TRY_ASSIGN(former, sweep::read_whole(*host.tree, path, kEditedBytesMax));
  }
  const std::string line = rule.apache + "\n";
  if (former.find(line) != std::string::npos) return Work{};
  return Work{.changes = {write_change(path, line + former, path + ": " + rule.says)}};
}

Work for_a_person(const sweep::Site& site, const SiteRule& rule) {
  if (site.server == "caddy")
    return Work{.by_hand = fmt::format("In the block of this site in {} add: {}  Then: caddy reload",
                                       shown_name(site.config), rule.caddy)};
  return Work{.by_hand = fmt::format("In the server block of {} add: {}  Then: nginx -t && nginx -s reload",
                                     shown_name(site.config), rule.nginx)};
}

Result<Work> in_server_block(const sweep::Host& host, const sweep::Site& site, const SiteRule& rule) {
  TRY_ASSIGN(const std::string path, sweep::resolve(*host.tree, site.config));
  TRY_ASSIGN(std::string text, sweep::read_whole(*host.tree, path, kEditedBytesMax));
  const std::optional<std::size_t> at = behind_server_brace(text, site.line);
  if (!at) return for_a_person(site, rule);
  const std::string added = " " + rule.nginx;
  if (text.compare(*at, added.size(), added) == 0) return Work{};
  text.insert(*at, added);
  Work work{.changes = {write_change(path, std::move(text), fmt::format("{}:{}: {}", path, site.line, rule.says))}};
  work.check = {"nginx", "-t"};
  work.afterwards = reload(host, "nginx.service");
  if (work.afterwards.empty() && host.live) work.afterwards = {{"nginx", "-s", "reload"}};
  work.undo_afterwards = work.afterwards;
  return work;
}

Result<Work> add_rule(const sweep::Host& host, const sweep::Site& site, const SiteRule& rule) {
  if (site.server == "apache" || site.server == "litespeed") return in_htaccess(host, site, rule);
  if (site.server == "nginx" && site.line != 0) return in_server_block(host, site, rule);
  return for_a_person(site, rule);
}

// What nginx reads as one word, and what it steps over: enough of its grammar to find a block.
class Words {
 public:
  explicit Words(std::string_view text) : text_{text} {}
  // The next word, or one of ; { }; "" at the end. Words in quotes come with their quotes: they are no keywords.
  std::string_view next() {
    skip();
    begin_line_ = line_;
    const std::size_t begin = at_;
    if (at_ >= text_.size()) return {};
    const char c = text_[at_];
    if (c == ';' || c == '{' || c == '}') {
      ++at_;
    } else if (c == '"' || c == '\'') {
      step();
      while (at_ < text_.size() && text_[at_] != c) step(text_[at_] == '\\' ? 2 : 1);
      step();
    } else {
      while (at_ < text_.size() && std::string_view{" \t\r\n;{}"}.find(text_[at_]) == std::string_view::npos) {
        // ${name}: its braces belong to the word.
        const std::size_t end = text_.compare(at_, 2, "${") == 0 ? text_.find('}', at_) : std::string_view::npos;
        step(text_[at_] == '\\' ? 2 : end == std::string_view::npos ? 1 : end + 1 - at_);
      }
    }
    return text_.substr(begin, at_ - begin);
  }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::uint32_t line() const { return begin_line_; }  // of the last word

 private:
  void step(std::size_t bytes = 1) {
    for (; bytes > 0 && at_ < text_.size(); --bytes) line_ += text_[at_++] == '\n' ? 1U : 0U;
  }
  void skip() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#')
        while (at_ < text_.size() && text_[at_] != '\n') step();
      else if (std::string_view{" \t\r\n"}.find(text_[at_]) != std::string_view::npos)
        step();
      else
        return;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t begin_line_ = 1;
};

}  // namespace

std::optional<std::size_t> behind_server_brace(std::string_view text, std::uint32_t line) {
  Words words{text};
  std::optional<std::size_t> found;
  bool begins = true;  // a directive
  for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
    const bool is_server = begins && word == "server" && words.line() == line;
    begins = word == ";" || word == "{" || word == "}";
    if (!is_server || words.next() != "{") continue;
    if (found) return std::nullopt;
    found = words.at();
    begins = true;
  }
  return found;
}

Result<Work> gone_rule(const sweep::Host& host, const sweep::Site& site, const std::string& at) {
  if (at.empty() || std::ranges::any_of(at, [](unsigned char c) { return c < ' ' || c == 127; }))
    return failure(Fault::malformed, "{}: no rule can name it", shown_name(at));
  return add_rule(host, site,
                  {.apache = fmt::format("RedirectMatch 410 \"^{}$\"", as_pattern(at)),
                   .nginx = fmt::format("location = {} {{ return 410; }}", quoted(at)),
                   .caddy = fmt::format("respond {} 410", quoted(at)),
                   .says = at + " answers 410 Gone"});
}

Result<Work> pause_rule(const sweep::Host& host, const sweep::Site& site) {
  return add_rule(host, site,
                  {.apache = "RedirectMatch 503 \"^/\"",
                   .nginx = "return 503;",
                   .caddy = "respond 503",
                   .says = "every address answers 503"});
}

}  // namespace abate::remedy
