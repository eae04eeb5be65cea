// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/zone.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace abate::sweep {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::size_t kZoneBytesMax = 64 * 1024;

std::int64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8U | static_cast<unsigned char>(c);
  if (bytes.size() == 4) return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
  return static_cast<std::int64_t>(value);
}

bool is_leap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

// A reader of POSIX TZ strings: "CET-1CEST,M3.5.0,M10.5.0/3", "<+03>-3".
struct Footer {
  std::string_view text;

  bool take(char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
  }
  bool name() {
    if (take('<')) {
      const std::size_t end = text.find('>');
      if (end == std::string_view::npos) return false;
      text.remove_prefix(end + 1);
      return true;
    }
    std::size_t n = 0;
    while (n < text.size() && ((text[n] | 0x20) >= 'a' && (text[n] | 0x20) <= 'z')) ++n;
    text.remove_prefix(n);
    return n >= 3;
  }
  bool number(int& out) {
    std::size_t n = 0;
    out = 0;
    while (n < text.size() && n < 4 && text[n] >= '0' && text[n] <= '9') out = out * 10 + (text[n++] - '0');
    text.remove_prefix(n);
    return n != 0;
  }
  bool time(std::int64_t& out) {
    const bool negative = take('-');
    if (!negative) take('+');
    int hours = 0;
    int minutes = 0;
    int seconds = 0;
    if (!number(hours)) return false;
    if (take(':') && !number(minutes)) return false;
    if (take(':') && !number(seconds)) return false;
    out = std::int64_t{hours} * 3600 + minutes * 60 + seconds;
    if (negative) out = -out;
    return true;
  }
};

}  // namespace

