// SPDX-License-Identifier: Apache-2.0
#include "remedy/injected.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "remedy/edit.h"

namespace abate::remedy {
namespace {

constexpr std::string_view kOpen = "<?php";
constexpr std::string_view kClose = "?>";

// Are all quotes and brackets that it opens closed again, and no comment begun?
bool is_whole(std::string_view code) {
  std::string open;
  for (std::size_t at = 0; at < code.size(); ++at) {
    const char c = code[at];
    if (c == '\'' || c == '"' || c == '`') {
      for (++at; at < code.size() && code[at] != c; ++at)
        if (code[at] == '\\') ++at;
      if (at >= code.size()) return false;
    } else if (c == '(' || c == '[' || c == '{') {
      open.push_back(c == '(' ? ')' : c == '[' ? ']' : '}');
    } else if (c == ')' || c == ']' || c == '}') {
      if (open.empty() || open.back() != c) return false;
      open.pop_back();
    } else if (c == '#' || code.substr(at).starts_with("//") || code.substr(at).starts_with("/*") ||
               code.substr(at).starts_with("<<<")) {
      return false;
    }
  }
  return open.empty();
}

// A statement of its own on its line: nothing before it is needed by what follows.
bool is_statement(std::string_view code) {
  if (code.empty() || (code.back() != ';' && code.back() != '}')) return false;
  const std::string_view bare = code.substr(code.starts_with('@') ? 1 : 0);
  constexpr std::string_view kBegin[] = {"eval(",        "eval (",   "assert(", "include ",  "include(",
                                         "include_once", "require(", "system(", "passthru(", "if(isset(",
                                         "if (isset(",   "if(",      "if ("};
  const bool begins = std::ranges::any_of(kBegin, [&](std::string_view word) { return bare.starts_with(word); });
  return begins && code.find(kClose) == std::string_view::npos && code.find("else") == std::string_view::npos &&
         is_whole(code);
}

// The line without what was added; nothing where that is not plain.
std::optional<std::string> cleaned_php(std::string_view line) {
  const std::string_view code = trim(line);
  if (is_statement(code)) return "//abate: " + std::string{line};
  // "<?php …?><?php", put in front of all else.
  if (!code.starts_with(kOpen)) return std::nullopt;
  const std::size_t close = code.find(kClose);
  if (close == std::string_view::npos) return std::nullopt;
  const std::string_view rest = code.substr(close + kClose.size());
  if (!is_whole(code.substr(kOpen.size(), close - kOpen.size()))) return std::nullopt;
  if (rest.empty()) return "<?php //abate ?>";  // an empty line would be sent to the visitor
  return rest.starts_with("<?") ? std::optional{std::string{rest}} : std::nullopt;
}

// The line, and for a rewrite rule the conditions before it: left alone they would hold for the next rule.
std::set<std::uint32_t> lines_of_directive(const std::vector<std::string_view>& lines, std::uint32_t line) {
  std::set<std::uint32_t> numbers{line};
  if (!starts_with_ignoring_case(trim(lines[line - 1]), "RewriteRule")) return numbers;
  for (std::uint32_t at = line - 1; at >= 1; --at) {
    const std::string_view before = trim(lines[at - 1]);
    if (before.empty() || before.starts_with('#')) continue;
    if (!starts_with_ignoring_case(before, "RewriteCond")) break;
    numbers.insert(at);
  }
  return numbers;
}

}  // namespace

bool is_web_configuration(std::string_view path) {
  const std::string_view name = sweep::file_name(path);
  return name == ".htaccess" || name == ".user.ini" || name == "php.ini";
}

bool is_of_application(const sweep::Host& host, std::string_view path) {
  const sweep::Site* site = host.site_of(path);
  if (site == nullptr || site->application.empty()) return false;
  const std::string_view name = sweep::file_name(path);
  const std::string folder = std::string{path.substr(0, path.size() - name.size())};
  constexpr std::string_view kAtTop[] = {"wp-config.php", "wp-load.php",       "wp-settings.php", "wp-blog-header.php",
                                         "index.php",     "configuration.php", "wp-login.php",    "wp-cron.php"};
  if (folder == site->docroot + "/") return std::ranges::find(kAtTop, name) != std::end(kAtTop);
  constexpr std::string_view kOfThemes[] = {"functions.php", "header.php", "footer.php", "index.php"};
  const std::size_t theme = path.find("/wp-content/themes/");
  if (theme != std::string_view::npos) return std::ranges::find(kOfThemes, name) != std::end(kOfThemes);
  return name == "settings.php" && path.find("/sites/") != std::string_view::npos;
}

Result<Change> without_injected(const sweep::Host& host, const Subject& subject) {
  TRY_ASSIGN(const std::string path, sweep::resolve(*host.tree, subject.path));
  TRY_ASSIGN(const std::string text, sweep::read_whole(*host.tree, path, kEditedBytesMax));
  const std::vector<std::string_view> lines = split(text, '\n');
  const std::uint32_t line = subject.line;
  if (line == 0 || line > lines.size())
    return failure(Fault::stale, "{}: has no line {} any more", shown_name(path), line);
  const std::string says = fmt::format("{}:{}: \"{}\" is taken out", path, line, shorten(trim(lines[line - 1]), 120));
  if (is_web_configuration(path)) {
    // INI knows no # any more; a comment of theirs would be read as a name.
    const bool is_ini = sweep::file_name(path) != ".htaccess";
    const std::set<std::uint32_t> theirs = lines_of_directive(lines, line);
    return write_change(path,
                        map_lines(text,
                                  [&](std::string_view one, std::uint32_t number) {
                                    if (!theirs.contains(number)) return std::string{one};
                                    return is_ini ? ";abate: " + std::string{one} : as_comment(one);
                                  }),
                        says);
  }
  const std::optional<std::string> cleaned = cleaned_php(lines[line - 1]);
  if (!cleaned) return failure(Fault::not_found, "{}: line {} cannot be taken out by itself", shown_name(path), line);
  return write_change(
      path,
      map_lines(text, [&](std::string_view one,
                          std::uint32_t number) { return number == line ? *cleaned : std::string{one}; }),
      says);
}

}  // namespace abate::remedy
