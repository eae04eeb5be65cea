// SPDX-License-Identifier: Apache-2.0
#include "reading/when.h"

#include <span>

#include "base/text.h"
#include "reading/when_scan.h"

namespace abate::reading {

using namespace when;

namespace {

using std::chrono::minutes;

// "08h00", "8 h 05"
bool hour_mark(Scan& scan) {
  const std::size_t begin = scan.at();
  scan.blanks(1);
  const bool mark = (scan.peek() | 32) == 'h';
  if (mark) scan.go(scan.at() + 1);
  scan.blanks(1);
  if (mark && is_digit(scan.peek()) && is_digit(scan.peek(1))) return true;
  scan.go(begin);
  return false;
}

// In the North a point parts hours and minutes behind the word for the clock: "kl. 17.30", "klo 17.30", "um 17.30".
bool point_mark(Scan& scan) {
  const std::string_view before = scan.behind().substr(scan.at() - std::min<std::size_t>(scan.at(), 8));
  const bool said = std::ranges::any_of(
      std::array<std::string_view, 6>{"kl. ", "kl ", "klo ", "um ", "om ", "klokken "}, [&](std::string_view word) {
        const auto at = before.rfind(word);
        return at != before.npos && at + word.size() + 2 >= before.size();
      });
  return said && is_digit(scan.peek(1)) && is_digit(scan.peek(2)) && scan.peek(3) != '.' && scan.take('.');
}

// "22h", "22 h" and no minutes
bool hour_alone(Scan& scan) {
  const std::size_t begin = scan.at();
  scan.blanks(1);
  if (scan.take('h') || scan.take('H')) {
    const char next = scan.peek() == ' ' ? scan.peek(1) : scan.peek();
    if (!is_word(scan.peek()) && !is_digit(next)) return true;
  }
  scan.go(begin);
  return false;
}

// "10時02分03秒", "오후 3시 5분"
bool clock_in_signs(Scan& scan, Parts& p) {
  if (!is_high(scan.peek()) && !is_high(scan.peek(1)) && !is_high(scan.peek(2))) return false;
  const std::size_t begin = scan.at();
  const bool morning = take_any(scan, {"午前", "上午", "오전"});
  const bool evening = !morning && take_any(scan, {"午後", "下午", "오후"});
  scan.blanks(1);
  if (!scan.number(1, 2, p.hour) || !take_any(scan, {"時", "时", "시", "点", "點"})) {
    scan.go(begin);
    return false;
  }
  if (evening && p.hour < 12) p.hour += 12;
  p.minute = 0;
  p.second = 0;
  scan.blanks(1);
  const std::size_t behind_hour = scan.at();
  if (!scan.number(1, 2, p.minute) || !take_any(scan, {"分", "분"})) {
    p.minute = 0;
    scan.go(behind_hour);
    return true;
  }
  const std::size_t behind_minute = scan.at();
  scan.blanks(1);
  if (!scan.number(1, 2, p.second) || !take_any(scan, {"秒", "초"})) {
    p.second = 0;
    scan.go(behind_minute);
  }
  return true;
}

// "13:55:36.123 PM", "135536" behind "T"
bool clock(Scan& scan, Parts& p, bool glued_allowed) {
  const std::size_t begin = scan.at();
  if (glued_allowed && scan.fixed(2, p.hour) && scan.fixed(2, p.minute) && scan.fixed(2, p.second) &&
      !is_digit(scan.peek()))
    return p.hour < 24 && p.minute < 60 && p.second <= 60;
  scan.go(begin);
  p.second = 0;
  const std::string_view behind_four = scan.rest().substr(std::min<std::size_t>(4, scan.rest().size()));
  if (glued_allowed && (behind_four.starts_with('Z') || behind_four.starts_with(" UTC")) && scan.fixed(2, p.hour) &&
      scan.fixed(2, p.minute))  // "1405Z"
    return p.hour < 24 && p.minute < 60;
  scan.go(begin);
  if (clock_in_signs(scan, p)) return p.hour < 24 && p.minute < 60 && p.second <= 60;
  if (scan.number(1, 2, p.hour) && hour_alone(scan)) {
    p.minute = 0;
    return p.hour < 24;
  }
  scan.go(begin);
  if (!scan.number(1, 2, p.hour) || (!scan.take(':') && !hour_mark(scan) && !point_mark(scan)) ||
      !scan.fixed(2, p.minute)) {
    scan.go(begin);
    return false;
  }
  if (scan.peek() == ':' && is_digit(scan.peek(1))) {
    scan.take(':');
    if (!scan.fixed(2, p.second)) return false;
    if ((scan.peek() == '.' || scan.peek() == ',') && is_digit(scan.peek(1))) {
      scan.go(scan.at() + 1);
      for (int scale = 100'000; is_digit(scan.peek()); scale /= 10) {
        p.micros += (scan.peek() - '0') * scale;
        scan.go(scan.at() + 1);
      }
    }
  }
  if (is_digit(scan.peek())) return false;
  const std::size_t behind = scan.at();
  scan.blanks(1);
  const char half = static_cast<char>(scan.peek() | 32);
  if ((half == 'a' || half == 'p') && (scan.peek(1) == 'm' || scan.peek(1) == 'M' || scan.peek(1) == '.') &&
      !is_letter(scan.peek(2)) && p.hour >= 1 && p.hour <= 12) {
    p.hour = p.hour % 12 + (half == 'p' ? 12 : 0);
    scan.go(scan.at() + 2);
    scan.take_word("m.");
  } else {
    scan.go(behind);
  }
  return p.hour < 24 && p.minute < 60 && p.second <= 60;
}

constexpr std::string_view kClockLabels[] = {"time",  "uhrzeit", "zeit", "heure", "hora", "ora",    "tijd",
                                             "время", "czas",    "čas",  "tid",   "saat", "godzina"};
constexpr std::string_view kDateLabels[] = {"date", "datum", "fecha", "data", "dato", "дата"};

// The other half stands on the next line, behind its label: "Date: 2026-10-10\nTime (UTC): 04:04:05".
bool next_line(Scan& scan, std::span<const std::string_view> labels) {
  const std::size_t begin = scan.at();
  scan.blanks(3);
  scan.take('\r');
  if (scan.take('\n')) {
    while (scan.take('>') || scan.take('*') || scan.blanks(3) > 0) {
    }
    for (const std::string_view label : labels) {
      const std::size_t from = scan.at();
      if (scan.take_word(label)) {
        scan.blanks(3);
        for (std::size_t n = 0; scan.peek() == '(' && n < 24; ++n)
          if (scan.peek(n) == ')') scan.go(scan.at() + n + 1);
        scan.blanks(20);
        if (scan.take(':') || scan.take('=')) {
          scan.blanks(20);
          return true;
        }
      }
      scan.go(from);
    }
  }
  scan.go(begin);
  return false;
}

void take_label(Scan& scan) {  // "Tarih: 09.11.2026 Saat: 03:20"
  for (const std::string_view label : kClockLabels) {
    const std::size_t from = scan.at();
    if (scan.take_word(label) && (scan.blanks(2), scan.take(':'))) return;
    scan.go(from);
  }
}

bool between(Scan& scan) {  // date and time of day
  if (next_line(scan, kClockLabels)) return true;
  if (scan.take('T') || scan.take('t') || scan.take(':') || scan.take('_')) return true;
  if (scan.peek() == '-' && is_digit(scan.peek(1))) return scan.take('-');  // Suricata
  const std::size_t begin = scan.at();
  if (scan.behind().ends_with("\xe6\x97\xa5") || scan.behind().ends_with("\xec\x9d\xbc")) {  // "10日", "10일"
    scan.blanks(2);
    return true;
  }
  for (const std::string_view word : {" г.", " года", " r.", " roku", " р.", " року", "г."})  // "9 ноября 2026 г."
    if (scan.take_word(word)) break;
  scan.take(',') || scan.take(';');
  scan.take('"');
  scan.blanks(3);
  take_label(scan);
  if (scan.take_word("time=")) {  // date=2026-10-10 time=00:14:03
    scan.take('"');
    return true;
  }
  for (const std::string_view word : {"at around ",
                                      "at about ",
                                      "at approximately ",
                                      "at approx. ",
                                      "at ",
                                      "between ",
                                      "from ",
                                      "around ",
                                      "about ",
                                      "um ca. ",
                                      "um ",
                                      "gegen ",
                                      "zwischen ",
                                      "von ",
                                      "ab ",
                                      "ca. ",
                                      "\xc3\xa0 partir de ",
                                      "\xc3\xa0 ",
                                      "vers ",
                                      "entre ",
                                      "de ",
                                      "a las ",
                                      "om ",
                                      "kl. ",
                                      "kl ",
                                      "klo ",
                                      "alle ore ",
                                      "alle ",
                                      "ore ",
                                      "às ",
                                      "as ",
                                      "o godz. ",
                                      "o godzinie ",
                                      "godz. ",
                                      "o ",
                                      "v ",
                                      "ve ",
                                      "saat ",
                                      "u ",
                                      "ob ",
                                      "la ora ",
                                      "ora ",
                                      "@ ",
                                      "- ",
                                      "– ",
                                      "| ",
                                      "в ",
                                      "около ",
                                      "о ",
                                      "time "})
    if (scan.take_word(word)) break;
  take_label(scan);
  scan.blanks(3);
  return scan.at() > begin;
}

std::optional<Instant> wall_of(const Parts& p) {
  const std::chrono::year_month_day day{std::chrono::year{p.year}, std::chrono::month{static_cast<unsigned>(p.month)},
                                        std::chrono::day{static_cast<unsigned>(p.day)}};
  if (!day.ok()) return std::nullopt;
  return Instant{std::chrono::sys_days{day}} + std::chrono::hours{p.hour} + minutes{p.minute} +
         std::chrono::seconds{std::min(p.second, 59)} + Duration{p.micros};
}

// The last year in which it does not lie after the report was written.
std::optional<Instant> wall_without_year(Parts p, std::optional<Instant> around) {
  if (!around) return std::nullopt;
  const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(*around)};
  for (int back = 0; back <= 4; ++back) {
    p.year = static_cast<int>(today.year()) + 1 - back;
    const auto wall = wall_of(p);
    if (wall && *wall <= *around + std::chrono::hours{26}) return wall;
  }
  return std::nullopt;
}

// One order lies shortly before the report, the other does not.
std::optional<Instant> wall_by_report(Parts p, std::optional<Instant> around) {
  if (!around) return std::nullopt;
  const auto fits = [&](std::optional<Instant> wall) {
    return wall && *wall <= *around + std::chrono::hours{26} && *wall >= *around - kOrderWindow;
  };
  const auto first = wall_of(p);
  std::swap(p.day, p.month);
  const auto second = wall_of(p);
  if (fits(first) == fits(second)) return std::nullopt;
  return fits(first) ? first : second;
}

std::optional<Instant> wall_clock(const Parts& p, const TimeHints& hints) {
  if (p.no_year) return wall_without_year(p, hints.around);
  if (p.first != 0) return wall_by_report(p, hints.around);
  return wall_of(p);
}

std::optional<FoundTime> finish(std::size_t begin, Scan& scan, const Parts& p, ZoneSeen seen, minutes east,
                                const TimeHints& hints) {
  const auto wall = wall_clock(p, hints);
  if (!wall) return std::nullopt;
  FoundTime found{
      .begin = begin, .end = scan.at(), .time = {*wall, false}, .zone_in_value = seen != ZoneSeen::none, .east = {}};
  if (seen == ZoneSeen::unplaced && hints.sender_east && may_mean(p.shared_zone, *hints.sender_east)) {
    seen = ZoneSeen::placed;
    east = *hints.sender_east;
  }
  if (seen == ZoneSeen::placed) {
    if (p.region != nullptr) east = east_of(*p.region, *wall);
    found.time = {*wall - east, true};
    found.east = east;
  }
  if (seen == ZoneSeen::none && hints.east) found.time = {*wall - *hints.east, true};
  if (seen == ZoneSeen::none && !hints.east && hints.region != nullptr)
    found.time = {*wall - east_of(*hints.region, *wall), true};
  return found;
}

// "10:00 and 10:30 UTC", "2026-10-10 10:00 - 2026-10-10 11:00 CET": the zone behind the second is the first one's too.
// The place stays: the second may be a time of its own.
ZoneSeen zone_of_range(Scan scan, Parts& p, minutes& east, DateOrder order) {
  scan.blanks(2);
  if (!take_any(scan, {"-",  "–",   "—",   "to ", "and ", "till ", "until ", "bis ", "und ", "et ", "à ", "y ",
                       "a ", "al ", "do ", "e ",  "и ",   "до ",   "tot ",   "~",    "～",   "至",  "到"}))
    return ZoneSeen::none;
  scan.blanks(2);
  Parts other;
  Scan dated = scan;
  if (take_date(dated, other, order) && between(dated)) scan = dated;
  if (!clock(scan, other, false)) return ZoneSeen::none;
  ZoneSeen seen = zone(scan, other, east);
  int year = 0;
  if (seen == ZoneSeen::none && scan.blanks(2) > 0 && take_year(scan, year, false)) seen = zone(scan, other, east);
  p.region = other.region;
  return seen;
}

// `behind` is moved behind what is a time by its shape, also where it cannot be settled: its clock is not another's.
std::optional<FoundTime> date_then_clock(std::string_view text, std::size_t at, const TimeHints& hints,
                                         std::size_t& behind_shape) {
  Scan scan(text, at);
  Parts p;
  if (!take_date(scan, p, hints.order)) return std::nullopt;
  const bool glued = scan.peek() == 'T' || scan.peek() == ' ' || is_digit(scan.peek());
  if ((!is_digit(scan.peek()) && !between(scan)) || !clock(scan, p, glued)) return std::nullopt;
  minutes east{0};
  ZoneSeen seen = zone(scan, p, east);
  if (p.no_year) {  // "Sep 15 18:55:37 UTC 2023", "Apr 19 07:19:02 2026"
    const std::size_t behind = scan.at();
    scan.take(',');
    if (scan.blanks(2) > 0 && take_year(scan, p.year, false) && !is_word(scan.peek()) && scan.peek() != ':') {
      p.no_year = false;
      if (seen == ZoneSeen::none) seen = zone(scan, p, east);
    } else {
      scan.go(behind);
    }
  }
  behind_shape = scan.at();
  if (seen == ZoneSeen::none) seen = zone_of_range(scan, p, east, hints.order);
  return finish(at, scan, p, seen, east, hints);
}

// "13:55:36 (UTC) on 10 October 2026", "13:55 10.10.2026"
std::optional<FoundTime> clock_then_date(std::string_view text, std::size_t at, const TimeHints& hints) {
  Scan scan(text, at);
  Parts p;
  if (!clock(scan, p, false)) return std::nullopt;
  minutes east{0};
  ZoneSeen seen = zone(scan, p, east);
  if (!next_line(scan, kDateLabels)) {
    scan.take(',');
    if (scan.blanks(3) == 0) return std::nullopt;
  }
  for (const std::string_view word : {"on the ", "on ", "am ", "le ", "del ", "el ", "den "})
    if (scan.take_word(word)) break;
  if (!take_date(scan, p, hints.order) || p.no_year || is_word(scan.peek()) || scan.peek() == ':') return std::nullopt;
  // "13:55:36 10.10.2026 14:00:01": the second clock belongs to the date.
  Scan ahead = scan;
  Parts other;
  if (between(ahead) && clock(ahead, other, false)) return std::nullopt;
  if (seen == ZoneSeen::none) seen = zone(scan, p, east);  // "20:00 den 9 oktober 2026 (CEST)"
  return finish(at, scan, p, seen, east, hints);
}

// Behind a letter there is no time, but behind one of a script without blanks, or its punctuation ("时间：2026-10-10").
bool glued_to_word(std::string_view text, std::size_t i) {
  if (!is_high(text[i - 1])) return is_word(text[i - 1]);
  std::size_t lead = i - 1;
  while (lead > 0 && i - lead < 4 && (static_cast<unsigned char>(text[lead]) & 0xc0U) == 0x80U) --lead;
  return static_cast<unsigned char>(text[lead]) < 0xe2;
}

bool may_begin(std::string_view text, std::size_t i) {
  if (i > 0 && (glued_to_word(text, i) || (text[i - 1] == '.' && i > 1 && is_digit(text[i - 2])))) return false;
  if (is_digit(text[i])) return true;
  const char c = static_cast<char>(text[i] | 32);
  return is_letter(text[i]) && std::string_view("jfmasondtweglp").find(c) != std::string_view::npos;
}

DateOrder order_in(std::string_view text) {
  bool day_first = false;
  bool month_first = false;
  for (std::size_t i = 0; i + 8 < text.size(); ++i) {
    if (!is_digit(text[i]) ||
        (i > 0 && (is_word(text[i - 1]) || text[i - 1] == '/' || text[i - 1] == '.' || text[i - 1] == '-')))
      continue;
    Scan scan(text, i);
    int a = 0;
    int b = 0;
    int y = 0;
    if (!scan.number(1, 2, a)) continue;
    const char mark = scan.peek();
    if ((mark != '/' && mark != '-') || !scan.take(mark) || !scan.number(1, 2, b) || !scan.take(mark) ||
        !scan.number(4, 4, y) || !year_in_range(y))
      continue;
    if (a > 12 && a <= 31 && b <= 12) day_first = true;
    if (b > 12 && b <= 31 && a <= 12) month_first = true;
  }
  if (day_first == month_first) return DateOrder::unknown;
  return day_first ? DateOrder::day_first : DateOrder::month_first;
}

}  // namespace

