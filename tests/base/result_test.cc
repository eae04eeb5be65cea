// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <memory>
#include <set>

#include <gtest/gtest.h>

namespace abate {
namespace {

Result<std::unique_ptr<int>> make(bool good) {
  if (!good) return failure(Fault::stale, "version {} is old", 7);
  return std::make_unique<int>(1);
}

Result<int> use(bool first, bool second) {
  TRY(make(first));
  TRY_ASSIGN(const std::unique_ptr<int> made, make(second));  // moves: a copy would not compile
  return *made;
}

TEST(Result, try_hands_the_error_on_as_it_was) {
  EXPECT_EQ(use(true, true).value(), 1);
  for (const auto& failed : {use(false, true), use(true, false)}) {
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().fault, Fault::stale);
    EXPECT_EQ(failed.error().what, "version 7 is old");
  }
}

TEST(Result, what_was_said_is_never_read_as_a_format) {
  EXPECT_EQ(failure(Fault::refused, std::string{"{} {0} {"}).error().what, "{} {0} {");
}

TEST(Result, every_fault_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  for (const Fault fault : {Fault::malformed, Fault::too_big, Fault::not_found, Fault::refused, Fault::conflict,
                            Fault::stale, Fault::unavailable})
    names.insert(fault_name(fault));
  EXPECT_EQ(names.size(), 7U);
}

}  // namespace
}  // namespace abate
