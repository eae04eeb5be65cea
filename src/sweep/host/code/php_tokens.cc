// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "sweep/host/code/php.h"

namespace abate::sweep {
namespace {

bool starts_name(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool in_name(char c) { return starts_name(c) || std::isdigit(static_cast<unsigned char>(c)) != 0; }

class Scanner {
 public:
  explicit Scanner(std::string_view bytes) : bytes_{bytes} {}

  std::vector<PhpToken> all() {
    while (at_ < bytes_.size() && tokens_.size() < kPhpTokensMax) {
      html();
      while (at_ < bytes_.size() && tokens_.size() < kPhpTokensMax && !closed_) code();
      closed_ = false;
    }
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] bool here(std::string_view text) const { return bytes_.substr(at_, text.size()) == text; }

  void skip(std::size_t end) {
    end = std::min(end, bytes_.size());
    line_ += static_cast<std::uint32_t>(std::ranges::count(bytes_.substr(at_, end - at_), '\n'));
    at_ = end;
  }

  void add(PhpToken::Kind kind, std::size_t begin, std::size_t end) {
    tokens_.push_back({kind, bytes_.substr(begin, end - begin), line_});
  }

  // To the next opening tag. "<?xml" is none.
  void html() {
    const std::size_t begin = at_;
    std::size_t open = at_;
    std::size_t tag = 0;
    for (;; ++open) {
      open = bytes_.find("<?", open);
      if (open == std::string_view::npos) {
        open = bytes_.size();
        break;
      }
      const std::string_view rest = bytes_.substr(open + 2, 4);
      if (starts_with_ignoring_case(rest, "php"))
        tag = 5;
      else if (rest.starts_with('='))
        tag = 3;
      else if (!rest.empty() && (std::isspace(static_cast<unsigned char>(rest[0])) != 0))
        tag = 2;
      else
        continue;
      break;
    }
    if (open > begin) add(PhpToken::Kind::html, begin, open);
    skip(open + tag);
  }

  void code() {
    const char c = bytes_[at_];
    if (here("?>")) {
      add(PhpToken::Kind::sign, at_, at_ + 2);
      skip(at_ + 2);
      closed_ = true;
    } else if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      skip(at_ + 1);
    } else if (c == '#' && !here("#[")) {
      line_comment();
    } else if (here("//")) {
      line_comment();
    } else if (here("/*")) {
      const std::size_t end = bytes_.find("*/", at_ + 2);
      skip(end == std::string_view::npos ? bytes_.size() : end + 2);
    } else if (c == '\'' || c == '"' || c == '`') {
      quoted(c);
    } else if (here("<<<")) {
      heredoc();
    } else if (c == '$' && at_ + 1 < bytes_.size() && starts_name(bytes_[at_ + 1])) {
      word(PhpToken::Kind::variable, 1);
    } else if (starts_name(c) || (c == '\\' && at_ + 1 < bytes_.size() && starts_name(bytes_[at_ + 1]))) {
      word(PhpToken::Kind::name, c == '\\' ? 1 : 0);
    } else if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      std::size_t end = at_;
      while (end < bytes_.size() && (in_name(bytes_[end]) || bytes_[end] == '.')) ++end;
      add(PhpToken::Kind::number, at_, end);
      skip(end);
    } else {
      std::size_t length = 1;
      for (const std::string_view sign : {"->", "::", "=>", "==", "!=", "<=", ">=", "&&", "||", ".=", "??"})
        if (here(sign)) length = 2;
      add(PhpToken::Kind::sign, at_, at_ + length);
      skip(at_ + length);
    }
  }

  void line_comment() {
    // A closing tag ends it too.
    const std::size_t end = std::min(bytes_.find('\n', at_), bytes_.size());
    const std::size_t tag = std::min(bytes_.substr(at_, end - at_).find("?>"), end - at_);
    skip(at_ + std::max<std::size_t>(tag, 1));
  }

  void quoted(char quote) {
    std::size_t end = at_ + 1;
    while (end < bytes_.size() && bytes_[end] != quote) end += bytes_[end] == '\\' ? 2U : 1U;
    end = std::min(end, bytes_.size());
    add(quote == '`' ? PhpToken::Kind::shell : PhpToken::Kind::text, at_ + 1, end);
    skip(end + 1);
  }

  void heredoc() {
    std::size_t at = at_ + 3;
    while (at < bytes_.size() && (bytes_[at] == ' ' || bytes_[at] == '\'' || bytes_[at] == '"')) ++at;
    std::size_t end = at;
    while (end < bytes_.size() && in_name(bytes_[end])) ++end;
    const std::string_view label = bytes_.substr(at, end - at);
    const std::size_t body = bytes_.find('\n', end);
    if (label.empty() || body == std::string_view::npos) {
      add(PhpToken::Kind::sign, at_, at_ + 3);
      return skip(at_ + 3);
    }
    // The label closes on a line of its own, since PHP 7.3 perhaps indented.
    for (std::size_t line = body + 1; line < bytes_.size();) {
      const std::size_t text = bytes_.find_first_not_of(" \t", line);
      if (text != std::string_view::npos && bytes_.substr(text, label.size()) == label &&
          (text + label.size() >= bytes_.size() || !in_name(bytes_[text + label.size()]))) {
        add(PhpToken::Kind::text, body + 1, line);
        return skip(text + label.size());
      }
      line = bytes_.find('\n', line);
      if (line == std::string_view::npos) break;
      ++line;
    }
    add(PhpToken::Kind::text, body + 1, bytes_.size());
    skip(bytes_.size());
  }

  void word(PhpToken::Kind kind, std::size_t from) {
    std::size_t end = at_ + from;
    while (end < bytes_.size() && (in_name(bytes_[end]) || (kind == PhpToken::Kind::name && bytes_[end] == '\\')))
      ++end;
    add(kind, kind == PhpToken::Kind::name ? at_ + from : at_, end);
    skip(end);
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  bool closed_ = false;
  std::vector<PhpToken> tokens_;
};

}  // namespace

bool holds_php(std::string_view bytes) {
  for (std::size_t at = bytes.find("<?"); at != std::string_view::npos; at = bytes.find("<?", at + 2)) {
    const std::string_view rest = bytes.substr(at + 2, 4);
    if (starts_with_ignoring_case(rest, "php") || rest.starts_with('=')) return true;
  }
  return false;
}

std::vector<PhpToken> php_tokens(std::string_view bytes) { return Scanner{bytes}.all(); }

}  // namespace abate::sweep
