// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/rules/pattern.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.h"

namespace abate::sweep {
namespace {

using std::literals::operator""sv;

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

// Bytes of web files and scripts, the most frequent first (counted over 50 MB of them). What is not here is rare; zeros
// are everywhere in programs.
constexpr std::string_view kFrequent =
    "\0 etasrinol\ncdphf>mu\"<,.bg'/=_0-y1():v2xwk#36\t48;5$79{}j\\[]q*z&`|+!@?%~^"sv;

// Words of code: more frequent than their letters.
constexpr std::string_view kFrequentWords =
    "admin array class content default document evaluate evaluation exec execute file function handler include index "
    "length message object open option password post process public query replace request require return script "
    "session string system undefined user value window"sv;

// In ninths of a bit, about: twice as rare is nine more.
std::size_t rarity(char c) {
  constexpr std::size_t kOfFirst = 36;
  const std::size_t rank = kFrequent.find(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  return kOfFirst + (rank == std::string_view::npos ? kFrequent.size() : rank);
}

std::size_t rarity(std::string_view bytes) {
  std::size_t sum = 0;
  for (const char c : bytes) sum += rarity(c);
  return sum;
}

struct Literal {
  std::string_view bytes;
  std::size_t rarity = 0;
};

// Of a run of bytes those up to the end of the rarest four: Vectorscan looks for a literal's last bytes first. A run
// that is too short tells nothing.
Literal rarest(std::string_view run) {
  if (run.size() < kLiteralBytesMin) return {};
  const std::size_t window = std::min<std::size_t>(run.size(), 4);
  std::size_t best = 0, end = 0;
  for (std::size_t at = window; at <= run.size(); ++at) {
    const std::size_t sum = rarity(run.substr(at - window, window));
    if (sum > best) best = sum, end = at;
  }
  const std::size_t length = std::min(end, kLiteralBytesMax);
  const std::string_view bytes = run.substr(end - length, length);
  return {bytes, rarity(bytes) / (kFrequentWords.contains(to_lower(bytes)) ? 2 : 1)};
}

struct Part {
  std::string text;
  unsigned score = 0;
  std::size_t width = 1;               // as Pattern::width
  std::optional<std::string> exact{};  // it matches these bytes and no others
  std::string literal{};               // the rarest that stands in every match

  void offer(std::string_view run) {
    if (const Literal one = rarest(run); one.rarity > rarest(literal).rarity) literal = one.bytes;
  }
};

std::size_t times(std::size_t width, std::optional<unsigned> count) {
  if (width == 0 || count == 0U) return 0;
  return !count || width > kUnbounded / *count ? kUnbounded : width * *count;
}

Part exactly(unsigned char c) {
  const char one = static_cast<char>(c);
  return {byte(c), 1, is_blank(one) ? 0U : 1U, std::string(1, one), {}};
}
Part nothing() { return {"(?:)", 0, 0, "", {}}; }  // wider than what has no width

// One part after the other.
class InRow {
 public:
  void add(const Part& part) {
    all_.text += part.text;
    all_.score += part.score;
    all_.width = part.width > kUnbounded - all_.width ? kUnbounded : all_.width + part.width;
    if (part.exact) {
      run_ += *part.exact;
      return;
    }
    end_run();
    all_.offer(part.literal);
  }
  Part whole() {
    if (!broken_) all_.exact = run_;
    all_.offer(run_);
    return std::move(all_);
  }

 private:
  void end_run() {
    broken_ = true;
    all_.offer(run_);
    run_.clear();
  }
  Part all_{.text = {}, .width = 0};
  std::string run_;
  bool broken_ = false;
};

// Either this or that.
void add_side(Part& all, Part side, bool first) {
  if (first) {
    all = std::move(side);
    return;
  }
  all.text += "|" + side.text;
  all.score = std::min(all.score, side.score);
  all.width = std::max(all.width, side.width);
  all.exact.reset();
  all.literal.clear();
}

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
      add_side(all, std::move(*side), first);
      if (!more() || body_[at_] != '|') return all;
      ++at_;
    }
  }

  std::optional<Part> sequence(int depth) {
    InRow row;
    while (more() && body_[at_] != '|' && body_[at_] != ')') {
      std::optional<Part> one = single(depth);
      if (!one) return std::nullopt;
      if (!quantify(*one)) return std::nullopt;
      row.add(*one);
    }
    return row.whole();
  }

  std::optional<Part> single(int depth) {
    const char c = body_[at_++];
    switch (c) {
      case '.': return Part{".", 0};
      case '^':
      case '$': return nothing();
      case '(': {
        if (more() && body_[at_] == '?') return std::nullopt;
        std::optional<Part> inner = either(depth + 1);
        if (!inner || !more() || body_[at_] != ')') return std::nullopt;
        ++at_;
        inner->text = "(?:" + inner->text + ")";
        return inner;
      }
      case '[': return set();
      case '*':
      case '+':
      case '?': return std::nullopt;
      case '\\': return escape();
      default: return exactly(static_cast<unsigned char>(c));
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
      case 's': return Part{fmt::format("[{}]", kBlank), 0, 0};
      case 'S': return Part{fmt::format("[^{}]", kBlank), 0};
      case 'd': return Part{fmt::format("[{}]", kDigit), 0};
      case 'D': return Part{fmt::format("[^{}]", kDigit), 0};
      case 'w': return Part{fmt::format("[{}]", kWordly), 0};
      case 'W': return Part{fmt::format("[^{}]", kWordly), 0};
      case 'b':
      case 'B': return nothing();
      default: {
        const std::optional<unsigned char> value = escaped_byte(c);
        if (!value) return std::nullopt;
        return exactly(*value);
      }
    }
  }

