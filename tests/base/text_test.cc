// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <random>

#include <gtest/gtest.h>

namespace abate {
namespace {

using Words = std::vector<std::string>;

// Characters, halves of characters and bytes that can begin none, so that every path is walked.
std::string any_text(std::mt19937_64& random) {
  static const std::vector<std::string> kPieces{
      "a",     "plain text, ", "\xC3\xA9",     "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\x80",         "\xC0\xAF",
      "\xC3",  "\xE2\x82",     "\xED\xA0\x80", "\xF0\x9F",     "\xF5\x80\x80\x80", "\xE2\x80\xAE", std::string(1, '\0'),
      "\x1b[", "\n",           "\\",           "\"",           "\xC2\x9B",         "\xFF",         "\xF4\x90\x80\x80"};
  std::string out;
  for (std::uint64_t n = random() % 12; n > 0; --n) out += kPieces[random() % kPieces.size()];
  return out;
}

TEST(Text, small_work_on_strings) {
  EXPECT_EQ(trim(" \t\r\na b\n "), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim("\v"), "\v");
  EXPECT_EQ(to_lower("ABCz\xC3\x89"), "abcz\xC3\x89");  // ASCII only
  EXPECT_TRUE(equals_ignoring_case("Source-IP", "source-ip"));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
  EXPECT_FALSE(equals_ignoring_case("@", "`"));  // one bit apart, and no letters
  EXPECT_TRUE(starts_with_ignoring_case("Content-Type: x", "content-"));
  EXPECT_FALSE(starts_with_ignoring_case("c", "content-"));
  EXPECT_TRUE(contains_ignoring_case("an Abuse report", "aBUSE"));
  EXPECT_TRUE(contains_ignoring_case("", ""));
  EXPECT_FALSE(contains_ignoring_case("abus", "abuse"));
}

TEST(Text, what_was_split_joins_again) {
  EXPECT_EQ(split("", ',').size(), 1U);
  EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string_view>{"a", "", "b", ""}));
  EXPECT_EQ(join({}, ", "), "");
  EXPECT_EQ(join({"", "a", ""}, ", "), ", a, ");
  std::mt19937_64 random{5};
  for (int i = 0; i < 500; ++i) {
    const std::string text = any_text(random) + "," + any_text(random);
    const auto parts = split(text, 'a');
    EXPECT_EQ(join(Words(parts.begin(), parts.end()), "a"), text);
  }
}

TEST(Text, the_nearest_word_is_a_typing_mistake_away_or_none) {
  const Words known{"listen", "public_url", "trusted_proxies", "url", "memory_max"};
  EXPECT_EQ(nearest_word("listne", known), "listen");
  EXPECT_EQ(nearest_word("LISTEN", known), "listen");
  EXPECT_EQ(nearest_word("publik_url", known), "public_url");
  EXPECT_EQ(nearest_word("trusted_proxy", known), "trusted_proxies");
  EXPECT_EQ(nearest_word("ulr", {"uri", "url"}), "");  // two changes of three letters are too many
  EXPECT_EQ(nearest_word("rul", {"ur"}), "");
  EXPECT_EQ(nearest_word("uri", known), "url");
  EXPECT_EQ(nearest_word("banana", known), "");
  EXPECT_EQ(nearest_word("", known), "");
  EXPECT_EQ(nearest_word("x", {"y"}), "");
  EXPECT_EQ(nearest_word("listen", {}), "");
  EXPECT_EQ(nearest_word("mem_max", {"mem_mix", "mem_max"}), "mem_max");
  EXPECT_EQ(nearest_word(std::string(1'000'000, 'l'), known), "");
}

TEST(Text, utf8_is_judged_as_unicode_says) {
  for (const std::string_view good :
       {"", "plain", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "0123456\xC3\xA9"})
    EXPECT_TRUE(is_valid_utf8(good)) << escape_terminal(good);
  for (const std::string_view bad :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF" /* overlong */, "\xE0\x9F\xBF" /* overlong */,
        "\xED\xA0\x80" /* surrogate */, "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF" /* overlong */,
        "\xF4\x90\x80\x80" /* past U+10FFFF */, "\xF5\x80\x80\x80", "\xFE", "\xFF", "\xC3", "\xE2\x82", "\xF0\x9F\x98",
        "\xC3(", "\xE2\x82(", "0123456\xC3", "01234567\xC3"})
    EXPECT_FALSE(is_valid_utf8(bad)) << escape_terminal(bad);
}

