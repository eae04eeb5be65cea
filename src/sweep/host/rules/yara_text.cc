// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/rules/yara_text.h"

#include <algorithm>
#include <optional>

namespace abate::sweep {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_'; }

std::optional<int> hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_{text} {}

  Result<YaraSource> source() {
    YaraSource source;
    for (blanks(); at_ < text_.size(); blanks()) {
      const std::size_t begin = at_;
      const std::string_view first = word();
      if (first == "import" || first == "include") {
        blanks();
        if (!quoted(nullptr)) return fail("a file or module name is missing");
        if (first == "include") source.includes = true;
        if (first == "import") source.imports.push_back(text_.substr(begin, at_ - begin));
        continue;
      }
      TRY_ASSIGN(YaraRule one, rule(begin, first));
      source.rules.push_back(std::move(one));
    }
    return source;
  }

 private:
  [[nodiscard]] std::unexpected<Error> fail(std::string_view what) const {
    return failure(Fault::malformed, "line {}: {}", 1 + std::ranges::count(text_.substr(0, at_), '\n'), what);
  }
  [[nodiscard]] char now() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  [[nodiscard]] bool ahead(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  bool take(char c) {
    blanks();
    if (now() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }

  void blanks() {
    while (at_ < text_.size()) {
      if (now() == ' ' || now() == '\t' || now() == '\n' || now() == '\r')
        ++at_;
      else if (ahead("//"))
        at_ = std::min(text_.find('\n', at_), text_.size());
      else if (ahead("/*"))
        at_ = std::min(text_.find("*/", at_ + 2), text_.size() - 2) + 2;
      else
        return;
    }
  }

  std::string_view word() {
    const std::size_t begin = at_;
    while (is_word(now())) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  // "…": its bytes into `value` where asked.
  bool quoted(std::string* value) {
    if (now() != '"') return false;
    for (++at_; at_ < text_.size() && now() != '"' && now() != '\n'; ++at_) {
      char c = now();
      if (c == '\\') {
        ++at_;
        c = now();
        if (c == 't') c = '\t';
        if (c == 'n') c = '\n';
        if (c == 'r') c = '\r';
        if (c == 'x') {
          const auto high = hex_digit(at_ + 1 < text_.size() ? text_[at_ + 1] : ' ');
          const auto low = hex_digit(at_ + 2 < text_.size() ? text_[at_ + 2] : ' ');
          if (!high || !low) return false;
          c = static_cast<char>(*high * 16 + *low);
          at_ += 2;
        }
      }
      if (value != nullptr) value->push_back(c);
    }
    if (now() != '"' || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }

  // /…/is with the slashes; a slash in it is escaped.
  bool regex(std::string_view& body, std::string_view& flags) {
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && now() != '/' && now() != '\n') at_ += now() == '\\' ? 2U : 1U;
    if (at_ >= text_.size() || now() != '/') return false;
    body = text_.substr(begin, at_ - begin);
    ++at_;
    flags = word();
    return true;
  }

  Result<YaraRule> rule(std::size_t begin, std::string_view first) {
    YaraRule rule;
    while (first == "private" || first == "global") {
      rule.global |= first == "global";
      blanks();
      first = word();
    }
    if (first != "rule") return fail("a rule is expected");
    blanks();
    rule.name = word();
    if (rule.name.empty()) return fail("a rule has no name");
    if (take(':'))
      for (blanks(); is_word(now()); blanks()) word();
    if (!take('{')) return fail("{ is expected");
    TRY(body(rule));
    rule.source = text_.substr(begin, at_ - begin);
    return rule;
  }

  Result<void> body(YaraRule& rule) {
    for (;;) {
      blanks();
      if (at_ >= text_.size()) return fail("a rule does not end");
      if (now() == '"') {
        if (!quoted(nullptr)) return fail("a string does not end");
        continue;
      }
      const std::string_view name = word();
      if (name.empty()) {
        ++at_;  // = - and the like of the meta section
        continue;
      }
      if (name == "strings" && take(':')) {
        TRY(strings(rule));
      } else if (name == "condition" && take(':')) {
        return condition(rule);
      }
    }
  }

  Result<void> strings(YaraRule& rule) {
    for (blanks(); now() == '$'; blanks()) {
      YaraString string;
      ++at_;
      string.name = fmt::format("${}", word());
      if (!take('=')) return fail("= is expected");
      blanks();
      if (now() == '"') {
        if (!quoted(&string.value)) return fail("a string does not end");
      } else if (now() == '/') {
        std::string_view value, flags;
        if (!regex(value, flags)) return fail("a regular expression does not end");
        string.kind = YaraString::Kind::regex;
        string.value = value;
        string.regex_flags = flags;
      } else if (now() == '{') {
        string.kind = YaraString::Kind::hex;
        const std::size_t open = ++at_;
        for (blanks(); at_ < text_.size() && now() != '}'; blanks()) string.value += text_[at_++];
        if (at_ >= text_.size()) return fail(fmt::format("a hex string does not end, at {}", open));
        ++at_;
      } else {
        return fail("a string has no value");
      }
      for (;;) {
        blanks();
        const std::size_t before = at_;
        const std::string_view modifier = word();
        if (modifier.empty()) break;
        if (modifier == "condition") {
          at_ = before;
          break;
        }
        string.modifiers.emplace_back(modifier);
        if (take('('))
          while (at_ < text_.size() && now() != ')') {
            if (now() != '"')
              ++at_;
            else if (!quoted(nullptr))
              return fail("a string does not end");
          }
        if (string.modifiers.back() != modifier) return fail("a modifier is expected");
        if (at_ > 0 && now() == ')') ++at_;
      }
      rule.strings.push_back(std::move(string));
    }
    return {};
  }

  Result<void> condition(YaraRule& rule) {
    using Kind = YaraToken::Kind;
    for (;;) {
      blanks();
      if (at_ >= text_.size()) return fail("a condition does not end");
      const std::size_t begin = at_;
      const char c = now();
      Kind kind = Kind::sign;
      if (c == '}') {
        ++at_;
        return {};
      }
      if (c == '"') {
        kind = Kind::text;
        if (!quoted(nullptr)) return fail("a string does not end");
      } else if (c == '/') {
        std::string_view value, flags;
        kind = Kind::regex;
        if (!regex(value, flags)) return fail("a regular expression does not end");
      } else if (c == '$' || c == '#' || c == '@' || (c == '!' && !ahead("!="))) {
        kind = c == '$' ? Kind::string : c == '#' ? Kind::count : c == '@' ? Kind::offset : Kind::length;
        ++at_;
        word();
        if (c == '$' && now() == '*') ++at_;
      } else if (is_digit(c)) {
        kind = Kind::number;
        word();
        if (now() == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) {
          ++at_;
          word();
        }
      } else if (is_word(c)) {
        kind = Kind::word;
        word();
      } else {
        constexpr std::string_view kDouble[] = {"==", "!=", "<=", ">=", "<<", ">>", ".."};
        const bool two = std::ranges::any_of(kDouble, [&](std::string_view one) { return ahead(one); });
        at_ += two ? 2U : 1U;
      }
      rule.condition.push_back({kind, text_.substr(begin, at_ - begin)});
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool YaraString::has(std::string_view modifier) const {
  return std::ranges::find(modifiers, modifier) != modifiers.end();
}

Result<YaraSource> parse_yara(std::string_view text) { return Reader{text}.source(); }

}  // namespace abate::sweep
