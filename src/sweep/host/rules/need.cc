// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/rules/need.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>

namespace abate::sweep {
namespace {

using Tokens = std::span<const YaraToken>;
using Kind = YaraToken::Kind;
constexpr std::size_t kCurrent = static_cast<std::size_t>(-1);  // `$` in the body of a `for … of`

bool is(const YaraToken& token, Kind kind, std::string_view text) { return token.kind == kind && token.text == text; }

std::optional<long> plain_number(const YaraToken& token) {
  long value = 0;
  if (token.kind != Kind::number) return std::nullopt;
  const auto [end, error] = std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
  if (error != std::errc{} || end != token.text.data() + token.text.size()) return std::nullopt;
  return value;
}

// Where brackets that open at `open` close, or the end.
std::size_t closing(Tokens tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < tokens.size(); ++at) {
    if (tokens[at].kind != Kind::sign) continue;
    if (tokens[at].text == "(" || tokens[at].text == "[") ++depth;
    if ((tokens[at].text == ")" || tokens[at].text == "]") && --depth == 0) return at;
  }
  return tokens.size();
}

std::vector<Tokens> split_at(Tokens tokens, std::string_view word) {
  std::vector<Tokens> parts;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (is(tokens[at], Kind::sign, "(") || is(tokens[at], Kind::sign, "[")) {
      at = closing(tokens, at);
    } else if (is(tokens[at], Kind::word, word)) {
      parts.push_back(tokens.subspan(begin, at - begin));
      begin = at + 1;
    }
  }
  parts.push_back(tokens.subspan(std::min(begin, tokens.size())));
  return parts;
}

class Analysis {
 public:
  Analysis(const YaraRule& rule, const std::vector<unsigned>& scores) : rule_{rule}, scores_{scores} {}

  std::vector<Clause> of(Tokens tokens, int depth) const {
    if (tokens.empty() || depth > kNeedDepthMax) return {};
    if (const std::vector<Tokens> sides = split_at(tokens, "or"); sides.size() > 1) return either(sides, depth);
    if (const std::vector<Tokens> sides = split_at(tokens, "and"); sides.size() > 1) {
      std::vector<Clause> all;
      for (const Tokens side : sides)
        for (Clause& clause : of(side, depth + 1)) all.push_back(std::move(clause));
      return order(std::move(all));
    }
    if (is(tokens.front(), Kind::sign, "(") && closing(tokens, 0) == tokens.size() - 1)
      return of(tokens.subspan(1, tokens.size() - 2), depth + 1);
    return single(tokens, depth);
  }

  [[nodiscard]] unsigned score(std::size_t string) const { return string == kCurrent ? 1 : scores_[string]; }
  [[nodiscard]] unsigned worth(const Clause& clause) const {
    unsigned least = clause.empty() ? 0U : ~0U;
    for (const std::size_t string : clause) least = std::min(least, score(string));
    return least;
  }

 private:
  [[nodiscard]] std::vector<Clause> order(std::vector<Clause> clauses) const {
    std::erase_if(clauses, [&](const Clause& clause) { return worth(clause) == 0; });
    std::ranges::stable_sort(clauses, [&](const Clause& a, const Clause& b) { return worth(a) > worth(b); });
    if (clauses.size() > kClausesMax) clauses.resize(kClausesMax);
    return clauses;
  }

  [[nodiscard]] std::vector<Clause> either(const std::vector<Tokens>& sides, int depth) const {
    Clause joined;
    for (const Tokens side : sides) {
      const std::vector<Clause> clauses = of(side, depth + 1);
      if (clauses.empty()) return {};
      joined.insert(joined.end(), clauses.front().begin(), clauses.front().end());
    }
    std::ranges::sort(joined);
    joined.erase(std::ranges::unique(joined).begin(), joined.end());
    return order({joined});
  }

  // `$a`: every string of that name (anonymous ones: `$` alone is the current one of a loop).
  [[nodiscard]] Clause named(std::string_view name) const {
    if (name.size() == 1) return {kCurrent};
    Clause found;
    for (std::size_t at = 0; at < rule_.strings.size(); ++at)
      if (std::string_view{rule_.strings[at].name}.substr(1) == name.substr(1)) found.push_back(at);
    return found;
  }

