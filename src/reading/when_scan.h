// SPDX-License-Identifier: Apache-2.0
// reading/when_scan.h — the steps by which when.cc walks over a time, and the shapes of dates. Inside matters of
// `when`.
#pragma once

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <string_view>

#include "base/text.h"
#include "reading/when.h"

namespace abate::reading::when {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }
inline bool is_word(char c) { return is_digit(c) || is_letter(c) || static_cast<unsigned char>(c) >= 0x80; }

struct Parts {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, micros = 0;
  bool no_year = false;
  int first = 0, second_number = 0;  // "03/04/2026" of unknown order
  const Clock* region = nullptr;     // whose clock it is, where no zone is named
  std::string_view shared_zone;      // "CST", which alone tells nothing
};

class Scan {  // walks over the text; a step that fails leaves the place as it was
 public:
  Scan(std::string_view text, std::size_t at) : text_{text}, at_{at} {}
  [[nodiscard]] std::size_t at() const { return at_; }
  void go(std::size_t at) { at_ = at; }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  [[nodiscard]] std::string_view rest() const { return text_.substr(std::min(at_, text_.size())); }
  [[nodiscard]] std::string_view behind() const { return text_.substr(0, std::min(at_, text_.size())); }
  bool take(char c) { return peek() == c && c != '\0' ? (++at_, true) : false; }
  bool take_word(std::string_view word) {
    if (!starts_with_ignoring_case(rest(), word)) return false;
    at_ += word.size();
    return true;
  }
  std::size_t blanks(std::size_t most) {
    std::size_t n = 0;
    while (n < most && (peek() == ' ' || peek() == '\t')) ++at_, ++n;
    return n;
  }
  // A whole run of `least` to `most` digits.
  bool number(std::size_t least, std::size_t most, int& out) {
    std::size_t n = 0;
    int value = 0;
    while (n < most && is_digit(peek(n))) value = value * 10 + (peek(n++) - '0');
    if (n < least || is_digit(peek(n))) return false;
    out = value;
    at_ += n;
    return true;
  }
  bool fixed(std::size_t digits, int& out) {
    int value = 0;
    for (std::size_t n = 0; n < digits; ++n) {
      if (!is_digit(peek(n))) return false;
      value = value * 10 + (peek(n) - '0');
    }
    out = value;
    at_ += digits;
    return true;
  }
  // The name of a month, in the languages that date.cc knows.
  bool month(int& out);

 private:
  std::string_view text_;
  std::size_t at_;
};

inline bool take_any(Scan& scan, std::initializer_list<std::string_view> signs) {
  return std::ranges::any_of(signs, [&](std::string_view sign) { return scan.take_word(sign); });
}

enum class ZoneSeen : unsigned char { none, placed, unplaced };
// What may stand behind the clock: " +0200 (CEST)", "Z", " UTC+2", " CET", " (GMT)", "[+0200]", or a region.
ZoneSeen zone(Scan& scan, Parts& p, std::chrono::minutes& east);

// A log's time in seconds since 1970 at `at`: alone at the beginning of a line, or behind a word for a time.
std::optional<FoundTime> epoch_at(std::string_view text, std::size_t at, const TimeHints& hints);

bool year_in_range(int year);
bool take_year(Scan& scan, int& out, bool short_allowed);
// A date in any shape that when.h names.
bool take_date(Scan& scan, Parts& p, DateOrder order);

}  // namespace abate::reading::when
