// SPDX-License-Identifier: Apache-2.0
#include "base/json_fields.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace abate {
namespace {

TEST(JsonFields, one_of_the_wrong_type_is_as_good_as_absent) {
  const boost::json::object form =
      boost::json::parse(R"({"t":1,"n":"x","neg":-1,"half":0.5,"f":"true","l":{},"o":[]})").as_object();
  EXPECT_EQ(text_of(form, "t"), "");
  EXPECT_EQ(number_of(form, "n"), 0U);
  EXPECT_EQ(number_of(form, "neg"), 0U);
  EXPECT_EQ(number_of(form, "half"), 0U);
  EXPECT_FALSE(flag_of(form, "f"));
  EXPECT_TRUE(list_of(form, "l").empty());
  EXPECT_TRUE(object_of(form, "o").empty());
  EXPECT_EQ(text_of(form, "absent"), "");
}

TEST(JsonFields, gives_what_is_there) {
  const boost::json::object form =
      boost::json::parse(R"({"t":"x","n":18446744073709551615,"f":true,"l":[1],"o":{"a":1}})").as_object();
  EXPECT_EQ(text_of(form, "t"), "x");
  EXPECT_EQ(number_of(form, "n"), 18446744073709551615U);
  EXPECT_TRUE(flag_of(form, "f"));
  EXPECT_EQ(list_of(form, "l").size(), 1U);
  EXPECT_EQ(object_of(form, "o").size(), 1U);
}

}  // namespace
}  // namespace abate
