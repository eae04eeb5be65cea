// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/stamps.h"

#include <cstring>

#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

struct Clock {
  int hour = 0, minute = 0, second = 0;
};
bool take_clock(std::string_view& text, Clock& clock) {
  return take_digits(text, 2, clock.hour) && take(text, ":") && take_digits(text, 2, clock.minute) && take(text, ":") &&
         take_digits(text, 2, clock.second) && clock.hour < 24 && clock.minute < 60 && clock.second < 61;
}
bool is_day(int month, int day) { return month >= 1 && month <= 12 && day >= 1 && day <= 31; }

std::int64_t seconds_of(std::int64_t year, int month, int day, const Clock& clock) {
  return days_of(year, month, day) * 86400 + clock.hour * 3600 + clock.minute * 60 + clock.second;
}
Instant at_seconds(std::int64_t seconds) { return from_micros(seconds * 1'000'000); }

// ".123456" or ",123": microseconds; any number of digits.
std::int64_t take_fraction(std::string_view& text) {
  if (text.size() < 2 || (text[0] != '.' && text[0] != ',') || text[1] < '0' || text[1] > '9') return 0;
  std::size_t at = 1;
  std::int64_t micros = 0;
  std::int64_t unit = 100'000;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) micros += (text[at] - '0') * unit;
  text.remove_prefix(at);
  return micros;
}
// "Z", "+01:00", "+0100", " +0100": seconds east.
std::optional<std::int64_t> take_offset(std::string_view& text) {
  std::string_view rest = text;
  if (take(rest, "Z")) return text = rest, 0;
  if (rest.size() > 1 && rest[0] == ' ' && (rest[1] == '+' || rest[1] == '-')) rest.remove_prefix(1);
  if (rest.size() < 5 || (rest[0] != '+' && rest[0] != '-')) return std::nullopt;
  const int sign = rest[0] == '-' ? -1 : 1;
  rest.remove_prefix(1);
  int hours = 0;
  int minutes = 0;
  if (!take_digits(rest, 2, hours)) return std::nullopt;
  take(rest, ":");
  if (!take_digits(rest, 2, minutes) || hours > 18 || minutes > 59) return std::nullopt;
  text = rest;
  return std::int64_t{sign} * (hours * 3600 + minutes * 60);
}

}  // namespace

void Stamps::start(Instant first_line_bound, Instant last_line_bound) {
  bound_ = first_line_bound;
  latest_ = last_line_bound;
  last_.reset();
  year_ = 0;
  memo_size_ = 0;
}

std::optional<int> Stamps::month_of(std::string_view three) {
  if (three.size() != 3) return std::nullopt;
  switch (three[0] << 16 | three[1] << 8 | three[2]) {
    case 'J' << 16 | 'a' << 8 | 'n': return 1;
    case 'F' << 16 | 'e' << 8 | 'b': return 2;
    case 'M' << 16 | 'a' << 8 | 'r': return 3;
    case 'A' << 16 | 'p' << 8 | 'r': return 4;
    case 'M' << 16 | 'a' << 8 | 'y': return 5;
    case 'J' << 16 | 'u' << 8 | 'n': return 6;
    case 'J' << 16 | 'u' << 8 | 'l': return 7;
    case 'A' << 16 | 'u' << 8 | 'g': return 8;
    case 'S' << 16 | 'e' << 8 | 'p': return 9;
    case 'O' << 16 | 'c' << 8 | 't': return 10;
    case 'N' << 16 | 'o' << 8 | 'v': return 11;
    case 'D' << 16 | 'e' << 8 | 'c': return 12;
    default: return std::nullopt;
  }
}

std::optional<Instant> Stamps::wall(int year, int month, int day, int hour, int minute, int second) const {
  if (!is_day(month, day) || year < 1 || year > 9998) return std::nullopt;
  const std::int64_t before = last_ ? to_micros(*last_) / 1'000'000 : 0;
  return at_seconds(zone_.utc_of(seconds_of(year, month, day, {hour, minute, second}), before));
}

