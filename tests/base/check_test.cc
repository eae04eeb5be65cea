// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"

#include <gtest/gtest.h>

TEST(Check, ends_the_process_and_names_the_condition) {
  EXPECT_DEATH(CHECK(1 == 2), "CHECK\\(1 == 2\\) failed");
  CHECK(1 == 1);
}
