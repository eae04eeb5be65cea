// SPDX-License-Identifier: Apache-2.0
// base/time.h — instants in UTC, spans between them, and their text forms.
//
// An Instant is exact. A time whose zone nobody knows is not an Instant but a TimeSpan: it lies somewhere in
// [begin, end). Microseconds since 1970-01-01T00:00:00Z; all functions are pure and thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace abate {

using Duration = std::chrono::microseconds;
using Instant = std::chrono::sys_time<Duration>;

struct TimeSpan {  // half-open: begin is in, end is out. begin == end is one instant.
  Instant begin;
  Instant end;
  friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

constexpr Instant kDistantPast{Duration{std::int64_t{-62135596800} * 1000000}};    // 0001-01-01
constexpr Instant kDistantFuture{Duration{std::int64_t{253402300799} * 1000000}};  // 9999-12-31T23:59:59

// How far a wall clock of unknown zone may lie from its reading as UTC: UTC+14 (Kiribati) to UTC-12.
constexpr std::chrono::hours kZoneEastMax{14};
constexpr std::chrono::hours kZoneWestMax{12};
// Never leaves kDistantPast..kDistantFuture.
TimeSpan span_of_unzoned(Instant read_as_utc);

// "2026-01-02T03:04:05Z"; a fraction is written only where there is one.
std::string format_rfc3339(Instant at);
// Always six digits of fraction: the form that the hash chain stands on.
std::string format_rfc3339_exact(Instant at);
// "2 January 2026, 03:04 UTC", for people.
std::string format_for_people(Instant at);
// "Fri, 02 Jan 2026 03:04:05 +0000", for mail.
std::string format_rfc5322(Instant at);

// RFC 3339 with a zone ("Z" or an offset; a blank instead of "T" is taken too). Without a zone: malformed.
Result<Instant> parse_rfc3339(std::string_view text);

struct ParsedTime {
  Instant at;  // where `zoned` is false: the wall clock read as if it were UTC
  bool zoned;
};
// RFC 3339 with or without a zone; a fraction of any length (cut to microseconds), offsets as +hh:mm, +hhmm or +hh.
// A leap second counts as the second before it, here and below. Years 0001 to 9999.
Result<ParsedTime> parse_rfc3339_lenient(std::string_view text);
// RFC 5322 section 3.3 and its obsolete zone names, comments skipped, the day of the week optional and not believed.
// No zone, or a name that nobody can place ("CEST"): not zoned. "-0000" is UTC. After the zone only a comment or a
// word.
Result<ParsedTime> parse_rfc5322(std::string_view text);

std::int64_t to_micros(Instant at);
Instant from_micros(std::int64_t micros);

// Durations as in the configuration: "90s", "15m", "24h", "7d". Whole, positive, at most 10 years.
Result<std::chrono::seconds> parse_duration(std::string_view text);
std::string format_duration(std::chrono::seconds duration);

}  // namespace abate
