// SPDX-License-Identifier: Apache-2.0
#include "post/dot_decoder.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace abate::post {
namespace {

using namespace std::string_literals;

struct Decoded {
  std::string message;
  std::string left;  // what came after the end
  bool ended = false;
  friend bool operator==(const Decoded&, const Decoded&) = default;
};

Decoded decode(const std::vector<std::string_view>& pieces) {
  DotDecoder decoder;
  Decoded out;
  for (const std::string_view piece : pieces) {
    const std::size_t taken = decoder.feed(piece, [&](std::string_view part) { out.message += part; });
    out.left += piece.substr(taken);
  }
  out.ended = decoder.ended();
  return out;
}

// The same by the book, a byte at a time.
Decoded by_the_book(std::string_view in) {
  Decoded out;
  std::size_t at = 0;
  while (at < in.size()) {
    std::size_t end = in.find("\r\n", at);
    const bool whole = end != std::string_view::npos;
    end = whole ? end + 2 : in.size();
    std::string_view line = in.substr(at, end - at);
    at = end;
    if (line == ".\r\n") {
      out.ended = true;
      out.left = in.substr(at);
      return out;
    }
    if (line.starts_with('.')) line.remove_prefix(1);
    if (!whole && in.substr(at - line.size()) == "\r" && line.size() == 1 && in.size() >= 2 &&
        in[in.size() - 2] == '.' && (in.size() == 2 || in.substr(0, in.size() - 2).ends_with("\r\n")))
      line = {};  // ". CR" and nothing yet behind it: held back
    out.message += line;
  }
  return out;
}

struct Case {
  std::string in;
  std::string message;
  bool ended;
  std::string left;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"a\r\n.\r\n", "a\r\n", true, ""},
      {".\r\n", "", true, ""},
      {"\r\n.\r\n", "\r\n", true, ""},
      {"..\r\n.\r\n", ".\r\n", true, ""},
      {"...\r\n..a\r\n.\r\n", "..\r\n.a\r\n", true, ""},
      {".a\r\n.\r\n", "a\r\n", true, ""},
      {"a\r\n.\r\nMAIL FROM:<>\r\n", "a\r\n", true, "MAIL FROM:<>\r\n"},
      {"a\n.\nb\r\n.\r\n", "a\n.\nb\r\n", true, ""},
      {"a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n", true, ""},
      {"a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n", true, ""},
      {"a\r.\rb\r\n.\r\n", "a\r.\rb\r\n", true, ""},
      {"a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n", true, ""},
      {"a\r\n.\r\r\nb\r\n.\r\n", "a\r\n\r\r\nb\r\n", true, ""},
      {"a\r\r\n.\r\n", "a\r\r\n", true, ""},
      {"a\r\n\r.\r\nb\r\n.\r\n", "a\r\n\r.\r\nb\r\n", true, ""},
      {"a\r\n.\0\r\nb\r\n.\r\n"s, "a\r\n\0\r\nb\r\n"s, true, ""},
      {"\0\xff\x80\r\n..\n..\r\n.\r\n"s, "\0\xff\x80\r\n.\n..\r\n"s, true, ""},
      {"a\r\n. \r\n.\r\n", "a\r\n \r\n", true, ""},
      {"no end\r\n", "no end\r\n", false, ""},
      {"a\r\n.", "a\r\n", false, ""},
      {"a\r\n.\r", "a\r\n", false, ""},
  };
  return all;
}

TEST(DotDecoder, only_crlf_dot_crlf_ends_a_message) {
  for (const Case& each : cases())
    EXPECT_EQ(decode({each.in}), (Decoded{each.message, each.left, each.ended})) << testing::PrintToString(each.in);
}

TEST(DotDecoder, where_the_stream_is_cut_makes_no_difference) {
  for (const Case& each : cases()) {
    const std::string_view in = each.in;
    const Decoded want{each.message, each.left, each.ended};
    for (std::size_t i = 0; i <= in.size(); ++i)
      for (std::size_t j = i; j <= in.size(); ++j)
        ASSERT_EQ(decode({in.substr(0, i), in.substr(i, j - i), in.substr(j)}), want)
            << testing::PrintToString(each.in) << " cut at " << i << " and " << j;
  }
}

TEST(DotDecoder, agrees_with_the_book_on_every_short_stream) {
  constexpr std::string_view kLetters = "\r\n.x";
  for (std::size_t length = 0; length <= 8; ++length) {
    for (std::size_t number = 0; number < std::size_t{1} << (2 * length); ++number) {
      std::string in;
      for (std::size_t i = 0; i < length; ++i) in += kLetters[(number >> (2 * i)) & 3];
      ASSERT_EQ(decode({in}), by_the_book(in)) << testing::PrintToString(in);
    }
  }
}

}  // namespace
}  // namespace abate::post
