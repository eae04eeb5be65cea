// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/rules/pattern.h"

#include <algorithm>
#include <charconv>

namespace abate::sweep {
namespace {

constexpr int kGroupDepthMax = 40;
constexpr std::string_view kBlank = "\\x09-\\x0d\\x20";
constexpr std::string_view kDigit = "0-9";
constexpr std::string_view kWordly = "0-9A-Za-z_";

std::optional<unsigned> digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

std::string byte(unsigned char c) { return fmt::format("\\x{:02x}", c); }

struct Part {
  std::string text;
  unsigned score = 0;
};

// "2", "2,", "2,5" or ",5" between the braces.
std::optional<std::pair<unsigned, std::optional<unsigned>>> repeat_bounds(std::string_view text) {
  const auto number = [](std::string_view digits) -> std::optional<unsigned> {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
  };
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) {
    const auto both = number(text);
    if (!both) return std::nullopt;
    return std::pair{*both, both};
  }
  unsigned low = 0;
  if (comma > 0) {
    const auto value = number(text.substr(0, comma));
    if (!value) return std::nullopt;
    low = *value;
  }
  if (comma + 1 == text.size()) return std::pair{low, std::optional<unsigned>{}};
  const auto high = number(text.substr(comma + 1));
  if (!high) return std::nullopt;
  return std::pair{low, high};
}

std::string repeat(unsigned low, std::optional<unsigned> high) {
  if (low > kRepeatMax || (high && *high > kRepeatMax)) high.reset();
  low = std::min(low, kRepeatMax);
  if (high) return fmt::format("{{{},{}}}", low, *high);
  return low == 0 ? "*" : low == 1 ? "+" : fmt::format("{{{},}}", low);
}

class RegexReader {
 public:
  explicit RegexReader(std::string_view body) : body_{body} {}

  std::optional<Part> whole() {
    std::optional<Part> part = either(0);
    if (!part || at_ != body_.size()) return std::nullopt;
    return part;
  }

 private:
  [[nodiscard]] bool more() const { return at_ < body_.size(); }

  std::optional<Part> either(int depth) {
    if (depth > kGroupDepthMax) return std::nullopt;
    Part all;
    for (bool first = true;; first = false) {
      std::optional<Part> side = sequence(depth);
      if (!side) return std::nullopt;
      all.text += (first ? "" : "|") + side->text;
      all.score = first ? side->score : std::min(all.score, side->score);
      if (!more() || body_[at_] != '|') return all;
      ++at_;
    }
  }

  std::optional<Part> sequence(int depth) {
    Part all;
    while (more() && body_[at_] != '|' && body_[at_] != ')') {
      std::optional<Part> one = single(depth);
      if (!one) return std::nullopt;
      if (!quantify(*one)) return std::nullopt;
      all.text += one->text;
      all.score += one->score;
    }
    return all;
  }

  std::optional<Part> single(int depth) {
    const char c = body_[at_++];
    switch (c) {
      case '.': return Part{".", 0};
      case '^':
      case '$': return Part{"(?:)", 0};  // wider than the anchor
      case '(': {
        if (more() && body_[at_] == '?') return std::nullopt;
        std::optional<Part> inner = either(depth + 1);
        if (!inner || !more() || body_[at_] != ')') return std::nullopt;
        ++at_;
        return Part{"(?:" + inner->text + ")", inner->score};
      }
      case '[': return set();
      case '*':
      case '+':
      case '?': return std::nullopt;
      case '\\': return escape();
      default: return Part{byte(static_cast<unsigned char>(c)), 1};
    }
  }

  std::optional<unsigned char> escaped_byte(char c) {
    switch (c) {
      case 'n': return '\n';
      case 't': return '\t';
      case 'r': return '\r';
      case 'f': return '\f';
      case 'a': return '\a';
      case 'x': {
        const auto high = at_ < body_.size() ? digit_of(body_[at_]) : std::nullopt;
        const auto low = at_ + 1 < body_.size() ? digit_of(body_[at_ + 1]) : std::nullopt;
        if (!high || !low) return std::nullopt;
        at_ += 2;
        return static_cast<unsigned char>(*high * 16 + *low);
      }
      default: return static_cast<unsigned char>(c);
    }
  }

