// SPDX-License-Identifier: Apache-2.0
#include "reading/regions.h"

#include <array>
#include <string>
#include <vector>

#include "base/text.h"

namespace abate::reading {
namespace {

using std::chrono::minutes;

constexpr std::size_t kNameBytesMax = 40;
constexpr std::size_t kLeadBytesMax = 40;

struct Place {
  std::string_view name;  // lower case
  Clock clock;
};

constexpr Clock kWestern{0, Summer::european};
constexpr Clock kCentral{60, Summer::european};
constexpr Clock kEastern{120, Summer::european};
constexpr Clock kMoscow{180, Summer::none};
constexpr Clock kChina{480, Summer::none};
constexpr Clock kJapan{540, Summer::none};
constexpr Clock kBrazil{-180, Summer::none};
constexpr Clock kUsEast{-300, Summer::american};
constexpr Clock kUsCentral{-360, Summer::american};
constexpr Clock kUsMountain{-420, Summer::american};
constexpr Clock kUsPacific{-480, Summer::american};

// Cities, and what countries and their people are called.
constexpr auto kPlaces = std::to_array<Place>({
    {"berlin", kCentral},
    {"paris", kCentral},
    {"madrid", kCentral},
    {"rome", kCentral},
    {"roma", kCentral},
    {"amsterdam", kCentral},
    {"brussels", kCentral},
    {"bruxelles", kCentral},
    {"vienna", kCentral},
    {"wien", kCentral},
    {"zurich", kCentral},
    {"zürich", kCentral},
    {"prague", kCentral},
    {"praha", kCentral},
    {"warsaw", kCentral},
    {"warszawa", kCentral},
    {"budapest", kCentral},
    {"stockholm", kCentral},
    {"oslo", kCentral},
    {"copenhagen", kCentral},
    {"belgrade", kCentral},
    {"zagreb", kCentral},
    {"ljubljana", kCentral},
    {"bratislava", kCentral},
    {"luxembourg", kCentral},
    {"german", kCentral},
    {"french", kCentral},
    {"italian", kCentral},
    {"polish", kCentral},
    {"dutch", kCentral},
    {"nederlandse", kCentral},
    {"svensk", kCentral},
    {"dansk", kCentral},
    {"norsk", kCentral},
    {"magyar", kCentral},
    {"suomen", kEastern},
    {"київським", kEastern},
    {"києвом", kEastern},
    {"киевскому", kEastern},
    {"swiss", kCentral},
    {"czech", kCentral},
    {"swedish", kCentral},
    {"danish", kCentral},
    {"norwegian", kCentral},
    {"hungarian", kCentral},
    {"deutscher", kCentral},
    {"polski", kCentral},
    {"polskiego", kCentral},
    {"warszawski", kCentral},
    {"warszawskiego", kCentral},
    {"française", kCentral},
    {"peninsular", kCentral},
    {"española", kCentral},
    {"italiana", kCentral},
    {"central european", kCentral},
    {"mitteleuropäische", kCentral},
    {"mitteleuropäischer", kCentral},
    {"london", kWestern},
    {"dublin", kWestern},
    {"lisbon", kWestern},
    {"lisboa", kWestern},
    {"uk", kWestern},
    {"british", kWestern},
    {"helsinki", kEastern},
    {"athens", kEastern},
    {"kiev", kEastern},
    {"kyiv", kEastern},
    {"bucharest", kEastern},
    {"sofia", kEastern},
    {"riga", kEastern},
    {"tallinn", kEastern},
    {"vilnius", kEastern},
    {"eastern european", kEastern},
    {"finnish", kEastern},
    {"bucurești", kEastern},
    {"româniei", kEastern},
    {"romaniei", kEastern},
    {"romanian", kEastern},
    {"moscow", kMoscow},
    {"minsk", kMoscow},
    {"istanbul", kMoscow},
    {"turkey", kMoscow},
    {"türkiye", kMoscow},
    {"московское", kMoscow},
    {"московскому", kMoscow},
    {"московского", kMoscow},
    {"москве", kMoscow},
    {"beijing", kChina},
    {"shanghai", kChina},
    {"chongqing", kChina},
    {"china", kChina},
    {"hong_kong", kChina},
    {"hong kong", kChina},
    {"taipei", kChina},
    {"singapore", kChina},
    {"manila", kChina},
    {"perth", kChina},
    {"kuala_lumpur", kChina},
    {"tokyo", kJapan},
    {"japan", kJapan},
    {"seoul", kJapan},
    {"korea", kJapan},
    {"kolkata", {330, Summer::none}},
    {"calcutta", {330, Summer::none}},
    {"india", {330, Summer::none}},
    {"indian", {330, Summer::none}},
    {"karachi", {300, Summer::none}},
    {"tashkent", {300, Summer::none}},
    {"dubai", {240, Summer::none}},
    {"dhaka", {360, Summer::none}},
    {"bangkok", {420, Summer::none}},
    {"jakarta", {420, Summer::none}},
    {"ho_chi_minh", {420, Summer::none}},
    {"johannesburg", {120, Summer::none}},
    {"nairobi", {180, Summer::none}},
    {"lagos", {60, Summer::none}},
    {"sao_paulo", kBrazil},
    {"são paulo", kBrazil},
    {"brasilia", kBrazil},
    {"brasília", kBrazil},
    {"argentina/buenos_aires", kBrazil},
    {"buenos_aires", kBrazil},
    {"buenos aires", kBrazil},
    {"bogota", {-300, Summer::none}},
    {"bogotá", {-300, Summer::none}},
    {"lima", {-300, Summer::none}},
    {"new_york", kUsEast},
    {"new york", kUsEast},
    {"toronto", kUsEast},
    {"detroit", kUsEast},
    {"montreal", kUsEast},
    {"us/eastern", kUsEast},
    {"us eastern", kUsEast},
    {"eastern", kUsEast},
    {"chicago", kUsCentral},
    {"us/central", kUsCentral},
    {"us central", kUsCentral},
    {"denver", kUsMountain},
    {"us/mountain", kUsMountain},
    {"mountain", kUsMountain},
    {"los_angeles", kUsPacific},
    {"los angeles", kUsPacific},
    {"vancouver", kUsPacific},
    {"us/pacific", kUsPacific},
    {"us pacific", kUsPacific},
    {"pacific", kUsPacific},
    {"phoenix", {-420, Summer::none}},
    {"sydney", {600, Summer::australian}},
    {"melbourne", {600, Summer::australian}},
    {"brisbane", {600, Summer::none}},
    {"auckland", {720, Summer::zealandian}},
});

// Whole, without a word for time beside it.
constexpr auto kPhrases = std::to_array<Place>({
    {"北京时间", kChina},
    {"北京時間", kChina},
    {"中国标准时间", kChina},
    {"台北時間", kChina},
    {"日本時間", kJapan},
    {"日本标准时间", kJapan},
    {"한국시간", kJapan},
    {"한국 시간", kJapan},
    {"한국표준시", kJapan},
    {"莫斯科时间", kMoscow},
});

constexpr auto kAreas =
    std::to_array<std::string_view>({"europe/", "america/", "asia/", "africa/", "australia/", "pacific/", "atlantic/"});
constexpr auto kLeads = std::to_array<std::string_view>(
    {"heure de ",   "heure d'",    "heure ",  "hora de ",   "hora local de ",   "hora ",           "horario de ",
     "horário de ", "horario ",    "ora di ", "ora ",       "czasu ",           "czas ",           "local time in ",
     "time in ",    "time of ",    "saat ",   "tijd in ",   "время в ",         "время ",          "по ",
     "zeit in ",    "uhrzeit in ", "за ",     "ora de la ", "fuso horario de ", "fuso horário de "});
constexpr auto kTails = std::to_array<std::string_view>(
    {" standard time", " daylight time", " summer time", " local time", " time", " zeit", " saati", " время",
     " времени", " часом", " час", " tid", " tijd", " idő", " čas", " aikaa", " local hour"});

bool ends_word(std::string_view text, std::size_t at) {
  if (at >= text.size()) return true;
  const char c = text[at];
  return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0xc0);
}

// By the first byte of their names, small.
const std::array<std::vector<const Place*>, 256>& places_by_begin() {
  static const auto all = [] {
    std::array<std::vector<const Place*>, 256> out;
    for (const Place& place : kPlaces) out[static_cast<unsigned char>(place.name.front())].push_back(&place);
    return out;
  }();
  return all;
}

const Place* place_at(std::string_view text) {
  if (text.empty()) return nullptr;
  const char first = text.front() >= 'A' && text.front() <= 'Z' ? static_cast<char>(text.front() + 32) : text.front();
  const Place* found = nullptr;
  for (const Place* each : places_by_begin()[static_cast<unsigned char>(first)])
    if (const Place& place = *each; starts_with_ignoring_case(text, place.name) && ends_word(text, place.name.size()) &&
                                    (found == nullptr || place.name.size() > found->name.size()))
      found = &place;
  return found;
}

template <std::size_t N>
std::size_t one_of(const std::array<std::string_view, N>& words, std::string_view text) {
  for (const std::string_view word : words)
    if (starts_with_ignoring_case(text, word)) return word.size();
  return 0;
}

// The `nth` Sunday of a month (from 1), or its last (0).
std::chrono::sys_days sunday(std::chrono::year year, unsigned month, unsigned nth) {
  using namespace std::chrono;
  if (nth == 0) return sys_days{year / std::chrono::month{month} / Sunday[last]};
  return sys_days{year / std::chrono::month{month} / Sunday[nth]};
}

// On the wall clock without summer time.
bool is_summer(Summer summer, Instant standard, int minutes_east) {
  using std::chrono::hours;
  const std::chrono::year year{std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(standard)}.year()};
  const auto within = [&](Instant begin, Instant end) { return standard >= begin && standard < end; };
  switch (summer) {
    case Summer::none: return false;
    case Summer::european: {
      const auto turn = hours{1} + minutes{minutes_east};  // 01:00 UTC everywhere
      return within(sunday(year, 3, 0) + turn, sunday(year, 10, 0) + turn);
    }
    case Summer::american: return within(sunday(year, 3, 2) + hours{2}, sunday(year, 11, 1) + hours{1});
    case Summer::australian: return !within(sunday(year, 4, 1) + hours{2}, sunday(year, 10, 1) + hours{2});
    case Summer::zealandian: return !within(sunday(year, 4, 1) + hours{2}, sunday(year, 9, 0) + hours{2});
  }
  return false;
}

}  // namespace

