// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <set>

#include <gtest/gtest.h>

namespace abate {
namespace {

constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";

TEST(Random, a_token_holds_all_its_bits_in_safe_digits) {
  for (std::size_t bytes = 0; bytes <= 40; ++bytes) {
    const std::string token = random_token(bytes);
    EXPECT_EQ(token.size(), (bytes * 8 + 4) / 5);
    EXPECT_EQ(token.find_first_not_of(kDigits), std::string::npos) << token;
  }
}

TEST(Random, every_digit_comes_up_at_every_place) {
  std::array<std::set<char>, 16> seen;
  for (int i = 0; i < 2000; ++i) {
    const std::string token = random_token(10);
    for (std::size_t at = 0; at < seen.size(); ++at) seen[at].insert(token[at]);
  }
  for (const auto& digits : seen) EXPECT_EQ(digits.size(), kDigits.size());
}

TEST(Random, an_id_is_its_prefix_ten_digits_of_time_and_sixteen_of_chance) {
  const std::string id = random_id("R", from_micros(1767323045'123456));
  ASSERT_EQ(id.size(), 28U);
  EXPECT_EQ(id.substr(0, 2), "R-");
  EXPECT_EQ(id.find_first_not_of(kDigits, 2), std::string::npos) << id;
  std::uint64_t millis = 0;
  for (const char c : id.substr(2, 10)) millis = millis * 32 + kDigits.find(c);
  EXPECT_EQ(millis, 1767323045'123U);
  EXPECT_EQ(random_id("R", kDistantPast).substr(0, 12), "R-0000000000");  // before 1970 there are no digits
}

TEST(Random, ids_made_later_sort_later) {
  Instant at = from_micros(1767323045'000000);
  std::string last;
  for (int i = 0; i < 2000; ++i) {
    const std::string id = random_id("T", at);
    EXPECT_LT(last, id);
    last = id;
    at += std::chrono::milliseconds{1 + 37 * i};
  }
  EXPECT_LT(last, random_id("T", kDistantFuture));
}

TEST(Random, no_two_ids_of_one_instant_are_alike) {
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) ids.insert(random_id("R", from_micros(0)));
  EXPECT_EQ(ids.size(), 10'000U);
}

TEST(Random, below_a_bound_means_below_it) {
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_below(7));
  EXPECT_EQ(seen.size(), 7U);
  EXPECT_EQ(*seen.rbegin(), 6U);
  EXPECT_EQ(random_below(1), 0U);
}

}  // namespace
}  // namespace abate
