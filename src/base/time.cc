// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace abate {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 12> kMonthTitles{"January",   "February", "March",    "April",
                                                        "May",       "June",     "July",     "August",
                                                        "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr int kYearMax = 9999;
constexpr std::size_t kShownBytesMax = 64;  // of what the world sent, in an error

struct Fields {
  int year, month, day, hour, minute, second;
  int micros = 0;
};

Fields fields_of(Instant at) {
  const auto day = std::chrono::floor<days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss<Duration> time{at - day};
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(time.hours().count()),
          static_cast<int>(time.minutes().count()),
          static_cast<int>(time.seconds().count()),
          static_cast<int>(time.subseconds().count())};
}

std::optional<Instant> instant_of(const Fields& f) {
  const std::chrono::year_month_day date{std::chrono::year{f.year}, std::chrono::month{static_cast<unsigned>(f.month)},
                                         std::chrono::day{static_cast<unsigned>(f.day)}};
  if (f.year < 1 || f.year > kYearMax || !date.ok() || f.hour > 23 || f.minute > 59 || f.second > 60)
    return std::nullopt;
  // A leap second counts as the second before it: UTC as POSIX has it.
  return Instant{std::chrono::sys_days{date}} + hours{f.hour} + minutes{f.minute} + seconds{std::min(f.second, 59)} +
         Duration{f.micros};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

class Cursor {  // walks over text; every step says whether it succeeded
 public:
  explicit Cursor(std::string_view text) : text_{text} {}
  [[nodiscard]] bool done() const { return text_.empty(); }
  [[nodiscard]] char peek() const { return text_.empty() ? '\0' : text_[0]; }
  bool take(char c) {
    if (peek() != c || text_.empty()) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool take_any(std::string_view set) {
    if (text_.empty() || set.find(text_[0]) == set.npos) return false;
    text_.remove_prefix(1);
    return true;
  }
  // `least` to `most` digits.
  bool number(std::size_t least, std::size_t most, int& out) {
    std::size_t n = 0;
    out = 0;
    while (n < most && n < text_.size() && is_digit(text_[n])) out = out * 10 + (text_[n++] - '0');
    text_.remove_prefix(n);
    return n >= least;
  }
  std::string_view word() {
    std::size_t n = 0;
    while (n < text_.size() && is_letter(text_[n])) ++n;
    const std::string_view out = text_.substr(0, n);
    text_.remove_prefix(n);
    return out;
  }
  void blanks() {
    while (take_any(" \t\r\n")) {
    }
  }
  // Blanks and comments, RFC 5322 section 3.2.2. An open comment swallows the rest.
  void blanks_and_comments() {
    for (;;) {
      blanks();
      if (peek() != '(') return;
      int depth = 0;
      while (!done()) {
        if (peek() == '(') ++depth;
        if (peek() == ')') --depth;
        if (peek() == '\\' && text_.size() > 1) text_.remove_prefix(1);
        text_.remove_prefix(1);
        if (depth == 0) break;
      }
    }
  }

 private:
  std::string_view text_;
};

std::unexpected<Error> no_time(std::string_view text) {
  return failure(Fault::malformed, "'{}' is no time that can be read", escape_terminal(shorten(text, kShownBytesMax)));
}

// An offset can carry the first and the last day out of the years that can be written.
Result<ParsedTime> within_years(std::string_view text, Instant wall, std::optional<minutes> east) {
  const Instant at = wall - east.value_or(minutes{0});
  if (at < kDistantPast || at >= kDistantFuture + seconds{1}) return no_time(text);
  return ParsedTime{at, east.has_value()};
}

// "+02:00", "+0200", "+02"
bool offset(Cursor& at, minutes& out) {
  const bool west = at.peek() == '-';
  int hour = 0;
  int minute = 0;
  if (!at.take_any("+-") || !at.number(2, 2, hour)) return false;
  const bool colon = at.take(':');
  if ((colon || is_digit(at.peek())) && !at.number(2, 2, minute)) return false;
  if (hour > 23 || minute > 59) return false;
  out = (hours{hour} + minutes{minute}) * (west ? -1 : 1);
  return true;
}

// RFC 5322 section 4.3. Military letters other than Z are known to be sent wrongly: they name no zone.
std::optional<minutes> zone_of(std::string_view name) {
  struct Zone {
    std::string_view name;
    int hours;
  };
  constexpr std::array kZones{Zone{"UT", 0},   Zone{"GMT", 0},  Zone{"UTC", 0},  Zone{"Z", 0},
                              Zone{"EST", -5}, Zone{"EDT", -4}, Zone{"CST", -6}, Zone{"CDT", -5},
                              Zone{"MST", -7}, Zone{"MDT", -6}, Zone{"PST", -8}, Zone{"PDT", -7}};
  for (const Zone& zone : kZones)
    if (equals_ignoring_case(zone.name, name)) return hours{zone.hours};
  return std::nullopt;
}

// All that follows the time of day in RFC 5322: a zone or none, and comments. Senders also write "+0100 CET", where the
// digits count, and "GMT+0100", which means the same. A half of the day is refused: the hour would be wrong by twelve.
bool zone(Cursor& at, std::optional<minutes>& east) {
  at.blanks_and_comments();
  const std::string_view name = at.word();
  if (equals_ignoring_case(name, "am") || equals_ignoring_case(name, "pm")) return false;
  if (!name.empty()) east = zone_of(name);
  if (at.peek() == '+' || at.peek() == '-') {
    minutes shift{0};
    if ((!name.empty() && east != minutes{0}) || !offset(at, shift)) return false;
    east = shift;
    at.blanks_and_comments();
    at.word();
  }
  at.blanks_and_comments();
  return at.done();
}

}  // namespace

TimeSpan span_of_unzoned(Instant read_as_utc) {
  const auto within = [](Instant at) { return std::clamp(at, kDistantPast, kDistantFuture); };
  return {within(read_as_utc - kZoneEastMax), within(read_as_utc + kZoneWestMax)};
}

std::string format_rfc3339(Instant at) {
  const Fields f = fields_of(at);
  std::string out =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", f.year, f.month, f.day, f.hour, f.minute, f.second);
  if (f.micros % 1000 != 0)
    out += fmt::format(".{:06}", f.micros);
  else if (f.micros != 0)
    out += fmt::format(".{:03}", f.micros / 1000);
  return out + 'Z';
}

std::string format_rfc3339_exact(Instant at) {
  const Fields f = fields_of(at);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", f.year, f.month, f.day, f.hour, f.minute, f.second,
                     f.micros);
}