std::int64_t days_of(std::int64_t year, int month, int day) {
  // Counted from March, so that the leap day is a year's last.
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

std::int64_t year_of(std::int64_t seconds) {
  std::int64_t year = 1970 + seconds / 31556952;
  while (days_of(year, 1, 1) * kDay > seconds) --year;
  while (days_of(year + 1, 1, 1) * kDay <= seconds) ++year;
  return year;
}

std::int64_t Zone::Rule::wall_in(std::int64_t year) const {
  if (kind == Kind::julian)  // 1..365, 29 February never counted
    return (days_of(year, 1, 1) + day - 1 + (is_leap(year) && day >= 60 ? 1 : 0)) * kDay + second;
  if (kind == Kind::day_of_year) return (days_of(year, 1, 1) + day) * kDay + second;
  const std::int64_t first = days_of(year, month, 1);
  const std::int64_t weekday = ((first + 4) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
  std::int64_t when = first + (day - weekday + 7) % 7 + (week - 1) * 7;
  const std::int64_t next = month == 12 ? days_of(year + 1, 1, 1) : days_of(year, month + 1, 1);
  if (when >= next) when -= 7;  // week 5 is the last one
  return when * kDay + second;
}

bool Zone::read_footer(std::string_view text) {
  Footer in{text};
  std::int64_t west = 0;
  if (!in.name() || !in.time(west)) return false;
  standard_ = -west;
  has_footer_ = true;
  if (in.text.empty()) return true;
  if (!in.name()) return false;
  summer_ = standard_ + 3600;
  if (!in.text.starts_with(',') && !in.text.empty()) {
    if (!in.time(west)) return false;
    summer_ = -west;
  }
  for (Rule* rule : {&to_summer_, &to_standard_}) {
    if (!in.take(',')) return false;
    if (in.take('M')) {
      if (!in.number(rule->month) || !in.take('.') || !in.number(rule->week) || !in.take('.') || !in.number(rule->day))
        return false;
      if (rule->month < 1 || rule->month > 12 || rule->week < 1 || rule->week > 5 || rule->day > 6) return false;
    } else {
      rule->kind = in.take('J') ? Rule::Kind::julian : Rule::Kind::day_of_year;
      if (!in.number(rule->day) || rule->day > 366) return false;
    }
    if (in.take('/') && !in.time(rule->second)) return false;
  }
  has_summer_ = true;
  return true;
}

std::optional<Zone> Zone::parse(std::string_view bytes) {
  constexpr std::size_t kHeader = 44;
  Zone zone;
  std::size_t width = 4;
  for (;;) {
    if (bytes.size() < kHeader || !bytes.starts_with("TZif")) return std::nullopt;
    const char version = bytes[4];
    std::array<std::size_t, 6> counts{};  // isutc, isstd, leap, time, type, char
    for (std::size_t i = 0; i < counts.size(); ++i) {
      counts[i] = static_cast<std::size_t>(big_endian(bytes.substr(20 + i * 4, 4)));
      if (counts[i] > kZoneBytesMax) return std::nullopt;
    }
    const auto [isutc, isstd, leap, times, types, chars] = counts;
    const std::size_t size = times * width + times + types * 6 + chars + leap * (width + 4) + isstd + isutc;
    bytes.remove_prefix(kHeader);
    if (bytes.size() < size) return std::nullopt;
    if (version >= '2' && width == 4) {  // the second block says the same in 64 bits
      bytes.remove_prefix(size);
      width = 8;
      continue;
    }
    if (types == 0 || times > kTransitionsMax) return std::nullopt;
    const std::string_view kinds = bytes.substr(times * width, times);
    const std::string_view offsets = bytes.substr(times * width + times, types * 6);
    zone.first_offset_ = big_endian(offsets.substr(0, 4));
    for (std::size_t i = 0; i < times; ++i) {
      const auto kind = static_cast<unsigned char>(kinds[i]);
      if (kind >= types) return std::nullopt;
      zone.transitions_.push_back(
          {big_endian(bytes.substr(i * width, width)), big_endian(offsets.substr(std::size_t{kind} * 6, 4))});
    }
    if (!std::ranges::is_sorted(zone.transitions_, {}, &Transition::at)) return std::nullopt;
    if (width == 8) {
      std::string_view footer = bytes.substr(size);
      if (footer.starts_with('\n')) footer.remove_prefix(1);
      footer = footer.substr(0, footer.find('\n'));
      if (!footer.empty() && !zone.read_footer(footer)) zone.has_footer_ = zone.has_summer_ = false;
    }
    return zone;
  }
}

std::int64_t Zone::offset_s(std::int64_t utc_s) const {
  if (transitions_.empty() || utc_s >= transitions_.back().at) {
    if (!has_footer_) return transitions_.empty() ? first_offset_ : transitions_.back().offset;
    if (!has_summer_) return standard_;
    const std::int64_t year = year_of(utc_s + standard_);
    const std::int64_t begin = to_summer_.wall_in(year) - standard_;
    const std::int64_t end = to_standard_.wall_in(year) - summer_;
    const bool summer = begin < end ? utc_s >= begin && utc_s < end : utc_s >= begin || utc_s < end;
    return summer ? summer_ : standard_;
  }
  const auto after = std::ranges::upper_bound(transitions_, utc_s, {}, &Transition::at);
  return after == transitions_.begin() ? first_offset_ : std::prev(after)->offset;
}

std::int64_t Zone::utc_of(std::int64_t wall_s, std::int64_t before_utc_s) const {
  // Offsets a day before and after are all that can hold: no zone changes twice within two days.
  const std::int64_t old_offset = offset_s(wall_s - kDay);
  const std::int64_t new_offset = offset_s(wall_s + kDay);
  const std::int64_t early = wall_s - std::max(old_offset, new_offset);
  const std::int64_t late = wall_s - std::min(old_offset, new_offset);
  if (early == late) return early;
  const bool early_holds = early + offset_s(early) == wall_s;
  const bool late_holds = late + offset_s(late) == wall_s;
  if (early_holds && late_holds) return before_utc_s > early && before_utc_s <= late + kDay ? late : early;
  if (early_holds) return early;
  if (late_holds) return late;
  return wall_s - old_offset;  // in the gap
}

Zone read_zone(const Tree& tree) {
  std::string bytes = read_or_nothing(tree, "/etc/localtime", kZoneBytesMax);
  if (bytes.empty()) {
    const std::string name{trim(read_or_nothing(tree, "/etc/timezone"))};
    if (!name.empty()) bytes = read_or_nothing(tree, "/usr/share/zoneinfo/" + name, kZoneBytesMax);
  }
  return Zone::parse(bytes).value_or(Zone{});
}

}  // namespace abate::sweep