  std::optional<Part> escape() {
    if (!more()) return std::nullopt;
    const char c = body_[at_++];
    switch (c) {
      case 's': return Part{fmt::format("[{}]", kBlank), 0};
      case 'S': return Part{fmt::format("[^{}]", kBlank), 0};
      case 'd': return Part{fmt::format("[{}]", kDigit), 0};
      case 'D': return Part{fmt::format("[^{}]", kDigit), 0};
      case 'w': return Part{fmt::format("[{}]", kWordly), 0};
      case 'W': return Part{fmt::format("[^{}]", kWordly), 0};
      case 'b':
      case 'B': return Part{"(?:)", 0};
      default: {
        const std::optional<unsigned char> value = escaped_byte(c);
        if (!value) return std::nullopt;
        return Part{byte(*value), 1};
      }
    }
  }

  std::optional<Part> set() {
    std::string text = "[";
    if (more() && body_[at_] == '^') {
      text += '^';
      ++at_;
    }
    if (!more() || body_[at_] == ']') return std::nullopt;
    while (more() && body_[at_] != ']') {
      if (body_[at_] == '\\' && at_ + 1 < body_.size() && std::string_view{"sdw"}.contains(body_[at_ + 1])) {
        text += body_[at_ + 1] == 's' ? kBlank : body_[at_ + 1] == 'd' ? kDigit : kWordly;
        at_ += 2;
        if (more() && body_[at_] == '-' && at_ + 1 < body_.size() && body_[at_ + 1] != ']') return std::nullopt;
        continue;
      }
      const std::optional<unsigned char> low = member();
      if (!low) return std::nullopt;
      text += byte(*low);
      if (at_ + 1 < body_.size() && body_[at_] == '-' && body_[at_ + 1] != ']') {
        ++at_;
        const std::optional<unsigned char> high = member();
        if (!high || *high < *low) return std::nullopt;
        text += "-" + byte(*high);
      }
    }
    if (!more()) return std::nullopt;
    ++at_;
    return Part{text + "]", 0};
  }

  std::optional<unsigned char> member() {
    if (!more()) return std::nullopt;
    const char c = body_[at_++];
    if (c != '\\') return static_cast<unsigned char>(c);
    if (!more() || std::string_view{"SDWsdwbB"}.contains(body_[at_])) return std::nullopt;
    return escaped_byte(body_[at_++]);
  }

  bool quantify(Part& part) {
    if (!more()) return true;
    unsigned low = 0;
    std::optional<unsigned> high;
    const char c = body_[at_];
    if (c == '{') {
      const std::size_t end = body_.find('}', at_);
      const auto bounds =
          end == std::string_view::npos ? std::nullopt : repeat_bounds(body_.substr(at_ + 1, end - at_ - 1));
      if (!bounds) return false;  // a brace as itself, or worse
      low = bounds->first;
      high = bounds->second;
      at_ = end;
    } else if (c == '+') {
      low = 1;
    } else if (c == '?') {
      high = 1;
    } else if (c != '*') {
      return true;
    }
    ++at_;
    if (more() && body_[at_] == '?') ++at_;  // lazy or not: the same is found
    if (more() && std::string_view{"*+?{"}.contains(body_[at_])) return false;
    part.text = part.text == "(?:)" ? part.text : "(?:" + part.text + ")" + repeat(low, high);
    part.score *= std::min(low, 16U);
    return true;
  }

  std::string_view body_;
  std::size_t at_ = 0;
};

std::optional<std::string> hex_byte(char high, char low) {
  const auto h = digit_of(high), l = digit_of(low);
  if (h && l) return byte(static_cast<unsigned char>(*h * 16 + *l));
  if (high == '?' && low == '?') return ".";
  if (h && low == '?')
    return fmt::format("[{}-{}]", byte(static_cast<unsigned char>(*h * 16)),
                       byte(static_cast<unsigned char>(*h * 16 + 15)));
  if (high != '?' || !l) return std::nullopt;
  std::string set = "[";
  for (unsigned first = 0; first < 16; ++first) set += byte(static_cast<unsigned char>(first * 16 + *l));
  return set + "]";
}

class HexReader {
 public:
  explicit HexReader(std::string_view body) : body_{body} {}

