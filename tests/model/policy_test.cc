// SPDX-License-Identifier: Apache-2.0
#include "model/policy.h"

#include <gtest/gtest.h>

namespace abate {
namespace {

TEST(Policy, ignores_an_address_its_domain_and_what_is_beneath_it_and_nothing_else) {
  Terms terms;
  terms.ignore_reporters = {"noc@example.org", "example.com"};
  EXPECT_TRUE(is_ignored(terms, "NOC@example.org", {}));
  EXPECT_FALSE(is_ignored(terms, "other@example.org", {}));
  EXPECT_TRUE(is_ignored(terms, "a@example.com", {}));
  EXPECT_TRUE(is_ignored(terms, "a@mail.example.com", {}));
  EXPECT_FALSE(is_ignored(terms, "a@notexample.com", {}));
  EXPECT_FALSE(is_ignored(terms, "", {}));
  terms.ignore_addresses = {*parse_prefix("198.51.100.0/24")};
  EXPECT_TRUE(is_ignored(terms, "", *parse_ip("198.51.100.7")));
  EXPECT_FALSE(is_ignored(terms, "", *parse_ip("203.0.113.7")));
}

TEST(Policy, a_record_is_good_by_how_often_it_was_right_and_wrong) {
  Terms terms;
  EXPECT_TRUE(has_good_record(terms, 0, 0, 0)) << "nothing is asked";
  terms.record_right = 10;
  terms.record_wrong_percent = 10;
  EXPECT_FALSE(has_good_record(terms, 9, 0, 0));
  EXPECT_TRUE(has_good_record(terms, 10, 1, 0));
  EXPECT_FALSE(has_good_record(terms, 10, 2, 0));
  EXPECT_FALSE(has_good_record(terms, 1'000, 0, 1)) << "one that hurt a customer, unless policy bears with it";
  terms.record_harmful = 1;
  EXPECT_TRUE(has_good_record(terms, 1'000, 0, 1));
}

TEST(Policy, noise_is_too_little_or_of_too_few) {
  Terms terms;
  EXPECT_FALSE(is_noise(terms, 1, 1));
  terms.noise_incidents = 3;
  terms.noise_reporters = 2;
  EXPECT_TRUE(is_noise(terms, 2, 2));
  EXPECT_TRUE(is_noise(terms, 3, 1));
  EXPECT_FALSE(is_noise(terms, 3, 2));
}

}  // namespace
}  // namespace abate