  std::optional<Part> set() {
    std::string text = "[";
    bool blank = true;  // and nothing else
    if (more() && body_[at_] == '^') {
      text += '^';
      ++at_;
      blank = false;
    }
    if (!more() || body_[at_] == ']') return std::nullopt;
    while (more() && body_[at_] != ']') {
      if (body_[at_] == '\\' && at_ + 1 < body_.size() && std::string_view{"sdw"}.contains(body_[at_ + 1])) {
        text += body_[at_ + 1] == 's' ? kBlank : body_[at_ + 1] == 'd' ? kDigit : kWordly;
        blank = blank && body_[at_ + 1] == 's';
        at_ += 2;
        if (more() && body_[at_] == '-' && at_ + 1 < body_.size() && body_[at_ + 1] != ']') return std::nullopt;
        continue;
      }
      const std::optional<unsigned char> low = member();
      if (!low) return std::nullopt;
      text += byte(*low);
      blank = blank && is_blank(static_cast<char>(*low));
      if (at_ + 1 < body_.size() && body_[at_] == '-' && body_[at_ + 1] != ']') {
        ++at_;
        const std::optional<unsigned char> high = member();
        if (!high || *high < *low) return std::nullopt;
        text += "-" + byte(*high);
        blank = false;
      }
    }
    if (!more()) return std::nullopt;
    ++at_;
    return Part{text + "]", 0, blank ? 0U : 1U};
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
    if (part.exact && part.exact->empty()) return true;
    part.text = "(?:" + part.text + ")" + repeat(low, high);
    part.width = times(part.width, high);
    part.score *= std::min(low, 16U);
    if (part.exact) part.offer(*std::exchange(part.exact, {}));
    if (low == 0) part.literal.clear();
    return true;
  }

  std::string_view body_;
  std::size_t at_ = 0;
};

std::optional<Part> hex_byte(char high, char low) {
  const auto h = digit_of(high), l = digit_of(low);
  if (h && l) return exactly(static_cast<unsigned char>(*h * 16 + *l));
  if (high == '?' && low == '?') return Part{"."};
  if (h && low == '?')
    return Part{fmt::format("[{}-{}]", byte(static_cast<unsigned char>(*h * 16)),
                            byte(static_cast<unsigned char>(*h * 16 + 15)))};
  if (high != '?' || !l) return std::nullopt;
  std::string set = "[";
  for (unsigned first = 0; first < 16; ++first) set += byte(static_cast<unsigned char>(first * 16 + *l));
  return Part{set + "]"};
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
      add_side(all, std::move(*side), first);
      if (at_ >= body_.size() || body_[at_] != '|') return all;
      ++at_;
    }
  }

  std::optional<Part> sequence(int depth) {
    InRow row;
    while (at_ < body_.size() && body_[at_] != '|' && body_[at_] != ')') {
      if (body_[at_] == '(') {
        ++at_;
        std::optional<Part> inner = either(depth + 1);
        if (!inner || at_ >= body_.size() || body_[at_] != ')') return std::nullopt;
        ++at_;
        inner->text = "(?:" + inner->text + ")";
        row.add(*inner);
      } else if (body_[at_] == '[') {
        const std::size_t end = body_.find(']', at_);
        if (end == std::string_view::npos) return std::nullopt;
        const std::optional<Part> jumped = jump(body_.substr(at_ + 1, end - at_ - 1));
        if (!jumped) return std::nullopt;
        row.add(*jumped);
        at_ = end + 1;
      } else {
        const std::optional<Part> one = at_ + 1 < body_.size() ? hex_byte(body_[at_], body_[at_ + 1]) : std::nullopt;
        if (!one) return std::nullopt;
        row.add(*one);
        at_ += 2;
      }
    }
    return row.whole();
  }

  // "4", "4-6", "4-", "-"
  static std::optional<Part> jump(std::string_view text) {
    std::string bounds{text};
    std::ranges::replace(bounds, '-', ',');
    if (bounds == ",") return Part{".*", 0, kUnbounded};
    const auto parsed = repeat_bounds(bounds);
    if (!parsed) return std::nullopt;
    return Part{"." + repeat(parsed->first, parsed->second), 0, times(1, parsed->second)};
  }

  std::string_view body_;
  std::size_t at_ = 0;
};

std::string literal_of(std::string_view run, bool ignores_case) {
  const std::string_view literal = rarest(run).bytes;
  return ignores_case ? to_lower(literal) : std::string{literal};
}

std::optional<Pattern> finished(std::optional<Part> part, bool ignores_case) {
  if (!part || part->score == 0 || part->text.size() > kPatternBytesMax) return std::nullopt;
  return Pattern{std::move(part->text), ignores_case, part->score, literal_of(part->literal, ignores_case),
                 part->width};
}

}  // namespace

std::string expression_of(std::string_view literal) {
  std::string text;
  for (const char c : literal) text += byte(static_cast<unsigned char>(c));
  return text;
}

std::optional<Pattern> regex_pattern(std::string_view body, bool ignores_case) {
  return finished(RegexReader{body}.whole(), ignores_case);
}

std::optional<Pattern> hex_pattern(std::string_view body) { return finished(HexReader{body}.whole(), false); }

Pattern text_pattern(std::string_view bytes, bool ignores_case, bool wide) {
  constexpr std::size_t kEnough = 64;  // a longer literal tells nothing more
  std::string run;
  for (const char c : bytes.substr(0, kEnough)) {
    run += c;
    if (wide) run += '\0';
  }
  return {expression_of(run), ignores_case, static_cast<unsigned>(run.size()), literal_of(run, ignores_case),
          run.size()};
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
