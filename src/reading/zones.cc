// SPDX-License-Identifier: Apache-2.0
// Zones by name, and where a text names one for all its times.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "reading/when.h"

namespace abate::reading {
namespace {

using std::chrono::minutes;

struct Zone {
  std::string_view name;
  int minutes_east;
};
// Offsets as in everyday use. Left out on purpose, for they mean several zones: CST, IST, BST, AST, ADT, GST, PST's kin
// of the Philippines is so rare in logs that RFC 5322's meaning stands.
constexpr std::array kZones{
    Zone{"UTC", 0},     Zone{"GMT", 0},     Zone{"UT", 0},     Zone{"Z", 0},      Zone{"WET", 0},    Zone{"WEST", 60},
    Zone{"CET", 60},    Zone{"CEST", 120},  Zone{"MEZ", 60},   Zone{"MESZ", 120}, Zone{"MET", 60},   Zone{"MEST", 120},
    Zone{"EET", 120},   Zone{"EEST", 180},  Zone{"MSK", 180},  Zone{"MSD", 240},  Zone{"EST", -300}, Zone{"EDT", -240},
    Zone{"CDT", -300},  Zone{"MST", -420},  Zone{"MDT", -360}, Zone{"PST", -480}, Zone{"PDT", -420}, Zone{"AKST", -540},
    Zone{"AKDT", -480}, Zone{"HST", -600},  Zone{"JST", 540},  Zone{"KST", 540},  Zone{"HKT", 480},  Zone{"SGT", 480},
    Zone{"ICT", 420},   Zone{"WIB", 420},   Zone{"PHT", 480},  Zone{"AEST", 600}, Zone{"AEDT", 660}, Zone{"ACST", 570},
    Zone{"ACDT", 630},  Zone{"AWST", 480},  Zone{"NZST", 720}, Zone{"NZDT", 780}, Zone{"SAST", 120}, Zone{"BRT", -180},
    Zone{"ART", -180},  Zone{"CLST", -180}, Zone{"UYT", -180}, Zone{"COT", -300}, Zone{"PET", -300}, Zone{"PKT", 300},
    Zone{"NPT", 345},   Zone{"TRT", 180},   Zone{"IDT", 180},  Zone{"EAT", 180},  Zone{"CAT", 120},  Zone{"WAT", 60},
    Zone{"YEKT", 300},  Zone{"NOVT", 420},  Zone{"VLAT", 600}, Zone{"UZT", 300},  Zone{"WITA", 480}, Zone{"WIT", 540},
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

// What a sentence says when it speaks of its times, in the languages of those who report.
constexpr auto kTimeWords = std::to_array<std::string_view>(
    {"seen",   "horár",   "ajak", "saat",  "tz",   "detected", "Врем", "когда", "time", "date",
     "stamp",  "clock",   "zone", "hour",  "log",  "uhr",      "zeit", "heure", "hora", "fecha",
     "orari",  "horodat", "fuso", "huso",  "tijd", "tid",      "dato", "datum", "czas", "dat",
     "orario", "ora ",    "saat", "zaman", "врем", "Врем",     "час",  "дата",  "时间", "時間"});

bool speaks_of_time(std::string_view text) {
  const std::string lower = to_lower(text);
  for (const std::string_view word : kTimeWords)
    if (lower.find(word) != std::string::npos) return true;
  return false;
}

// The stretch of the sentence before `at`, at most 70 bytes.
std::string_view sentence_before(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && at - begin < 70) {
    const char c = text[begin - 1];
    if (c == '\n' && begin > 1 && text[begin - 2] == '\n') break;
    if ((c == '.' || c == '!' || c == '?') && begin < text.size() && (text[begin] == ' ' || text[begin] == '\n')) break;
    --begin;
  }
  return text.substr(begin, at - begin);
}

// A zone that stands behind the digits of a time belongs to that time and says nothing of the others.
bool follows_a_time(std::string_view before) {
  std::size_t end = before.size();
  while (end > 0 && (before[end - 1] == ' ' || before[end - 1] == '(')) --end;
  return end > 0 &&
         (is_digit(before[end - 1]) || (end > 1 && (before[end - 1] | 32) == 'm' &&
                                        std::string_view("apAP").find(before[end - 2]) != std::string_view::npos));
}

// "+2", "+02", "+0200", "+02:00", "+5:30" at `at`; moves it behind.
std::optional<minutes> offset_at(std::string_view text, std::size_t& at) {
  std::size_t i = at;
  if (i >= text.size() || (text[i] != '+' && text[i] != '-')) return std::nullopt;
  const int sign = text[i++] == '-' ? -1 : 1;
  std::size_t digits = 0;
  int value = 0;
  while (i < text.size() && is_digit(text[i]) && digits < 5) value = value * 10 + (text[i++] - '0'), ++digits;
  if (digits == 0 || digits > 4) return std::nullopt;
  int hours = value;
  int mins = 0;
  if (digits > 2) {
    hours = value / 100;
    mins = value % 100;
  } else if (i + 2 < text.size() + 0 && text[i] == ':' && is_digit(text[i + 1]) && is_digit(text[i + 2])) {
    mins = (text[i + 1] - '0') * 10 + (text[i + 2] - '0');
    i += 3;
  }
  if (hours > 14 || mins > 59 || (i < text.size() && is_word(text[i]))) return std::nullopt;
  at = i;
  return minutes{sign * (hours * 60 + mins)};
}

struct Named {
  std::optional<minutes> east;
  bool is_zone = false;  // also where it cannot be placed
};

// Names that several zones share, and what each may mean: none, where that is not known.
constexpr auto kShared = std::to_array<Zone>({{"CST", -360},
                                              {"CST", 480},
                                              {"IST", 330},
                                              {"IST", 120},
                                              {"IST", 60},
                                              {"BST", 60},
                                              {"BST", 360},
                                              {"AST", -240},
                                              {"AST", 180},
                                              {"ADT", -180},
                                              {"GST", 240},
                                              {"GST", -120},
                                              {"VET", -240},
                                              {"CLT", -240}});

Named zone_word_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_letter(text[end])) ++end;
  const std::string_view word = text.substr(at, end - at);
  if (word.size() < 2 || word.size() > 5 || (end < text.size() && (is_word(text[end]) || text[end] == '@'))) return {};
  for (const char c : word)
    if (c < 'A' || c > 'Z') return {};
  if (is_shared_zone(word)) return {std::nullopt, true};
  auto east = zone_of_name(word);
  if (!east) return {};
  if (east == minutes{0} && word.size() > 1) {
    std::size_t behind = end;
    while (behind < text.size() && text[behind] == ' ' && behind < end + 1) ++behind;
    if (const auto shift = offset_at(text, behind)) east = shift;
  }
  return {east, true};
}

