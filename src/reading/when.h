// SPDX-License-Identifier: Apache-2.0
// reading/when.h — times as people and programs write them, alone or in running text, and the zone they mean.
//
//   TimeHints hints = hints_of(text, date_field);           // zone and day/month order that the whole text tells
//   for (const FoundTime& found : times_in(text, hints, 100)) ...
//
// Read: RFC 3339 with "T" or a blank, "10/Oct/2026:13:55:36 -0700", "07.Dec.2021 - 08:06:10 PM", "Fri Sep 15 18:55:37
// UTC 2023", "Oct 10 13:55:36" (the year is the last one that does not lie after `around`), "20260110T101112Z",
// "10/10-13:55:36.123456" (Snort), "Date: 2026-10-10" with "Time: 13:55:36" on the next line, "10.10.2026 13:55",
// "13:55:36 on 10 October 2026", "2014-01-31 07:19:02 CET", "UTC+2", "GMT+0100", "2026年10月10日 13時55分", "10/10/2026
// à 13h55", "8. 11. 2026 v 18:05 (SEČ)", "(heure de Paris)", "Europe/Madrid", date=2026-10-10 time=13:55:36 tz="+0200",
// and seconds since 1970 in a log. Of two clocks with one zone behind ("between 10:00 and 10:30 UTC") both have it.
//
// Never a false instant: a zone comes from the value, else from the text (hints), else the time is unzoned. Names that
// several zones share (CST, IST, BST, AST) place nothing, and a time that bears one is unzoned whatever the text says,
// but where the Date of the mail bears one of the offsets that the name may mean.
// "03/04/2026" is read only when something tells the order: another date in the text, or which of the two readings lies
// within kOrderWindow before `around`. Pure; thread-safe; linear.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "reading/regions.h"

namespace abate::reading {

enum class DateOrder : unsigned char { unknown, day_first, month_first };

struct TimeHints {
  std::optional<std::chrono::minutes> east;         // the zone that the text names for its times
  const Clock* region = nullptr;                    // or the city or country whose clock they show
  std::optional<std::chrono::minutes> sender_east;  // of the Date of the mail: settles what "CST" means, no more
  DateOrder order = DateOrder::unknown;             // of "03/04/2026"
  std::optional<Instant> around;                    // when the report was written
};

struct FoundTime {
  std::size_t begin = 0;
  std::size_t end = 0;
  ParsedTime time{};
  bool zone_in_value = false;
  std::optional<std::chrono::minutes> east;  // the zone that the value itself names
};

constexpr std::chrono::days kOrderWindow{21};
constexpr std::chrono::days kEpochWindow{400};     // before the report, in which bare seconds since 1970 are a time
constexpr std::size_t kHintBytesMax = 256 * 1024;  // of a text that are searched for hints

// "CEST" -> +120 min; nothing for names that are unknown or that several zones share. Any case.
std::optional<std::chrono::minutes> zone_of_name(std::string_view name);
// "CST", "IST": and whether `east` is one of the zones that the name is used for.
bool is_shared_zone(std::string_view name);
bool may_mean(std::string_view name, std::chrono::minutes east);

// The longest time that begins exactly at `at`.
std::optional<FoundTime> time_at(std::string_view text, std::size_t at, const TimeHints& hints);
// All times, from left to right.
std::vector<FoundTime> times_in(std::string_view text, const TimeHints& hints, std::size_t count_max);
// "All times are UTC", "time zone: +0200", "Timestamp (CEST)". Two that differ tell nothing.
std::optional<std::chrono::minutes> zone_in_prose(std::string_view text,
                                                  std::optional<std::chrono::minutes> sender_east = {});
// "Times are Europe/Berlin", "log times: Moscow time". Two that differ tell nothing.
const Clock* region_in_prose(std::string_view text);
TimeHints hints_of(std::string_view text, std::optional<Instant> around,
                   std::optional<std::chrono::minutes> sender_east = {});

// "1760104536", "1760104536123", "1760104536.5": seconds or milliseconds since 1970, between 1990 and 2100.
std::optional<Instant> epoch_of(std::string_view value);

}  // namespace abate::reading