std::optional<FoundTime> time_at(std::string_view text, std::size_t at, const TimeHints& hints) {
  if (at >= text.size()) return std::nullopt;
  std::size_t behind = at;
  if (auto found = date_then_clock(text, at, hints, behind)) return found;
  return is_digit(text[at]) && behind == at ? clock_then_date(text, at, hints) : std::nullopt;
}

std::vector<FoundTime> times_in(std::string_view text, const TimeHints& hints, std::size_t count_max) {
  std::vector<FoundTime> all;
  for (std::size_t i = 0; i < text.size() && all.size() < count_max;) {
    std::size_t behind = i + 1;
    if (may_begin(text, i)) {
      std::size_t shape = i;
      auto found = date_then_clock(text, i, hints, shape);
      if (!found && shape == i && is_digit(text[i])) found = clock_then_date(text, i, hints);
      if (!found && shape == i && is_digit(text[i])) found = epoch_at(text, i, hints);
      if (found) all.push_back(*found);
      behind = std::max(behind, found ? found->end : shape);
    }
    i = behind;
  }
  return all;
}

TimeHints hints_of(std::string_view text, std::optional<Instant> around, std::optional<minutes> sender_east) {
  text = text.substr(0, kHintBytesMax);
  TimeHints hints{.east = zone_in_prose(text, sender_east),
                  .region = nullptr,
                  .sender_east = sender_east,
                  .order = order_in(text),
                  .around = around};
  if (!hints.east) hints.region = region_in_prose(text);
  return hints;
}

}  // namespace abate::reading