bool ends_with_zone_word(std::string_view before) {
  const std::string lower = to_lower(trim(before.substr(before.size() > 40 ? before.size() - 40 : 0)));
  for (const std::string_view word : {"zone", "offset", "horaire", "horaria", "horario", "пояс", "tz"})
    if (lower.find(word) != std::string::npos) return true;
  return false;
}

}  // namespace

std::optional<minutes> zone_of_name(std::string_view name) {
  for (const Zone& zone : kZones)
    if (equals_ignoring_case(zone.name, name)) return minutes{zone.minutes_east};
  return std::nullopt;
}

bool is_shared_zone(std::string_view name) {
  return std::ranges::any_of(kShared, [&](const Zone& zone) { return zone.name == name; });
}

bool may_mean(std::string_view name, minutes east) {
  return std::ranges::any_of(kShared,
                             [&](const Zone& zone) { return zone.name == name && minutes{zone.minutes_east} == east; });
}

std::optional<minutes> zone_in_prose(std::string_view text, std::optional<minutes> sender_east) {
  text = text.substr(0, kHintBytesMax);
  std::optional<minutes> told;
  bool several = false;
  const auto tell = [&](std::optional<minutes> east) {
    if (!east || (told && *told != *east)) several = true;
    if (east) told = east;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && is_word(text[i - 1])) continue;
    if (text[i] >= 'A' && text[i] <= 'Z') {
      const Named named = zone_word_at(text, i);
      if (!named.is_zone) continue;
      const std::string_view before = sentence_before(text, i);
      const bool plain = text.substr(i).starts_with("UTC") || text.substr(i).starts_with("GMT");  // always about times
      if (!follows_a_time(before) && (plain || speaks_of_time(before))) {
        // "(IST)" from one whose own clock is one of those that IST may be
        const bool settled = !named.east && sender_east && may_mean(text.substr(i, 3), *sender_east);
        tell(settled ? sender_east : named.east);
      }
    } else if ((text[i] == '+' || text[i] == '-') && i + 1 < text.size() && is_digit(text[i + 1])) {
      const std::string_view before = sentence_before(text, i);
      std::size_t end = i;
      if (!ends_with_zone_word(before)) continue;
      if (before.ends_with("UTC") || before.ends_with("GMT") || before.ends_with("UTC ") || before.ends_with("GMT "))
        continue;  // told already
      if (const auto east = offset_at(text, end)) tell(east);
    }
  }
  return several ? std::nullopt : told;
}

const Clock* region_in_prose(std::string_view text) {
  text = text.substr(0, kHintBytesMax);
  const Clock* told = nullptr;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((i > 0 && is_word(text[i - 1]) && c < 0xe0) || (c < 0xe0 && !is_letter(text[i]))) continue;
    const bool small = c >= 'a' && c <= 'z';  // names are large; only the words that lead to them are not
    if (small && std::string_view("choztslfu").find(text[i]) == std::string_view::npos) continue;
    const auto region = region_at(text.substr(i));
    if (!region) continue;
    const std::string_view before = sentence_before(text, i);
    const bool itself = speaks_of_time(text.substr(i, region->end));  // "Moscow time", "北京时间"
    if (follows_a_time(before) || !(itself || speaks_of_time(before))) {
      i += region->end - 1;
      continue;
    }
    if (told != nullptr && (told->minutes_east != region->clock->minutes_east || told->summer != region->clock->summer))
      return nullptr;
    told = region->clock;
    i += region->end - 1;
  }
  return told;
}

}  // namespace abate::reading
