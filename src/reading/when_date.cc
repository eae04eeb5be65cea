// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "reading/when_scan.h"

namespace abate::reading::when {
namespace {

struct Month {
  std::string_view begins;
  int number;
};
// English, German, French, Spanish, Italian, Portuguese, Dutch, Polish: what their names begin with.
constexpr std::array kMonths{
    Month{"jan", 1},
    Month{"feb", 2},
    Month{"mar", 3},
    Month{"apr", 4},
    Month{"may", 5},
    Month{"jun", 6},
    Month{"jul", 7},
    Month{"aug", 8},
    Month{"sep", 9},
    Month{"oct", 10},
    Month{"nov", 11},
    Month{"dec", 12},
    Month{"mai", 5},
    Month{"okt", 10},
    Month{"dez", 12},
    Month{"ene", 1},
    Month{"abr", 4},
    Month{"ago", 8},
    Month{"dic", 12},
    Month{"fev", 2},
    Month{"avr", 4},
    Month{"mei", 5},
    Month{"out", 10},
    Month{"gen", 1},
    Month{"mag", 5},
    Month{"giu", 6},
    Month{"lug", 7},
    Month{"set", 9},
    Month{"ott", 10},
    Month{"mrz", 3},
    Month{"m\xc3\xa4r", 3},
    Month{"d\xc3\xa9"
          "c",
          12},
    Month{"f\xc3\xa9v", 2},
    Month{"ao\xc3\xbb", 8},
    Month{"set", 9},
    Month{"juin", 6},
    Month{"juil", 7},
    // Nordic, Hungarian, Romanian, Turkish, Indonesian, Czech, Polish, Russian, Ukrainian; the longer ones first
    Month{"maj", 5},
    Month{"szep", 9},
    Month{"m\xc3\xa1j", 5},
    Month{"\xc3\xa1pr", 4},
    Month{"m\xc3\xa1r", 3},
    Month{"j\xc3\xban", 6},
    Month{"j\xc3\xbal", 7},
    Month{"ian", 1},
    Month{"iun", 6},
    Month{"iul", 7},
    Month{"noi", 11},
    Month{"oca", 1},
    Month{"şub", 2},
    Month{"nis", 4},
    Month{"haz", 6},
    Month{"tem", 7},
    Month{"ağu", 8},
    Month{"eyl", 9},
    Month{"eki", 10},
    Month{"kas", 11},
    Month{"ara", 12},
    Month{"agu", 8},
    Month{"des", 12},
    Month{"led", 1},
    Month{"úno", 2},
    Month{"bře", 3},
    Month{"dub", 4},
    Month{"kvě", 5},
    Month{"červenc", 7},
    Month{"červenec", 7},
    Month{"červ", 6},
    Month{"srp", 8},
    Month{"zář", 9},
    Month{"říj", 10},
    Month{"pros", 12},
    Month{"sty", 1},
    Month{"lut", 2},
    Month{"kwi", 4},
    Month{"cze", 6},
    Month{"lip", 7},
    Month{"sie", 8},
    Month{"wrz", 9},
    Month{"paź", 10},
    Month{"list", 11},
    Month{"gru", 12},
    Month{"ное", 11},
    Month{"Ιαν", 1},
    Month{"Φεβ", 2},
    Month{"Μαρ", 3},
    Month{"Απρ", 4},
    Month{"Ιουν", 6},
    Month{"Ιουλ", 7},
    Month{"Αυγ", 8},
    Month{"Σεπ", 9},
    Month{"Οκτ", 10},
    Month{"Νοε", 11},
    Month{"Δεκ", 12},
    Month{"янв", 1},
    Month{"фев", 2},
    Month{"мар", 3},
    Month{"апр", 4},
    Month{"мая", 5},
    Month{"май", 5},
    Month{"июн", 6},
    Month{"июл", 7},
    Month{"авг", 8},
    Month{"сен", 9},
    Month{"окт", 10},
    Month{"ноя", 11},
    Month{"дек", 12},
    Month{"січ", 1},
    Month{"лют", 2},
    Month{"бер", 3},
    Month{"кві", 4},
    Month{"тра", 5},
    Month{"чер", 6},
    Month{"лип", 7},
    Month{"сер", 8},
    Month{"вер", 9},
    Month{"жов", 10},
    Month{"лис", 11},
    Month{"гру", 12},
};
constexpr auto kWeekdays = std::to_array<std::string_view>({"mon", "tue", "wed", "thu", "fri", "sat", "sun"});

}  // namespace

bool Scan::month(int& out) {
  std::size_t n = 0;
  while (n < 24 && (is_letter(peek(n)) || static_cast<unsigned char>(peek(n)) >= 0x80)) ++n;
  const std::string_view word = rest().substr(0, n);
  if (n < 3) return false;
  const auto small = [](char c) { return is_letter(c) ? static_cast<char>(c | 32) : c; };
  for (const Month& month : kMonths)
    if (small(month.begins.front()) == small(word.front()) && starts_with_ignoring_case(word, month.begins)) {
      if (month.number == 3 && starts_with_ignoring_case(word, "marras")) continue;  // Finnish November
      out = month.number;
      at_ += n;
      take('.');
      return true;
    }
  return false;
}

namespace {

bool weekday(Scan& scan) {
  const std::size_t begin = scan.at();
  for (const std::string_view day : kWeekdays)
    if (starts_with_ignoring_case(scan.rest(), day)) {
      while (is_letter(scan.peek()) && scan.at() - begin < 9) scan.go(scan.at() + 1);
      scan.take('.');
      scan.take(',');
      if (scan.blanks(3) > 0) return true;
    }
  scan.go(begin);
  return false;
}

// "st", "nd", "rd", "th", "."
void ordinal(Scan& scan) {
  for (const std::string_view end : {"st", "nd", "rd", "th"})
    if (starts_with_ignoring_case(scan.rest(), end) && !is_letter(scan.peek(2))) {
      scan.go(scan.at() + 2);
      return;
    }
}

}  // namespace

bool year_in_range(int year) { return year >= 1990 && year <= 2099; }

bool take_year(Scan& scan, int& out, bool short_allowed) {
  const std::size_t begin = scan.at();
  if (scan.number(4, 4, out) && year_in_range(out)) return true;
  scan.go(begin);
  if (short_allowed && scan.number(2, 2, out)) {
    out += out < 70 ? 2000 : 1900;
    return true;
  }
  scan.go(begin);
  return false;
}

namespace {

// "20261010135536Z"
bool is_glued_clock(const Scan& scan) {
  for (std::size_t n = 0; n < 6; ++n)
    if (!is_digit(scan.peek(n))) return false;
  return scan.peek(6) == 'Z';
}

// "2026-10-10", "2026/10/10", "2026.10.10", "20261010" (before a time)
bool date_year_first(Scan& scan, Parts& p) {
  const std::size_t begin = scan.at();
  if (scan.fixed(4, p.year) && year_in_range(p.year)) {
    const char mark = scan.peek();
    if (mark == ':') {  // Sophos: "2026:11:08-02:30:09"
      scan.take(mark);
      if (scan.fixed(2, p.month) && scan.take(mark) && scan.fixed(2, p.day) && scan.peek() == '-') return true;
    } else if (mark == '-' || mark == '/' || mark == '.') {
      scan.take(mark);
      if (scan.number(1, 2, p.month) && scan.take(mark) && scan.fixed(1, p.day)) {
        int unit = 0;
        if (scan.fixed(1, unit)) p.day = p.day * 10 + unit;
        return true;
      }
      const std::size_t behind = scan.at();
      if (scan.month(p.month) && scan.take(mark) && scan.number(1, 2, p.day)) return true;
      scan.go(behind);  // Korean: "2026. 11. 8."
      if (mark == '.' && scan.blanks(1) > 0 && scan.number(1, 2, p.month) && scan.take('.') && scan.blanks(1) > 0 &&
          scan.number(1, 2, p.day)) {
        scan.take('.');
        return true;
      }
      scan.go(behind);  // Hungarian: "2026. november 8."
      if (mark == '.' && scan.blanks(1) > 0 && scan.month(p.month) && scan.blanks(1) > 0 && scan.number(1, 2, p.day)) {
        scan.take('.');
        return true;
      }
      scan.go(behind);
    } else if (scan.fixed(2, p.month) && scan.fixed(2, p.day) &&
               (scan.peek() == 'T' || scan.peek() == ' ' || is_glued_clock(scan))) {
      return true;
    }
  }
  scan.go(begin);
  return false;
}

// "10/Oct/2026", "07.Dec.2021", "10 October 2026", "2nd January 2026", "10. Oktober 2026", "02 Jan 25"
bool date_day_first(Scan& scan, Parts& p) {
  const std::size_t begin = scan.at();
  if (scan.number(1, 2, p.day)) {
    ordinal(scan);
    const auto gap = [&] {
      const std::size_t from = scan.at();
      while (scan.peek() == '/' || scan.peek() == '-' || scan.peek() == '.' || scan.peek() == ' ' || scan.peek() == ',')
        scan.go(scan.at() + 1);
      scan.take_word("of ");
      scan.take_word("de ");
      return scan.at() - from >= 1 && scan.at() - from <= 6;
    };
    if (gap() && scan.month(p.month) && (gap() || true) && take_year(scan, p.year, true)) return true;
  }
  scan.go(begin);
  return false;
}

// "Oct 10, 2026", "January 2nd 2026"; without a year: "Oct 10 13:55:36", "Oct 10 2026"
bool date_month_first(Scan& scan, Parts& p) {
  const std::size_t begin = scan.at();
  if (scan.month(p.month) && (scan.blanks(3) > 0 || scan.take('-') || scan.take('/')) && scan.number(1, 2, p.day)) {
    ordinal(scan);
    const std::size_t behind_day = scan.at();
    scan.take(',');
    if ((scan.blanks(2) > 0 || scan.take('-') || scan.take('/')) && take_year(scan, p.year, false) &&
        scan.peek() != ':')
      return true;
    scan.go(behind_day);
    if (scan.peek() == ' ' || scan.peek() == '\t' || scan.peek() == ',') {
      p.no_year = true;
      return true;
    }
  }
  scan.go(begin);
  return false;
}

// "10.10.2026", "03/04/2026", "3/4/26"
bool date_of_numbers(Scan& scan, Parts& p, DateOrder order) {
  const std::size_t begin = scan.at();
  int a = 0;
  int b = 0;
  if (scan.number(1, 2, a)) {
    const char mark = scan.peek();
    bool apart = false;
    const auto next = [&] {  // Czech and Finnish put a blank behind each point: "8. 11. 2026"
      const bool taken = scan.take(mark);
      apart = (mark == '.' && scan.blanks(1) > 0) || apart;
      return taken;
    };
    if ((mark == '.' || mark == '/' || mark == '-') && next() && scan.number(1, 2, b) && next() &&
        take_year(scan, p.year, !apart)) {
      if (mark == '.' || a > 12)
        order = DateOrder::day_first;
      else if (b > 12)
        order = DateOrder::month_first;
      else if (a == b)
        order = DateOrder::day_first;
      if (order == DateOrder::unknown) {
        p.first = a;
        p.second_number = b;
      }
      p.day = order == DateOrder::month_first ? b : a;
      p.month = order == DateOrder::month_first ? a : b;
      return p.day >= 1 && p.month >= 1;
    }
  }
  scan.go(begin);
  return false;
}

// "2026年10月9日", "2026년 10월 9일"
bool date_in_signs(Scan& scan, Parts& p) {
  const std::size_t begin = scan.at();
  const auto sign = [&](std::string_view chinese, std::string_view korean) {
    const bool taken = scan.take_word(chinese) || scan.take_word(korean);
    scan.blanks(1);
    return taken;
  };
  if (scan.fixed(4, p.year) && year_in_range(p.year) && sign("\xe5\xb9\xb4", "\xeb\x85\x84") &&
      scan.number(1, 2, p.month) && sign("\xe6\x9c\x88", "\xec\x9b\x94") && scan.number(1, 2, p.day) &&
      (scan.take_word("\xe6\x97\xa5") || scan.take_word("\xec\x9d\xbc")))
    return true;
  scan.go(begin);
  return false;
}

// "10/10-04:04:05.123456", as Snort and Suricata write an alert: the month first, no year.
bool date_of_alert(Scan& scan, Parts& p) {
  const std::size_t begin = scan.at();
  if (scan.number(2, 2, p.month) && scan.take('/') && scan.number(2, 2, p.day) && scan.peek() == '-' &&
      is_digit(scan.peek(1)) && is_digit(scan.peek(2)) && scan.peek(3) == ':') {
    p.no_year = true;
    return true;
  }
  scan.go(begin);
  return false;
}

}  // namespace

bool take_date(Scan& scan, Parts& p, DateOrder order) {
  const std::size_t begin = scan.at();
  weekday(scan);
  if (date_year_first(scan, p) || date_in_signs(scan, p) || date_day_first(scan, p) || date_month_first(scan, p) ||
      date_of_numbers(scan, p, order) || date_of_alert(scan, p))
    return true;
  scan.go(begin);
  return false;
}

}  // namespace abate::reading::when