  // `them`, `($a, $b*)`; nullopt for what is not made of strings only.
  [[nodiscard]] std::optional<Clause> set(Tokens tokens) const {
    Clause found;
    if (tokens.size() == 1 && is(tokens[0], Kind::word, "them")) {
      for (std::size_t at = 0; at < rule_.strings.size(); ++at) found.push_back(at);
      return found;
    }
    if (tokens.size() < 3 || !is(tokens.front(), Kind::sign, "(") || closing(tokens, 0) != tokens.size() - 1)
      return std::nullopt;
    for (const YaraToken& token : tokens.subspan(1, tokens.size() - 2)) {
      if (is(token, Kind::sign, ",")) continue;
      if (token.kind != Kind::string) return std::nullopt;
      const bool wild = token.text.ends_with('*');
      const std::string_view stem = token.text.substr(0, token.text.size() - (wild ? 1 : 0));
      for (std::size_t at = 0; at < rule_.strings.size(); ++at)
        if (wild ? rule_.strings[at].name.starts_with(stem) : rule_.strings[at].name == stem) found.push_back(at);
    }
    return found;
  }

  // How many of a set: 0 where it is not known to be one at least. `all` is ~0.
  static unsigned long quantity(const YaraToken& token) {
    if (is(token, Kind::word, "any")) return 1;
    if (is(token, Kind::word, "all")) return ~0UL;
    const std::optional<long> number = plain_number(token);
    return number && *number > 0 ? static_cast<unsigned long>(*number) : 0;
  }

  // N of k: whichever match, one is among any k - N + 1 of them: the most telling ones.
  [[nodiscard]] std::vector<Clause> some(Clause strings, unsigned long count) const {
    const std::size_t listed = strings.size();
    std::ranges::sort(strings);
    strings.erase(std::ranges::unique(strings).begin(), strings.end());
    if (strings.empty()) return {};
    if (strings.size() < listed && count <= listed) count = 1;  // one that is listed twice counts twice
    if (count > strings.size()) {                               // all
      std::vector<Clause> each;
      for (const std::size_t string : strings) each.push_back({string});
      return order(std::move(each));
    }
    std::ranges::stable_sort(strings, [&](std::size_t a, std::size_t b) { return score(a) > score(b); });
    strings.resize(strings.size() - (count - 1));
    return order({strings});
  }

  [[nodiscard]] std::vector<Clause> single(Tokens tokens, int depth) const {
    const YaraToken& first = tokens.front();
    if (first.kind == Kind::string) {
      const bool placed = tokens.size() > 1 && (is(tokens[1], Kind::word, "at") || is(tokens[1], Kind::word, "in"));
      if (tokens.size() > 1 && !placed) return {};
      return order({named(first.text)});
    }
    if (first.kind == Kind::count && tokens.size() == 3 && tokens[1].kind == Kind::sign) {
      const std::optional<long> number = plain_number(tokens[2]);
      const std::string_view sign = tokens[1].text;
      const bool needs = number && ((sign == ">" && *number >= 0) || ((sign == ">=" || sign == "==") && *number >= 1));
      return needs ? order({named(first.text)}) : std::vector<Clause>{};
    }
    if (is(first, Kind::word, "for")) return loop(tokens, depth);
    if (tokens.size() < 3 || !is(tokens[1], Kind::word, "of") || quantity(first) == 0) return {};
    std::size_t end = 3;
    if (is(tokens[2], Kind::sign, "(")) end = closing(tokens, 2) + 1;
    if (end < tokens.size() && !is(tokens[end], Kind::word, "in") && !is(tokens[end], Kind::word, "at")) return {};
    const std::optional<Clause> strings = set(tokens.subspan(2, std::min(end, tokens.size()) - 2));
    return strings ? some(*strings, quantity(first)) : std::vector<Clause>{};
  }

  // for N of SET : ( BODY ) where the body cannot be true without the current string.
  [[nodiscard]] std::vector<Clause> loop(Tokens tokens, int depth) const {
    if (tokens.size() < 7 || !is(tokens[2], Kind::word, "of") || quantity(tokens[1]) == 0) return {};
    const std::size_t end = is(tokens[3], Kind::sign, "(") ? closing(tokens, 3) + 1 : 4;
    if (end + 2 >= tokens.size() || !is(tokens[end], Kind::sign, ":") || !is(tokens[end + 1], Kind::sign, "(") ||
        closing(tokens, end + 1) != tokens.size() - 1)
      return {};
    const std::optional<Clause> strings = set(tokens.subspan(3, end - 3));
    const std::vector<Clause> body = of(tokens.subspan(end + 2, tokens.size() - end - 3), depth + 1);
    const bool current = std::ranges::any_of(body, [](const Clause& one) { return one == Clause{kCurrent}; });
    return strings && current ? some(*strings, 1) : std::vector<Clause>{};
  }

  const YaraRule& rule_;
  const std::vector<unsigned>& scores_;
};

}  // namespace

std::vector<Clause> needed_strings(const YaraRule& rule, const std::vector<unsigned>& scores) {
  std::vector<Clause> clauses = Analysis{rule, scores}.of(rule.condition, 0);
  std::erase_if(clauses, [](const Clause& clause) { return std::ranges::find(clause, kCurrent) != clause.end(); });
  return clauses;
}

}  // namespace abate::sweep
