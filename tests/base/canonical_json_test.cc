// SPDX-License-Identifier: Apache-2.0
#include "base/canonical_json.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace abate {
namespace {

TEST(CanonicalJson, equal_values_have_equal_bytes) {
  const auto a = boost::json::parse(R"( {"b": [1, -2, true, null], "a": {"z": "x", "y": ""} } )");
  const auto b = boost::json::parse(R"({"a":{"y":"","z":"x"},"b":[1,-2,true,null]})");
  EXPECT_EQ(canonical_json(a), R"({"a":{"y":"","z":"x"},"b":[1,-2,true,null]})");
  EXPECT_EQ(canonical_json(a), canonical_json(b));
}

TEST(CanonicalJson, strings_have_the_shortest_escapes_and_are_valid) {
  EXPECT_EQ(canonical_json(boost::json::value("\"\\\b\f\n\r\t\x01/\x7f")), "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001/\x7f\"");
  EXPECT_EQ(canonical_json(boost::json::value("\xff")), "\"\xEF\xBF\xBD\"");
  EXPECT_EQ(boost::json::parse(canonical_json(boost::json::value("h\xC3\xA9\n"))), "h\xC3\xA9\n");
}

TEST(CanonicalJson, numbers_that_others_would_write_differently_are_our_own_mistake) {
  EXPECT_EQ(canonical_json(boost::json::value(9007199254740991)), "9007199254740991");
  EXPECT_DEATH((void)canonical_json(boost::json::value(9007199254740992)), "kWholeMax");
  EXPECT_DEATH((void)canonical_json(boost::json::value(0.5)), "fraction");
}

}  // namespace
}  // namespace abate
