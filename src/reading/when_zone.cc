// SPDX-License-Identifier: Apache-2.0
// The zone that stands behind a clock.
#include <algorithm>
#include <array>
#include <utility>

#include "reading/when_scan.h"

namespace abate::reading::when {

using std::chrono::minutes;

namespace {

constexpr std::array<std::pair<std::string_view, int>, 6> kZonesBeyondAscii{
    {{"SELČ", 120}, {"SEČ", 60}, {"МСК", 180}, {"мск", 180}, {"日本時間", 540}, {"한국시간", 540}}};

constexpr std::size_t kZoneWordsMax = 48;  // bytes between brackets

bool shift(Scan& scan, minutes& out) {
  const std::size_t begin = scan.at();
  const int sign = scan.peek() == '-' ? -1 : 1;
  if (!scan.take('+') && !scan.take('-')) return false;
  int hours = 0;
  int mins = 0;
  bool ok = false;
  if (scan.fixed(4, hours)) {
    mins = hours % 100;
    hours /= 100;
    ok = true;
  } else if (scan.number(1, 2, hours)) {
    ok = true;
    if (scan.peek() == ':' && is_digit(scan.peek(1)) && is_digit(scan.peek(2))) {
      scan.take(':');
      scan.fixed(2, mins);
    }
  }
  if (!ok || hours > 14 || mins > 59 || is_digit(scan.peek())) {
    scan.go(begin);
    return false;
  }
  out = minutes{sign * (hours * 60 + mins)};
  return true;
}

ZoneSeen plain_zone(Scan& scan, minutes& east);

// "00:00-06:00 UTC": the clock of an end, with the zone of both behind it, and no offset.
bool begins_range(Scan scan, std::size_t gap) {
  int hours = 0;
  int mins = 0;
  if (gap > 0 || !scan.take('-') || !scan.fixed(2, hours) || !scan.take(':') || !scan.fixed(2, mins)) return false;
  if (scan.blanks(1) == 0) return false;
  std::size_t n = 0;
  while (is_letter(scan.peek(n)) && n < 5) ++n;
  return n > 1 && zone_of_name(scan.rest().substr(0, n)).has_value();
}

// "(heure de Paris)", " Europe/Madrid", "（北京时间）", "(czas polski, CET)": a bracket of words that hold a zone.
ZoneSeen zone_in_words(Scan& scan, Parts& p, minutes& east) {
  const std::size_t begin = scan.at();
  scan.blanks(2);
  scan.take(',');
  scan.blanks(1);
  if (const auto region = region_at(scan.rest())) {
    p.region = region->clock;
    scan.go(scan.at() + region->end);
    return ZoneSeen::placed;
  }
  const bool wide = scan.take_word("（");
  if (wide || scan.take('(') || scan.take('[')) {
    const std::string_view inside = scan.rest().substr(0, kZoneWordsMax);
    const std::size_t close = std::min(inside.find(wide ? "）" : ")"), inside.find(']'));
    if (close != std::string_view::npos && inside.find('\n') > close) {
      const std::size_t from = scan.at();
      for (std::size_t i = 0; i < close; ++i) {
        if (i > 0 && is_word(inside[i - 1])) continue;
        Scan word(scan.rest().substr(0, close), i);
        if (plain_zone(word, east) == ZoneSeen::placed) {
          scan.go(from + close + (wide ? 3 : 1));
          return ZoneSeen::placed;
        }
      }
      const auto region = region_in(inside.substr(0, close));
      const Clock* named = region ? region->clock : region_named(trim(inside.substr(0, close)));
      if (named != nullptr) {
        p.region = named;
        scan.go(from + close + (wide ? 3 : 1));
        return ZoneSeen::placed;
      }
    }
  }
  scan.go(begin);
  return ZoneSeen::none;
}

std::string_view shared_name(std::string_view zone) {  // " (CST)" -> "CST"
  while (!zone.empty() && !is_letter(zone.front())) zone.remove_prefix(1);
  std::size_t n = 0;
  while (n < zone.size() && is_letter(zone[n])) ++n;
  return zone.substr(0, n);
}

ZoneSeen plain_zone(Scan& scan, minutes& east) {
  const std::size_t begin = scan.at();
  scan.take('"');
  const std::size_t gap = scan.blanks(2);
  const bool opened = scan.take('(') || scan.take('[');
  if (gap > 0 && scan.take_word("tz=")) {  // date=2026-10-10 time=00:14:03 tz="+0200"
    scan.take('"');
    if (shift(scan, east)) return ZoneSeen::placed;
    scan.go(begin);
    return ZoneSeen::none;
  }
  for (const auto& [name, minutes_east] : kZonesBeyondAscii)
    if ((is_high(scan.peek()) || scan.peek() == 'S') && scan.take_word(name)) {
      east = minutes{minutes_east};
      if (opened) scan.take(')') || scan.take(']');
      return ZoneSeen::placed;
    }
  // A lone sign behind a blank needs two digits or more: "13:55 - 3 attempts".
  const bool colon = is_digit(scan.peek(1)) && scan.peek(2) == ':' && is_digit(scan.peek(3)) && !is_digit(scan.peek(5));
  const bool digits =
      is_digit(scan.peek(1)) && is_digit(scan.peek(2)) && (gap == 0 || is_digit(scan.peek(3)) || scan.peek(3) == ':');
  if ((digits || colon) && !begins_range(scan, gap) && shift(scan, east)) {  // " -4:00 GMT" too
    if (opened) scan.take(')') || scan.take(']');
    return ZoneSeen::placed;
  }
  std::size_t n = 0;
  while (is_letter(scan.peek(n)) && n < 8) ++n;
  const std::string_view name = scan.rest().substr(0, n);
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const bool looks =
      n >= 1 && n <= 5 && (std::all_of(name.begin(), name.end(), upper) || name == "z") && !is_word(scan.peek(n));
  if (looks && (n > 1 || gap == 0)) {
    if (const auto placed = zone_of_name(name)) {
      scan.go(scan.at() + n);
      east = *placed;
      const std::size_t behind = scan.at();
      minutes more{0};
      scan.blanks(1);
      if (*placed == minutes{0} && n > 1 && shift(scan, more))
        east = more;
      else
        scan.go(behind);
      if (opened) scan.take(')') || scan.take(']');
      return ZoneSeen::placed;
    }
    if (is_shared_zone(name)) {
      scan.go(scan.at() + n);
      if (opened) scan.take(')') || scan.take(']');
      return ZoneSeen::unplaced;
    }
  }
  scan.go(begin);
  return ZoneSeen::none;
}

}  // namespace

// What may stand behind the clock: " +0200 (CEST)", "Z", " UTC+2", " CET", " (GMT)", "[+0200]", or a region.
ZoneSeen zone(Scan& scan, Parts& p, minutes& east) {
  const std::size_t begin = scan.at();
  for (bool more = true; more;) {  // "08:15 uur (...)", "22:30 Uhr MEZ", "1015 hrs GMT"
    const std::size_t from = scan.at();
    const ZoneSeen seen = plain_zone(scan, east);
    if (seen == ZoneSeen::unplaced) p.shared_zone = shared_name(scan.behind().substr(from));
    if (seen != ZoneSeen::none) return seen;
    const ZoneSeen told = zone_in_words(scan, p, east);
    if (told != ZoneSeen::none) return told;
    scan.blanks(1);
    more = scan.at() < begin + 2 &&
           take_any(scan, {"uur", "uhr", "hrs", "hours", "heures", "horas", "hod.", "hod", "ore", "óra", "h"}) &&
           !is_word(scan.peek());
  }
  scan.go(begin);
  return ZoneSeen::none;
}

}  // namespace abate::reading::when
