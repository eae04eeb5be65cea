// SPDX-License-Identifier: Apache-2.0
// Made into two programs, one on each parser behind reading/json.h: both must answer alike.
#include "reading/json.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace abate::reading {
namespace {

std::string shown(const JsonValue& value) {
  if (!value.exists()) return "nothing";
  if (value.is_null()) return "null";
  std::string all;
  if (value.is_array()) {
    for (const JsonValue& item : value.items(100)) (all += all.empty() ? "" : " ") += shown(item);
    return "[" + all + "]";
  }
  if (value.is_object()) {
    for (const auto& [name, item] : value.fields(100))
      (((all += all.empty() ? "" : " ") += name) += "=") += shown(item);
    return "{" + all + "}";
  }
  return value.string() ? "'" + value.text() + "'" : value.as_text();
}

std::string read(std::string_view bytes) {
  const auto json = parse_json(bytes);
  return json ? shown(json->root()) : json.error().fault == Fault::malformed ? "malformed" : "too big";
}

TEST(Json, values_come_out_as_they_were_written) {
  EXPECT_EQ(read(R"({"b":[1,-2,{"c":null}],"a":true,"":false} )"), "{b=[1 -2 {c=null}] a=true =false}");
  EXPECT_EQ(read(" [] "), "[]");
  EXPECT_EQ(read("{}"), "{}");
  EXPECT_EQ(read("7"), "7");
  EXPECT_EQ(read(R"("\ud83d\ude00\n\u00e9\/")"), "'\xf0\x9f\x98\x80\n\xc3\xa9/'");
}

TEST(Json, what_is_no_json_is_malformed) {
  for (const char* bytes : {"",
                            "  ",
                            "[1,]",
                            "{\"a\":1,}",
                            "5 5",
                            "[1]x",
                            "01",
                            "1.",
                            "+1",
                            "nul",
                            "nullx",
                            "{\"a\" 1}",
                            "[1 2]",
                            "{1:2}",
                            "[",
                            "{\"a\":",
                            "\"a",
                            "\"a\x01\"",
                            "\"\\x\"",
                            "\"\\ud800\"",
                            "\"\\udc00\"",
                            "\"\\ud800\\u0041\"",
                            "// a\n1",
                            "[1]/**/",
                            "NaN",
                            "Infinity",
                            "'a'"})
    EXPECT_EQ(read(bytes), "malformed") << bytes;
  EXPECT_EQ(read(std::string_view{"[1]\0", 4}), "malformed");
}

TEST(Json, numbers_are_written_the_shortest_way) {
  for (const auto& [source, expected] :
       std::vector<std::pair<const char*, const char*>>{{"-0", "0"},
                                                        {"-0.0", "-0.0"},
                                                        {"1.0", "1.0"},
                                                        {"1e20", "1e+20"},
                                                        {"1e15", "1e+15"},
                                                        {"1e14", "100000000000000.0"},
                                                        {"123456789012345.5", "123456789012345.5"},
                                                        {"123456789012345680.5", "1.2345678901234568e+17"},
                                                        {"0.0001", "0.0001"},
                                                        {"-0.00012", "-0.00012"},
                                                        {"0.00001", "1e-05"},
                                                        {"1.5e-7", "1.5e-07"},
                                                        {"1.25e100", "1.25e+100"},
                                                        {"12.5", "12.5"},
                                                        {"-1e-400", "-0.0"},
                                                        {"3.141592653589793238462643383279", "3.141592653589793"},
                                                        {"12345678901234567890.5e-3", "1.2345678901234568e+16"}})
    EXPECT_EQ(read(source), expected) << source;
}

TEST(Json, an_integer_has_64_bits_and_no_more) {
  EXPECT_EQ(read("[18446744073709551615,-9223372036854775808]"), "[18446744073709551615 -9223372036854775808]");
  for (const char* bytes : {"18446744073709551616", "-9223372036854775809", "1e400", "100000000000000000000000000"})
    EXPECT_EQ(read(bytes), "malformed") << bytes;
  const auto json = parse_json(R"([9223372036854775807, 9223372036854775808, " 42 ", "42x", "", 1.0])");
  ASSERT_TRUE(json);
  const auto items = json->root().items(10);
  EXPECT_EQ(items[0].integer(), 9223372036854775807);
  EXPECT_EQ(items[1].integer(), std::nullopt);
  EXPECT_EQ(items[1].number(), 9223372036854775808.0);
  EXPECT_EQ(items[2].integer(), 42);
  EXPECT_EQ(items[2].number(), std::nullopt);
  for (std::size_t i = 3; i < 6; ++i) EXPECT_EQ(items[i].integer(), std::nullopt) << i;
}

TEST(Json, of_several_fields_the_first_counts) {
  const auto json = parse_json(R"({"A":null,"a":1,"a":2,"B":3,"ip":{"x":1},"IP":4,"\u0062":"yes"})");
  ASSERT_TRUE(json);
  const JsonValue root = json->root();
  EXPECT_EQ(root["a"].integer(), 1);
  EXPECT_FALSE(root["c"].exists());
  EXPECT_FALSE(root["a"]["b"].exists());
  EXPECT_EQ(root["ip"]["x"].integer(), 1);
  EXPECT_EQ(root.any_of({"a", "b"}).integer(), 3);  // the first "a" of any case is null
  EXPECT_TRUE(root.any_of({"c", "Ip"}).is_object());
  EXPECT_EQ(root["b"].boolean(), true);  // the escaped name; the first "B" is another one
  EXPECT_EQ(root.fields(3).size(), 3U);
  EXPECT_TRUE(JsonValue().is_null());
  EXPECT_EQ(JsonValue().any_of({"a"}).as_text(), "");
}

TEST(Json, nesting_is_bounded) {
  const auto nested = [](std::size_t levels, std::string_view inside) {
    return std::string(levels, '[') + std::string{inside} + std::string(levels, ']');
  };
  EXPECT_NE(read(nested(kJsonDepthMax - 1, "1")), "malformed");
  EXPECT_NE(read(nested(kJsonDepthMax, "")), "malformed");  // the innermost is empty
  EXPECT_EQ(read(nested(kJsonDepthMax, "1")), "malformed");
  EXPECT_EQ(read(nested(kJsonDepthMax + 1, "")), "malformed");
  EXPECT_EQ(read(nested(1'000'000, "")), "malformed");
  EXPECT_EQ(read(std::string(1'000'000, '[')), "malformed");
}

TEST(Json, bytes_are_mended_and_the_mark_passed_over) {
  EXPECT_EQ(read("\xef\xbb\xbf{\"a\":\"b\"}"), "{a='b'}");
  EXPECT_EQ(read("[\"caf\xe9\"]"), "['caf\xef\xbf\xbd']");
  EXPECT_EQ(read("[\"\xed\xa0\x80\"]"), read("[\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"]"));  // a surrogate in UTF-8
  EXPECT_EQ(read(R"(["a\u0000b"])"), "['a\xef\xbf\xbd\x62']");
  const auto json = parse_json(R"(["a\u0000b"])");
  EXPECT_EQ(json->root().items(1)[0].string()->size(), 3U);
}

TEST(Json, long_and_many_values_stay_whole) {
  std::string text(300'000, 'x');
  for (std::size_t i = 0; i < text.size(); i += 1000) text.replace(i, 2, "\\n");
  std::string all = "{\"" + std::string(5000, 'k') + "\":[";
  for (int i = 0; i < 20'000; ++i) all += fmt::format("{},", i * 1'000'003LL);
  all += "\"" + text + "\"]}";
  const auto json = parse_json(all);
  ASSERT_TRUE(json);
  const auto fields = json->root().fields(5);
  ASSERT_EQ(fields.size(), 1U);
  EXPECT_EQ(fields[0].first.size(), 5000U);
  const auto items = fields[0].second.items(100'000);
  ASSERT_EQ(items.size(), 20'001U);
  EXPECT_EQ(items[19'999].integer(), 19'999 * 1'000'003LL);
  EXPECT_EQ(items.back().text().size(), 300'000U - 300U);
}

}  // namespace
}  // namespace abate::reading
