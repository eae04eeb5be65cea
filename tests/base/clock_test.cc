// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <gtest/gtest.h>

namespace abate {
namespace {

TEST(Clock, a_manual_clock_moves_only_when_told_to) {
  const Instant start = from_micros(1'000'000);
  ManualClock clock{start};
  EXPECT_EQ(clock.now(), start);
  clock.advance(std::chrono::hours{24});
  EXPECT_EQ(clock.now(), start + std::chrono::hours{24});
  clock.set(start);
  EXPECT_EQ(clock.now(), start);
}

TEST(Clock, the_system_clock_tells_the_time_of_the_system) {
  const auto before = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  const Instant now = SystemClock{}.now();
  EXPECT_LE(before, now);
  EXPECT_LE(now, std::chrono::system_clock::now());
}

}  // namespace
}  // namespace abate