minutes east_of(const Clock& clock, Instant wall) {
  const minutes winter{clock.minutes_east};
  // The wall clock of summer is an hour ahead; in the hour that comes twice, the first of them is meant.
  return is_summer(clock.summer, wall - std::chrono::hours{1}, clock.minutes_east) ? winter + minutes{60} : winter;
}

std::optional<FoundRegion> region_at(std::string_view text) {
  text = text.substr(0, kLeadBytesMax + kNameBytesMax);
  const bool signs = !text.empty() && static_cast<unsigned char>(text.front()) >= 0xe0;
  for (const Place& phrase : kPhrases)
    if (signs && text.starts_with(phrase.name)) return FoundRegion{&phrase.clock, phrase.name.size()};
  if (const std::size_t area = one_of(kAreas, text)) {
    const Place* place = place_at(text.substr(area));
    return place == nullptr ? std::nullopt : std::optional(FoundRegion{&place->clock, area + place->name.size()});
  }
  const std::size_t lead = one_of(kLeads, text);
  const Place* place = place_at(text.substr(lead));
  if (place == nullptr) return std::nullopt;
  const std::size_t end = lead + place->name.size();
  const std::size_t tail = one_of(kTails, text.substr(end));
  const bool whole = place->name.find('/') != std::string_view::npos;  // "US/Eastern"
  if (lead == 0 && tail == 0 && !whole) return std::nullopt;
  return FoundRegion{&place->clock, end + tail};
}

const Clock* region_named(std::string_view text) {
  const Place* place = place_at(text);
  return place != nullptr && place->name.size() == text.size() ? &place->clock : nullptr;
}

std::optional<FoundRegion> region_in(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && !ends_word(text, i - 1) && static_cast<unsigned char>(text[i]) < 0xe0) continue;
    if (auto found = region_at(text.substr(i))) {
      found->end += i;
      return found;
    }
  }
  return std::nullopt;
}

}  // namespace abate::reading