TEST(Text, every_code_point_is_judged_right) {
  for (std::uint32_t c = 0; c <= 0x1FFFFF; c += c < 0x11000 ? 1 : 251) {
    std::string text;
    if (c < 0x80)
      text = {static_cast<char>(c)};
    else if (c < 0x800)
      text = {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 63))};
    else if (c < 0x10000)
      text = {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 63)),
              static_cast<char>(0x80 | (c & 63))};
    else
      text = {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 63)),
              static_cast<char>(0x80 | (c >> 6 & 63)), static_cast<char>(0x80 | (c & 63))};
    ASSERT_EQ(is_valid_utf8(text), c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF)) << c;
  }
}

TEST(Text, made_valid_is_valid_and_keeps_what_was) {
  EXPECT_EQ(make_valid_utf8("plain\n"), "plain\n");
  EXPECT_EQ(make_valid_utf8("a\xFF"
                            "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(make_valid_utf8(std::string_view{"a\0b\0", 4}),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(make_valid_utf8("0123456789\xE2\x82"), "0123456789\xEF\xBF\xBD\xEF\xBF\xBD");
  std::mt19937_64 random{6};
  for (int i = 0; i < 5000; ++i) {
    const std::string bytes = any_text(random);
    const std::string text = make_valid_utf8(bytes);
    ASSERT_TRUE(is_valid_utf8(text)) << escape_terminal(bytes);
    ASSERT_EQ(text.find('\0'), std::string::npos);
    ASSERT_EQ(make_valid_utf8(text), text);
    if (is_valid_utf8(bytes) && bytes.find('\0') == std::string::npos) {
      ASSERT_EQ(text, bytes);
    }
  }
}

TEST(Text, shortening_keeps_the_limit_and_whole_characters) {
  EXPECT_EQ(shorten("abcdef", 6), "abcdef");
  EXPECT_EQ(shorten("abcdefg", 6), "abc\xE2\x80\xA6");
  EXPECT_EQ(shorten("abcdefg", 2), "");
  EXPECT_EQ(shorten("abcdefg", 3), "\xE2\x80\xA6");
  std::mt19937_64 random{8};
  for (int i = 0; i < 500; ++i) {
    const std::string text = make_valid_utf8(any_text(random));
    for (std::size_t most = 0; most <= text.size(); ++most) {
      const std::string cut = shorten(text, most);
      ASSERT_LE(cut.size(), most);
      ASSERT_TRUE(is_valid_utf8(cut));
    }
  }
}

TEST(Text, escapes_html) {
  EXPECT_EQ(escape_html("<a href=\"x\" id='y'>&amp;"), "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;");
}

TEST(Text, a_terminal_is_shown_nothing_that_steers_it) {
  EXPECT_EQ(escape_terminal("a b\xC3\xA9~"), "a b\xC3\xA9~");
  EXPECT_EQ(escape_terminal("\x1b[31m\r\n\t\x7f"), "\\x1b[31m\\x0d\\x0a\\x09\\x7f");
  EXPECT_EQ(escape_terminal(std::string_view{"\0", 1}), "\\x00");
  EXPECT_EQ(escape_terminal("a\\x1b"), "a\\\\x1b");  // so that a name cannot pretend to be an escape
  EXPECT_EQ(escape_terminal("\xC2\x9B"
                            "1m"),
            "\\xc2\\x9b1m");
  EXPECT_EQ(escape_terminal("\x9B\xFF"), "\\x9b\\xff");
  EXPECT_EQ(escape_terminal("\xC2\xA0"), "\xC2\xA0");  // the first after C1
}

TEST(Text, bidirectional_controls_are_shown_as_their_bytes) {
  const std::vector<std::pair<std::string, std::string>> controls{
      {"\xE2\x80\xAA", "\\xe2\\x80\\xaa"}, {"\xE2\x80\xAB", "\\xe2\\x80\\xab"}, {"\xE2\x80\xAC", "\\xe2\\x80\\xac"},
      {"\xE2\x80\xAD", "\\xe2\\x80\\xad"}, {"\xE2\x80\xAE", "\\xe2\\x80\\xae"}, {"\xE2\x81\xA6", "\\xe2\\x81\\xa6"},
      {"\xE2\x81\xA7", "\\xe2\\x81\\xa7"}, {"\xE2\x81\xA8", "\\xe2\\x81\\xa8"}, {"\xE2\x81\xA9", "\\xe2\\x81\\xa9"},
      {"\xE2\x80\x8E", "\\xe2\\x80\\x8e"}, {"\xE2\x80\x8F", "\\xe2\\x80\\x8f"}, {"\xD8\x9C", "\\xd8\\x9c"}};
  for (const auto& [control, shown] : controls) EXPECT_EQ(escape_terminal("x" + control + "y"), "x" + shown + "y");
  for (const std::string neighbour : {"\xE2\x80\x8D", "\xE2\x80\x90", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\xA5",
                                      "\xE2\x81\xAA", "\xD8\x9B", "\xD8\x9D"})
    EXPECT_EQ(escape_terminal(neighbour), neighbour);
}

TEST(Text, escaped_for_a_terminal_no_two_names_look_alike_and_no_control_is_left) {
  std::mt19937_64 random{9};
  for (int i = 0; i < 5000; ++i) {
    const std::string bytes = any_text(random);
    const std::string shown = escape_terminal(bytes);
    ASSERT_TRUE(is_valid_utf8(shown));
    std::string back;
    for (std::size_t at = 0; at < shown.size();) {
      ASSERT_GE(static_cast<unsigned char>(shown[at]), 0x20);
      ASSERT_NE(shown[at], '\x7f');
      if (shown[at] != '\\') {
        back += shown[at++];
      } else if (shown[at + 1] == '\\') {
        back += '\\';
        at += 2;
      } else {
        back += static_cast<char>(std::stoi(shown.substr(at + 2, 2), nullptr, 16));
        at += 4;
      }
    }
    ASSERT_EQ(back, bytes);
  }
}

TEST(Text, a_csv_cell_is_one_cell_and_never_a_formula) {
  EXPECT_EQ(escape_csv("plain"), "plain");
  EXPECT_EQ(escape_csv(""), "");
  EXPECT_EQ(escape_csv("a,b"), "\"a,b\"");
  EXPECT_EQ(escape_csv("say \"hi\"\r\n"), "\"say \"\"hi\"\"\r\n\"");
  EXPECT_EQ(escape_csv("=1+1"), "'=1+1");
  EXPECT_EQ(escape_csv("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
  for (const char c : {'=', '+', '-', '@', '\t'}) EXPECT_EQ(escape_csv(std::string(1, c)), std::string("'") + c);
  EXPECT_EQ(escape_csv("\r"), "\"'\r\"");
  EXPECT_EQ(escape_csv("a=b"), "a=b");
}

TEST(Text, a_defanged_address_cannot_be_clicked) {
  EXPECT_EQ(defang("http://x.example/a"), "hxxp://x[.]example/a");
  EXPECT_EQ(defang("HTTPS://a.b.example:8443/x.php?y=1.2"), "hxxpS://a[.]b[.]example:8443/x.php?y=1.2");
  EXPECT_EQ(defang("ftp://x.example/f.zip"), "fxp://x[.]example/f.zip");
  EXPECT_EQ(defang("http://a.example/?u=http://b.example/"), "hxxp://a[.]example/?u=hxxp://b.example/");
  EXPECT_EQ(defang("x.example"), "x[.]example");
  EXPECT_EQ(defang("192.0.2.1"), "192[.]0[.]2[.]1");
  EXPECT_EQ(defang("ftp.example"), "ftp[.]example");  // a name, no scheme
  EXPECT_EQ(defang("http"), "http");
  EXPECT_EQ(defang(""), "");
  std::mt19937_64 random{10};
  for (int i = 0; i < 1000; ++i)
    EXPECT_FALSE(contains_ignoring_case(defang(any_text(random) + "hTTp://" + any_text(random)), "http://"));
}

TEST(Text, every_function_survives_its_input_cut_at_every_byte) {
  const std::string whole = "https://\xC3\xA9.example/\xF0\x9F\x98\x80\xE2\x80\xAE\\\x1b\"<>\xC2";
  for (std::size_t i = 0; i <= whole.size(); ++i) {
    const std::string cut = whole.substr(0, i);
    EXPECT_TRUE(is_valid_utf8(make_valid_utf8(cut)));
    EXPECT_TRUE(is_valid_utf8(escape_terminal(cut)));
    EXPECT_LE(shorten(cut, i / 2).size(), i / 2);
    (void)defang(cut);
    (void)escape_csv(cut);
    (void)escape_html(cut);
    (void)nearest_word(cut, {"https"});
  }
}

}  // namespace
}  // namespace abate