std::string format_for_people(Instant at) {
  const Fields f = fields_of(at);
  return fmt::format("{} {} {}, {:02}:{:02} UTC", f.day, kMonthTitles[static_cast<std::size_t>(f.month - 1)], f.year,
                     f.hour, f.minute);
}

std::string format_rfc5322(Instant at) {
  const Fields f = fields_of(at);
  const std::chrono::weekday day{std::chrono::floor<days>(at)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", kDays[day.c_encoding()], f.day,
                     kMonths[static_cast<std::size_t>(f.month - 1)], f.year, f.hour, f.minute, f.second);
}

Result<ParsedTime> parse_rfc3339_lenient(std::string_view raw) {
  const std::string_view text = trim(raw);
  Cursor at{text};
  Fields f{};
  if (!at.number(4, 4, f.year) || !at.take('-') || !at.number(2, 2, f.month) || !at.take('-') ||
      !at.number(2, 2, f.day) || !at.take_any("Tt ") || !at.number(2, 2, f.hour) || !at.take(':') ||
      !at.number(2, 2, f.minute))
    return no_time(text);
  if (at.take(':')) {
    if (!at.number(2, 2, f.second)) return no_time(text);
    if (at.take_any(".,")) {
      int digit = 0;
      int scale = 100'000;
      if (!at.number(1, 1, digit)) return no_time(text);
      do {
        f.micros += digit * scale;
        scale /= 10;
      } while (at.number(1, 1, digit));
    }
  }
  const std::optional<Instant> wall = instant_of(f);
  if (!wall) return no_time(text);
  at.blanks();
  if (at.done()) return within_years(text, *wall, std::nullopt);
  minutes east{0};
  if (!at.take_any("Zz") && !offset(at, east)) return no_time(text);
  if (!at.done()) return no_time(text);
  return within_years(text, *wall, east);
}

