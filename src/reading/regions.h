// SPDX-License-Identifier: Apache-2.0
// reading/regions.h — the clock of a city or country, where a report names one instead of a zone: "Europe/Madrid",
// "heure de Paris", "czas polski", "北京时间", "Eastern Time".
//
//   if (const auto region = region_in("heure de Paris")) Instant at = wall - east_of(*region->clock, wall);
//
// Summer time follows the rules in force since 2007 (USA) and 1996 (European Union); places whose rules changed often
// since (Cairo, Santiago, Jerusalem) are left out: a time there stays without a zone. Source: tz database 2024a. Pure;
// thread-safe; linear.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace abate::reading {

enum class Summer : unsigned char { none, european, american, australian, zealandian };

struct Clock {
  int minutes_east = 0;  // in winter
  Summer summer = Summer::none;
};

struct FoundRegion {
  const Clock* clock = nullptr;
  std::size_t end = 0;  // behind it, in the text searched
};

// Minutes east of UTC of a wall clock that shows `wall`.
std::chrono::minutes east_of(const Clock& clock, Instant wall);
// A region named as one whose time it is; nothing for a mere city ("our office in Berlin").
std::optional<FoundRegion> region_in(std::string_view text);
// The same right at the beginning: " Europe/Madrid", " Paris time", " heure de Paris".
std::optional<FoundRegion> region_at(std::string_view text);
// A place and nothing else, as in brackets behind a clock: "Paris".
const Clock* region_named(std::string_view text);

}  // namespace abate::reading
