// SPDX-License-Identifier: Apache-2.0
#include "reading/mime/message.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "reading/mime/charset.h"
#include "reading/read.h"

namespace abate::reading {
namespace {

std::string nested(std::size_t depth, std::string_view innermost) {
  std::string mail = "From: a@example.org\nSubject: deep\nMIME-Version: 1.0\n";
  for (std::size_t i = 0; i < depth; ++i)
    mail += fmt::format("Content-Type: multipart/mixed; boundary=b{}\n\n--b{}\n", i, i);
  return mail + std::string(innermost);
}

TEST(Message, gives_headers_as_text) {
  const std::string bytes =
      "From: =?iso-8859-1?Q?J=F6rg?= <Joerg@Example.org>\nTo: a@example.org, \"B, C\" <b@example.org>\n"
      "Subject: =?utf-8?B?w5xi?=\n =?utf-8?B?ZXI=?= rest\n\nhi\n";
  const Message mail = Message::parse(bytes);
  EXPECT_EQ(mail.header("subject"), "Über rest");
  ASSERT_EQ(mail.addresses("From").size(), 1U);
  EXPECT_EQ(mail.addresses("From")[0].mail, "joerg@example.org");
  EXPECT_EQ(mail.addresses("From")[0].name, "Jörg");
  ASSERT_EQ(mail.addresses("To").size(), 2U);
  EXPECT_EQ(mail.addresses("To")[1].name, "B, C");
  EXPECT_EQ(mail.header("X-None"), "");
}

TEST(Message, knows_where_its_parts_stand_in_the_report) {
  const std::string inner = "Received: from x\nSubject: inner\n\nbody\nmore";
  const std::string bytes =
      "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\npreamble\r\n"
      "--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" +
      inner +
      "\r\n--b\r\nContent-Type: application/json; name=x.json\r\nContent-Transfer-Encoding: base64\r\n\r\n"
      "eyJhIjoxfQ==\r\n--b--\r\n";
  const Message mail = Message::parse(bytes);
  ASSERT_EQ(mail.parts().size(), 4U);  // the inner mail and its body are two
  EXPECT_EQ(mail.content(0), "hello");
  EXPECT_EQ(mail.content(1), inner);
  EXPECT_EQ(bytes.substr(mail.parts()[1].range->offset, mail.parts()[1].range->length), inner);
  EXPECT_EQ(mail.inner_headers(1).get("Subject"), "inner");
  EXPECT_TRUE(mail.parts()[2].inside_message);
  EXPECT_EQ(mail.content(3), "{\"a\":1}");
  EXPECT_EQ(mail.parts()[3].name, "x.json");
}

TEST(Message, survives_a_multipart_without_a_boundary) {
  const std::string bytes =
      "From: a@example.org\nContent-Type: multipart/mixed\n\n--x\nContent-Type: text/plain\n\nhi\n";
  EXPECT_EQ(Message::parse(bytes).header("From"), "a@example.org");
}

TEST(Message, reads_lines_that_end_by_a_bare_cr) {
  const std::string bytes =
      "From: a@example.org\rSubject: mac\rContent-Type: multipart/mixed; boundary=b\r\r"
      "--b\rContent-Type: text/plain\r\rhi\r--b--\r";
  const Message mail = Message::parse(bytes);
  EXPECT_EQ(mail.header("Subject"), "mac");
  ASSERT_EQ(mail.parts().size(), 1U);
  EXPECT_EQ(mail.content(0), "hi");
  EXPECT_EQ(mail.warnings().size(), 1U);
}

TEST(Message, reads_behind_an_mbox_line_and_empty_lines) {
  EXPECT_EQ(Message::parse("\r\n\nFrom a@example.org Thu Jan  1 00:00:00 2026\nSubject: x\n\nhi\n").header("Subject"),
            "x");
}

TEST(Message, holds_nul_in_header_and_body) {
  const std::string bytes("Subject: a\0b\n\nc\0d\n", 18);
  const Reading reading = read_report(bytes, "message/rfc822", "");
  EXPECT_TRUE(is_valid_utf8(reading.mail->subject));
  EXPECT_EQ(reading.mail->text.find('\0'), std::string::npos);
  EXPECT_NE(reading.mail->text.find('d'), std::string::npos);
}

TEST(Message, reads_a_hundred_levels_only_so_deep_and_says_so) {
  const std::string shallow = nested(30, "Content-Type: text/plain\n\nfound\n");
  ASSERT_EQ(Message::parse(shallow).parts().size(), 1U);
  const std::string deep = nested(100, "Content-Type: text/plain\n\nnot found\n");
  const Message mail = Message::parse(deep);
  EXPECT_TRUE(mail.parts().empty());
  ASSERT_EQ(mail.warnings().size(), 1U);
  EXPECT_NE(mail.warnings()[0].find("deeper than 40"), std::string::npos);
  EXPECT_EQ(mail.header("Subject"), "deep");
}

TEST(Message, survives_ten_thousand_levels) {
  EXPECT_EQ(Message::parse(nested(10'000, "\n")).header("Subject"), "deep");
  std::string messages = "Subject: deep\n";
  for (int i = 0; i < 10'000; ++i) messages += "Content-Type: message/rfc822\n\n";
  EXPECT_EQ(Message::parse(messages).header("Subject"), "deep");
}

TEST(Message, looks_at_so_many_parts_only_and_says_so) {
  std::string bytes = "Content-Type: multipart/mixed; boundary=b\n\n";
  for (std::size_t i = 0; i < kPartsMax + 50; ++i) bytes += "--b\n\nx\n";
  EXPECT_EQ(Message::parse(bytes).parts().size(), kPartsMax);
}

TEST(Message, decodes_wrong_charsets_to_something_valid) {
  for (const std::string charset :
       {"utf-8", "us-ascii", "iso-2022-jp", "utf-7", "utf-16", "gb18030", "no-such", "\xff\xfe", ""}) {
    const std::string bytes = "Subject: \xe4=?" + charset + "?Q?=FF=FE?=\nContent-Type: text/plain; charset=\"" +
                              charset + "\"\n\n\xff\xfe\xe4\x1b$B\n";
    const Reading reading = read_report(bytes, "message/rfc822", "");
    EXPECT_TRUE(is_valid_utf8(reading.mail->subject)) << charset;
    EXPECT_TRUE(is_valid_utf8(reading.mail->text)) << charset;
  }
}

TEST(Message, reads_the_charsets_that_mail_names) {
  EXPECT_EQ(decode_charset("+AOQ-", "utf-7").text, "ä");
  EXPECT_EQ(decode_charset("\x83\x65\x83\x58\x83\x67", "Shift_JIS").text, "テスト");
  EXPECT_EQ(decode_charset("\xcf\xf0", "CP1251").text, "Пр");
  EXPECT_EQ(decode_charset("caf\xe9 \x80", "iso-8859-1").text, "café €");
  EXPECT_FALSE(decode_charset("x", "klingon").known);
}

TEST(Message, shows_html_as_text) {
  EXPECT_EQ(html_to_text("<p>Hello &amp; <b>you</b><script>evil()</script><br>bye</p>", 100), "Hello & you\nbye");
  EXPECT_EQ(html_to_text("<script>no end", 100), "");
}

// Each of these once took time that grew with the square of the size.
TEST(Header, reads_half_words_and_defanged_dots_without_end_in_bounded_time) {
  std::string words;
  while (words.size() < 8'000'000) words += "To: " + std::string(60'000, 'x').replace(0, 0, "=?a?Q? =?a?Q? ") + "\n";
  std::string halves = "Subject: ";
  while (halves.size() < 60'000) halves += "=?a?Q? ";
  std::string dots = R"({"xarf_version":"4.0.0","category":"content","type":"phishing","source_identifier":")";
  for (int i = 0; i < 1'000'000; ++i) dots += "[.]";
  const auto begin = std::chrono::steady_clock::now();
  read_report(words + halves + "\n\nx\n", "message/rfc822", "");
  read_report(dots + "\"}", "application/json", "");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST(Header, joins_a_character_that_two_words_share) {
  EXPECT_EQ(decode_header("=?utf-8?B?w?= x"), "=?utf-8?B?w?= x");
  EXPECT_EQ(decode_header("=?utf-8?Q?=C3?= =?utf-8?Q?=A4?="), "ä");
  EXPECT_EQ(decode_header("=?utf-8?Q?a=0Ab?="), "a b");  // no line end by the back door
}

}  // namespace
}  // namespace abate::reading