std::optional<Instant> Stamps::take_rfc3164(std::string_view& text) {
  constexpr std::size_t kSize = 15;
  if (text.size() < kSize || text[3] != ' ' || text[6] != ' ' || text[9] != ':') return std::nullopt;
  if (memo_size_ == kSize && std::memcmp(memo_, text.data(), kSize) == 0) {
    text.remove_prefix(kSize);
    return memo_at_;
  }
  const auto month = month_of(text.substr(0, 3));
  if (!month) return std::nullopt;
  std::string_view rest = text.substr(4);
  int day = 0;
  Clock clock;
  if (rest[0] == ' ' ? !(rest.remove_prefix(1), take_digits(rest, 1, day)) : !take_digits(rest, 2, day))
    return std::nullopt;
  if (!take(rest, " ") || !take_clock(rest, clock) || !is_day(*month, day)) return std::nullopt;
  if (year_ == 0) {
    // The latest year in which this line does not lie beyond the bound.
    year_ = static_cast<int>(year_of(to_micros(bound_) / 1'000'000)) + 1;
    for (int back = 0; back < 2 && wall(year_, *month, day, clock.hour, clock.minute, clock.second) > bound_; ++back)
      --year_;
  } else if (month_ - *month > 1) {
    const auto next = wall(year_ + 1, *month, day, clock.hour, clock.minute, clock.second);
    if (next && *next <= latest_) ++year_;
  } else if (month_ == 1 && *month == 12) {
    --year_;  // a late line of December in January
  }
  month_ = *month;
  const auto at = wall(year_, *month, day, clock.hour, clock.minute, clock.second);
  if (!at) return std::nullopt;
  std::memcpy(memo_, text.data(), kSize);
  memo_size_ = kSize;
  memo_at_ = *at;
  text = rest;
  return keep(*at);
}

std::optional<Instant> Stamps::take_iso(std::string_view& text) {
  constexpr std::size_t kSize = 19;
  if (text.size() < kSize || text[13] != ':' || text[16] != ':') return std::nullopt;
  std::string_view rest = text.substr(kSize);
  const std::int64_t micros = take_fraction(rest);
  const auto offset = take_offset(rest);
  // Neighbours share second and zone: the memo holds both.
  const std::int64_t key = offset ? *offset : std::int64_t{1} << 40;
  if (memo_size_ == kSize + sizeof key && std::memcmp(memo_, text.data(), kSize) == 0 &&
      std::memcmp(memo_ + kSize, &key, sizeof key) == 0) {
    text = rest;
    return keep(memo_at_ + Duration{micros});
  }
  std::string_view head = text;
  int year = 0;
  int month = 0;
  int day = 0;
  Clock clock;
  if (!take_digits(head, 4, year)) return std::nullopt;
  const char mark = head[0];
  if (mark != '-' && mark != '/' && mark != ':') return std::nullopt;
  head.remove_prefix(1);
  if (!take_digits(head, 2, month) || head[0] != mark) return std::nullopt;
  head.remove_prefix(1);
  if (!take_digits(head, 2, day) || (head[0] != 'T' && head[0] != ' ' && head[0] != '-')) return std::nullopt;
  head.remove_prefix(1);
  if (!take_clock(head, clock) || !is_day(month, day) || year < 1) return std::nullopt;
  Instant at;
  if (offset) {
    at = at_seconds(seconds_of(year, month, day, clock) - *offset);
  } else {
    const auto read = wall(year, month, day, clock.hour, clock.minute, clock.second);
    if (!read) return std::nullopt;
    at = *read;
  }
  std::memcpy(memo_, text.data(), kSize);
  static_assert(sizeof memo_ >= kSize + sizeof key);
  std::memcpy(memo_ + kSize, &key, sizeof key);
  memo_size_ = kSize + sizeof key;
  memo_at_ = at;
  text = rest;
  return keep(at + Duration{micros});
}

