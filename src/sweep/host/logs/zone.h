// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/zone.h — the server's own time zone: wall clock to UTC and back (TZif, RFC 8536).
//
//   const Zone zone = read_zone(tree);          // of the root's /etc/localtime, never of this machine
//   std::int64_t utc = zone.utc_of(wall_s, before_s);
//
// Seconds since 1970, as UTC and as if the wall clock were UTC. A wall time that came twice (the hour that autumn
// repeats) is the earlier one, unless what stood before it in the log is later than that; one that never came (spring's
// gap) is read with the offset from before the gap. Without the file: UTC. Immutable, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/kit/tree.h"

namespace abate::sweep {

class Zone {
 public:
  Zone() = default;  // UTC
  // Bytes of a TZif file, version 1 to 4; nothing where they are none.
  static std::optional<Zone> parse(std::string_view bytes);

  [[nodiscard]] std::int64_t offset_s(std::int64_t utc_s) const;
  [[nodiscard]] std::int64_t utc_of(std::int64_t wall_s, std::int64_t before_utc_s) const;

  static constexpr std::size_t kTransitionsMax = 3000;

 private:
  struct Transition {
    std::int64_t at;
    std::int64_t offset;
  };
  struct Rule {  // one of the two days of a year in the footer
    enum class Kind : std::uint8_t { month_week_day, julian, day_of_year } kind = Kind::month_week_day;
    int month = 0, week = 0, day = 0;
    std::int64_t second = 7200;
    [[nodiscard]] std::int64_t wall_in(std::int64_t year) const;
  };
  bool read_footer(std::string_view text);

  std::int64_t first_offset_ = 0;
  std::vector<Transition> transitions_;
  // After the last transition.
  std::int64_t standard_ = 0;
  std::int64_t summer_ = 0;
  bool has_footer_ = false;
  bool has_summer_ = false;
  Rule to_summer_, to_standard_;
};

Zone read_zone(const Tree& tree);

// Days since 1970-01-01 of a day in the Gregorian calendar; any month and day are taken.
std::int64_t days_of(std::int64_t year, int month, int day);
std::int64_t year_of(std::int64_t seconds);

}  // namespace abate::sweep