  std::optional<Part> whole() {
    std::optional<Part> part = either(0);
    if (!part || at_ != body_.size()) return std::nullopt;
    return part;
  }

 private:
  std::optional<Part> either(int depth) {
    if (depth > kGroupDepthMax) return std::nullopt;
    Part all;
    for (bool first = true;; first = false) {
      std::optional<Part> side = sequence(depth);
      if (!side) return std::nullopt;
      all.text += (first ? "" : "|") + side->text;
      all.score = first ? side->score : std::min(all.score, side->score);
      if (at_ >= body_.size() || body_[at_] != '|') return all;
      ++at_;
    }
  }

  std::optional<Part> sequence(int depth) {
    Part all;
    while (at_ < body_.size() && body_[at_] != '|' && body_[at_] != ')') {
      if (body_[at_] == '(') {
        ++at_;
        std::optional<Part> inner = either(depth + 1);
        if (!inner || at_ >= body_.size() || body_[at_] != ')') return std::nullopt;
        ++at_;
        all.text += "(?:" + inner->text + ")";
        all.score += inner->score;
      } else if (body_[at_] == '[') {
        const std::size_t end = body_.find(']', at_);
        if (end == std::string_view::npos) return std::nullopt;
        const std::optional<std::string> jumped = jump(body_.substr(at_ + 1, end - at_ - 1));
        if (!jumped) return std::nullopt;
        all.text += *jumped;
        at_ = end + 1;
      } else {
        const std::optional<std::string> one =
            at_ + 1 < body_.size() ? hex_byte(body_[at_], body_[at_ + 1]) : std::nullopt;
        if (!one) return std::nullopt;
        all.text += *one;
        all.score += one->starts_with('\\') ? 1U : 0U;
        at_ += 2;
      }
    }
    return all;
  }

  // "4", "4-6", "4-", "-"
  static std::optional<std::string> jump(std::string_view text) {
    std::string bounds{text};
    std::ranges::replace(bounds, '-', ',');
    if (bounds == ",") return ".*";
    const auto parsed = repeat_bounds(bounds);
    if (!parsed) return std::nullopt;
    return "." + repeat(parsed->first, parsed->second);
  }

  std::string_view body_;
  std::size_t at_ = 0;
};

std::optional<Pattern> finished(std::optional<Part> part, bool ignores_case) {
  if (!part || part->score == 0 || part->text.size() > kPatternBytesMax) return std::nullopt;
  return Pattern{std::move(part->text), ignores_case, part->score};
}

}  // namespace

std::optional<Pattern> regex_pattern(std::string_view body, bool ignores_case) {
  return finished(RegexReader{body}.whole(), ignores_case);
}

std::optional<Pattern> hex_pattern(std::string_view body) { return finished(HexReader{body}.whole(), false); }

Pattern text_pattern(std::string_view bytes, bool ignores_case, bool wide) {
  constexpr std::size_t kEnough = 64;  // a longer literal tells nothing more
  Pattern pattern{{}, ignores_case, static_cast<unsigned>(std::min(bytes.size(), kEnough)) * (wide ? 2U : 1U)};
  for (const char c : bytes.substr(0, kEnough)) {
    pattern.expression += byte(static_cast<unsigned char>(c));
    if (wide) pattern.expression += "\\x00";
  }
  return pattern;
}

std::vector<Pattern> patterns_of(const YaraString& string) {
  for (const std::string_view hard : {"xor", "base64", "base64wide"})
    if (string.has(hard)) return {};
  if (string.value.empty()) return {};
  const bool wide = string.has("wide");
  const bool ignores_case = string.has("nocase") || string.regex_flags.find('i') != std::string::npos;
  std::vector<Pattern> patterns;
  if (string.kind == YaraString::Kind::text) {
    if (wide) patterns.push_back(text_pattern(string.value, ignores_case, true));
    if (!wide || string.has("ascii")) patterns.push_back(text_pattern(string.value, ignores_case, false));
    return patterns;
  }
  if (wide) return {};
  const bool hex = string.kind == YaraString::Kind::hex;
  std::optional<Pattern> one = hex ? hex_pattern(string.value) : regex_pattern(string.value, ignores_case);
  if (one) patterns.push_back(std::move(*one));
  return patterns;
}

}  // namespace abate::sweep