std::optional<Instant> Stamps::take_clf(std::string_view& text) {
  constexpr std::size_t kSize = 26;  // "02/Mar/2026:10:00:00 +0100"
  if (text.size() < 20 || (text[11] != ':' && text[11] != ' ')) return std::nullopt;
  const bool full = text.size() >= kSize && text[20] == ' ' && (text[21] == '+' || text[21] == '-');
  if (full && memo_size_ == kSize && std::memcmp(memo_, text.data(), kSize) == 0) {
    text.remove_prefix(kSize);
    return memo_at_;
  }
  std::string_view rest = text;
  int day = 0;
  int year = 0;
  Clock clock;
  if (!take_digits(rest, 2, day) || (rest[0] != '/' && rest[0] != '-')) return std::nullopt;
  const auto month = month_of(rest.substr(1, 3));
  if (!month || (rest[4] != '/' && rest[4] != '-')) return std::nullopt;
  rest.remove_prefix(5);
  if (!take_digits(rest, 4, year) || rest.size() < 9 || (rest[0] != ':' && rest[0] != ' ')) return std::nullopt;
  rest.remove_prefix(1);
  if (!take_clock(rest, clock) || !is_day(*month, day) || year < 1) return std::nullopt;
  take_fraction(rest);
  auto offset = take_offset(rest);
  if (!offset && take(rest, " UTC")) offset = 0;
  if (offset) {
    const Instant at = at_seconds(seconds_of(year, *month, day, clock) - *offset);
    if (full) {
      std::memcpy(memo_, text.data(), kSize);
      memo_size_ = kSize;
      memo_at_ = at;
    }
    text = rest;
    return keep(at);
  }
  const auto at = wall(year, *month, day, clock.hour, clock.minute, clock.second);
  if (!at) return std::nullopt;
  text = rest;
  return keep(*at);
}

std::optional<Instant> Stamps::take_ctime(std::string_view& text) {
  if (text.size() < 24 || text[3] != ' ' || text[7] != ' ') return std::nullopt;
  const auto month = month_of(text.substr(4, 3));
  if (!month) return std::nullopt;
  std::string_view rest = text.substr(8);
  int day = 0;
  int year = 0;
  Clock clock;
  if (rest[0] == ' ' ? !(rest.remove_prefix(1), take_digits(rest, 1, day)) : !take_digits(rest, 2, day))
    return std::nullopt;
  if (!take(rest, " ") || !take_clock(rest, clock)) return std::nullopt;
  const std::int64_t micros = take_fraction(rest);
  if (!take(rest, " ") || !take_digits(rest, 4, year)) return std::nullopt;
  const auto at = wall(year, *month, day, clock.hour, clock.minute, clock.second);
  if (!at) return std::nullopt;
  text = rest;
  return keep(*at + Duration{micros});
}

std::optional<Instant> Stamps::take_epoch(std::string_view& text) {
  std::string_view rest = text;
  std::int64_t seconds = 0;
  if (!take_number(rest, seconds) || seconds < 0 || seconds > 253'402'300'000) return std::nullopt;
  const std::int64_t micros = take_fraction(rest);
  text = rest;
  return keep(at_seconds(seconds) + Duration{micros});
}

std::optional<Instant> Stamps::take_panel(std::string_view& text) {
  std::string_view rest = text;
  int month = 0;
  int day = 0;
  int year = 0;
  Clock clock;
  if (!take_digits(rest, 2, month) || !take(rest, "/") || !take_digits(rest, 2, day) || !take(rest, "/") ||
      !take_digits(rest, 4, year) || !take(rest, ":") || !take_clock(rest, clock) || !is_day(month, day) || year < 1)
    return std::nullopt;
  const std::int64_t offset = take_offset(rest).value_or(0);
  text = rest;
  return keep(at_seconds(seconds_of(year, month, day, clock) - offset));
}

}  // namespace abate::sweep