Result<Instant> parse_rfc3339(std::string_view text) {
  const Result<ParsedTime> parsed = parse_rfc3339_lenient(text);
  if (parsed && parsed->zoned) return parsed->at;
  const std::string wrong =
      parsed ? fmt::format("'{}' names no zone", escape_terminal(shorten(text, kShownBytesMax))) : parsed.error().what;
  return failure(Fault::malformed, "{}; write it as 2026-01-02T03:04:05Z", wrong);
}

Result<ParsedTime> parse_rfc5322(std::string_view text) {
  Cursor at{text};
  Fields f{};
  at.blanks_and_comments();
  if (!at.word().empty()) {
    at.blanks_and_comments();
    at.take(',');
    at.blanks_and_comments();
  }
  if (!at.number(1, 2, f.day)) return no_time(text);
  at.blanks_and_comments();
  at.take('-');  // "02-Jan-2026", seen in the wild
  const std::string_view month = at.word();
  for (std::size_t i = 0; i < kMonths.size(); ++i)
    if (month.size() >= 3 && starts_with_ignoring_case(month, kMonths[i])) f.month = static_cast<int>(i + 1);
  at.blanks_and_comments();
  at.take('-');
  Cursor before_year = at;
  int digits = 0;
  if (!at.number(2, 4, f.year)) return no_time(text);
  if (!before_year.number(4, 4, digits)) f.year += f.year < 50 ? 2000 : 1900;  // RFC 5322 section 4.3
  at.blanks_and_comments();
  if (!at.number(1, 2, f.hour) || !at.take(':') || !at.number(2, 2, f.minute)) return no_time(text);
  if (at.take(':') && !at.number(2, 2, f.second)) return no_time(text);
  const std::optional<Instant> wall = instant_of(f);
  if (!wall || f.month == 0) return no_time(text);
  std::optional<minutes> east;
  if (!zone(at, east)) return no_time(text);
  return within_years(text, *wall, east);
}

std::int64_t to_micros(Instant at) { return at.time_since_epoch().count(); }
Instant from_micros(std::int64_t micros) { return Instant{Duration{micros}}; }

Result<seconds> parse_duration(std::string_view text) {
  constexpr std::int64_t kLongest = std::int64_t{10} * 366 * 86400;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
  std::int64_t scale = 0;
  if (unit == "s") scale = 1;
  if (unit == "m") scale = 60;
  if (unit == "h") scale = 3600;
  if (unit == "d") scale = 86400;
  if (error != std::errc{} || scale == 0 || count <= 0)
    return failure(Fault::malformed, "'{}' is no duration; write it like 90s, 15m, 24h or 7d",
                   escape_terminal(shorten(text, kShownBytesMax)));
  if (count > kLongest / scale)
    return failure(Fault::malformed, "'{}' is longer than ten years", escape_terminal(shorten(text, kShownBytesMax)));
  return seconds{count * scale};
}

std::string format_duration(seconds duration) {
  const std::int64_t count = duration.count();
  if (count != 0 && count % 86400 == 0) return fmt::format("{}d", count / 86400);
  if (count != 0 && count % 3600 == 0) return fmt::format("{}h", count / 3600);
  if (count != 0 && count % 60 == 0) return fmt::format("{}m", count / 60);
  return fmt::format("{}s", count);
}

}  // namespace abate
