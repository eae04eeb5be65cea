// SPDX-License-Identifier: Apache-2.0
// Seconds and milliseconds since 1970.
#include "base/text.h"
#include "reading/when_scan.h"

namespace abate::reading {
namespace when {
namespace {

// "[1760104536] unbound[1:0]"
bool begins_bracketed(std::string_view text, std::size_t at) {
  return text[at - 1] == '[' && (at == 1 || text[at - 2] == '\n') && text.substr(at + 10).starts_with(']');
}

// "timestamp=", "first_seen: ": the word before says that what follows is a time.
bool names_time(std::string_view before) {
  before = before.substr(before.size() - std::min<std::size_t>(before.size(), 24));
  const std::size_t line = before.rfind('\n');
  if (line != std::string_view::npos) before.remove_prefix(line + 1);
  while (!before.empty() && std::string_view(" \t\"'").find(before.back()) != std::string_view::npos)
    before.remove_suffix(1);
  if (before.empty() || (before.back() != '=' && before.back() != ':')) return false;
  for (const std::string_view word : {"time", "date", "epoch", "seen", "start", "ts", "when"})
    if (const auto at = to_lower(before).rfind(word); at != std::string::npos && at + word.size() + 8 > before.size())
      return true;
  return false;
}

}  // namespace

// "1760104536.123456", or "1760104536" at the beginning of a line, not long before the report: a log's time in seconds
// since 1970. Moves `behind`.
std::optional<FoundTime> epoch_at(std::string_view text, std::size_t at, const TimeHints& hints) {
  if (!hints.around || at + 10 > text.size()) return std::nullopt;
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end]) && end - at < 14) ++end;
  const bool millis = end - at == 13 && names_time(text.substr(0, at));
  if (end - at != 10 && !millis) return std::nullopt;
  const bool fraction = end + 3 < text.size() && text[end] == '.' && is_digit(text[end + 1]) &&
                        is_digit(text[end + 2]) && is_digit(text[end + 3]);
  if (!fraction && !(at == 0 || text[at - 1] == '\n') && !begins_bracketed(text, at) && !names_time(text.substr(0, at)))
    return std::nullopt;
  const auto found = epoch_of(text.substr(at, end - at));
  if (!found || *found > *hints.around + std::chrono::hours{26} || *found < *hints.around - kEpochWindow)
    return std::nullopt;
  if (fraction)
    for (++end; end < text.size() && is_digit(text[end]);) ++end;
  return FoundTime{.begin = at, .end = end, .time = {*found, true}, .zone_in_value = true, .east = {}};
}

}  // namespace when

using when::is_digit;

std::optional<Instant> epoch_of(std::string_view value) {
  value = trim(value);
  const std::string_view whole = value.substr(0, value.find('.'));
  if (whole.size() != 10 && whole.size() != 13) return std::nullopt;
  std::int64_t number = 0;
  for (const char c : value)
    if (!is_digit(c) && c != '.') return std::nullopt;
  for (const char c : whole) number = number * 10 + (c - '0');
  const std::int64_t micros = whole.size() == 10 ? number * 1'000'000 : number * 1'000;
  const Instant at = from_micros(micros);
  constexpr std::int64_t kFrom = std::int64_t{631'152'000} * 1'000'000;    // 1990
  constexpr std::int64_t kTill = std::int64_t{4'102'444'800} * 1'000'000;  // 2100
  return micros >= kFrom && micros < kTill ? std::optional(at) : std::nullopt;
}

}  // namespace abate::reading
