// SPDX-License-Identifier: Apache-2.0
// Which version is older, and the list of holes that is built in.
#include <gtest/gtest.h>

#include "sweep/host/config/versions.h"
#include "sweep/host/config/vulnerable_plugins.h"

namespace abate::sweep {
namespace {

TEST(Versions, order_by_the_policy_of_debian) {
  constexpr std::string_view kRising[] = {"0.9~rc1",       "0.9",           "1.0~~",  "1.0~",       "1.0",    "1.0-1",
                                          "1.0-1+deb12u1", "1.0-1+deb12u3", "1.0-10", "1.0+dfsg-1", "1.2.10", "1:0.1"};
  for (std::size_t i = 0; i < std::size(kRising); ++i)
    for (std::size_t j = 0; j < std::size(kRising); ++j) {
      const int order = compare_versions(kRising[i], kRising[j]);
      EXPECT_EQ(order < 0, i < j) << kRising[i] << " " << kRising[j];
      EXPECT_EQ(order == 0, i == j) << kRising[i] << " " << kRising[j];
    }
  EXPECT_EQ(compare_versions("1.02", "1.2"), 0);
  EXPECT_EQ(compare_versions("0:1", "1"), 0);
}

TEST(VulnerablePlugins, the_list_is_built_in_and_well_formed) {
  EXPECT_GE(vulnerable_plugins().size(), 80U);
  for (const VulnerablePlugin& one : vulnerable_plugins()) {
    EXPECT_TRUE(one.kind == "plugin" || one.kind == "theme" || one.kind == "core") << one.slug;
    EXPECT_FALSE(one.fixed.empty() || one.what.empty()) << one.slug;
  }
}

}  // namespace
}  // namespace abate::sweep
