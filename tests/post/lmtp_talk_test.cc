// SPDX-License-Identifier: Apache-2.0
#include "post/lmtp_talk.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace abate::post {
namespace {

using namespace std::string_literals;

class Ears final : public LmtpTalk::Ears {
 public:
  explicit Ears(Budget& budget) : budget_{budget} {}
  void say(std::string_view reply) override { said += reply; }
  void take(LmtpMail mail) override {
    for (std::size_t i = 0; i < mail.recipients; ++i) said += "250 kept\r\n";
    budget_.give(mail.held_bytes);
    mails.push_back(std::move(mail));
  }
  bool has_room() const override { return true; }

  std::string said;
  std::vector<LmtpMail> mails;

 private:
  Budget& budget_;
};

struct Talk {
  explicit Talk(std::size_t message_max = 1000, std::size_t budget_max = 100'000)
      : budget{budget_max}, ears{budget}, talk{"desk.test", message_max, budget, ears} {}
  // What was said to `in`, sent in pieces of `step` bytes.
  std::string tell(std::string_view in, std::size_t step = 1 << 20) {
    ears.said.clear();
    for (std::size_t at = 0; at < in.size() && !talk.over(); at += step) talk.feed(in.substr(at, step));
    return ears.said;
  }
  Budget budget;
  Ears ears;
  LmtpTalk talk;
};

constexpr std::string_view kStart = "LHLO mx.test\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<abuse@example.net>\r\n";

TEST(LmtpTalk, greets_and_names_what_it_can) {
  Talk talk;
  talk.talk.greet();
  EXPECT_TRUE(talk.ears.said.starts_with("220 desk.test LMTP"));
  EXPECT_EQ(talk.tell("LHLO mx.test\r\n"),
            "250-desk.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-BINARYMIME\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n"
            "250-SIZE 1000\r\n250 ENHANCEDSTATUSCODES\r\n");
}

TEST(LmtpTalk, takes_a_mail_with_its_envelope) {
  Talk talk;
  talk.tell(std::string(kStart) + "RCPT TO:<T-1@example.net>\r\nDATA\r\nSubject: x\r\n\r\n..dot\r\n.\r\n");
  ASSERT_EQ(talk.ears.mails.size(), 1U);
  EXPECT_EQ(talk.ears.mails[0].bytes, "Subject: x\r\n\r\n.dot\r\n");
  EXPECT_EQ(talk.ears.mails[0].from, "a@example.org");
  EXPECT_EQ(talk.ears.mails[0].to, "abuse@example.net, T-1@example.net");
  EXPECT_EQ(talk.ears.mails[0].recipients, 2U);
  EXPECT_TRUE(talk.ears.said.ends_with("354 end with CRLF.CRLF\r\n250 kept\r\n250 kept\r\n")) << talk.ears.said;
}

TEST(LmtpTalk, two_mails_in_one_stream_come_out_the_same_however_it_is_cut) {
  const std::string stream =
      std::string(kStart) +
      "DATA\r\n..a\r\nb\0\r\n\n.\n\r\n.\r\nMAIL FROM:<> SIZE=5\r\nRCPT TO:<x@y.test>\r\nDATA\r\n.\r\n"
      "MAIL FROM:<c@d.test>\r\nRCPT TO:<x@y.test>\r\nBDAT 4\r\n\r\n.\rBDAT 3 LAST\r\n\n.\nQUIT\r\n"s;
  std::string said;
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    Talk talk;
    talk.tell(stream, step);
    ASSERT_EQ(talk.ears.mails.size(), 3U) << step;
    ASSERT_EQ(talk.ears.mails[0].bytes, ".a\r\nb\0\r\n\n.\n\r\n"s) << step;
    ASSERT_EQ(talk.ears.mails[1].bytes, "");
    ASSERT_EQ(talk.ears.mails[1].from, "");
    ASSERT_EQ(talk.ears.mails[2].bytes, "\r\n.\r\n.\n") << step;
    if (said.empty()) said = talk.ears.said;
    ASSERT_EQ(talk.ears.said, said) << step;
    ASSERT_TRUE(talk.talk.over());
    ASSERT_EQ(talk.budget.left(), 100'000U) << step;
  }
}

TEST(LmtpTalk, a_command_hidden_behind_a_false_end_stays_within_the_message) {
  for (const std::string_view end : {"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r.\r\n", "\r\n\0.\r\n"}) {
    Talk talk;
    const std::string body = "a" + std::string(end) + "MAIL FROM:<evil@example.org>\r\n";
    talk.tell(std::string(kStart) + "DATA\r\n" + body + "\r\n.\r\n");
    ASSERT_EQ(talk.ears.mails.size(), 1U) << testing::PrintToString(end);
    EXPECT_NE(talk.ears.mails[0].bytes.find("MAIL FROM:<evil"), std::string::npos);
  }
}

TEST(LmtpTalk, commands_out_of_order_are_refused) {
  Talk talk;
  EXPECT_EQ(talk.tell("MAIL FROM:<>\r\n").substr(0, 9), "503 5.5.1");
  EXPECT_EQ(talk.tell("LHLO\r\n").substr(0, 9), "501 5.5.4");
  talk.tell("LHLO x\r\n");
  EXPECT_EQ(talk.tell("RCPT TO:<a@b.test>\r\n").substr(0, 9), "503 5.5.1");
  EXPECT_EQ(talk.tell("DATA\r\n").substr(0, 9), "503 5.5.1");
  talk.tell("MAIL FROM:<>\r\n");
  EXPECT_EQ(talk.tell("MAIL FROM:<>\r\n").substr(0, 9), "503 5.5.1");
  EXPECT_EQ(talk.tell("DATA\r\n").substr(0, 9), "503 5.5.1");
  EXPECT_EQ(talk.tell("BDAT 5 LAST\r\nhelloNOOP\r\n"), "503 5.5.1 no valid recipients\r\n250 2.0.0 still here\r\n");
  EXPECT_EQ(talk.tell("RSET\r\n").substr(0, 9), "250 2.0.0");
  EXPECT_EQ(talk.tell("VRFY x\r\n").substr(0, 9), "252 2.5.0");
  EXPECT_EQ(talk.tell("NONSENSE\r\n").substr(0, 9), "500 5.5.1");
  EXPECT_EQ(talk.tell("quit\n").substr(0, 9), "221 2.0.0");
}

TEST(LmtpTalk, smtp_clients_are_told_what_this_is) {
  Talk talk;
  EXPECT_EQ(talk.tell("EHLO x\r\n"), "500 5.5.1 this is LMTP: say LHLO (RFC 2033)\r\n");
  EXPECT_EQ(talk.tell("HELO x\r\n"), "500 5.5.1 this is LMTP: say LHLO (RFC 2033)\r\n");
}

TEST(LmtpTalk, a_size_beyond_the_limit_is_refused_at_once) {
  Talk talk;
  talk.tell("LHLO x\r\n");
  EXPECT_EQ(talk.tell("MAIL FROM:<> SIZE=1001\r\n"), "552 5.3.4 larger than 1000 bytes\r\n");
  EXPECT_EQ(talk.tell("MAIL FROM:<> SIZE=99999999999999999999\r\n").substr(0, 9), "501 5.5.4");
  EXPECT_EQ(talk.tell("MAIL FROM:<> SIZE=1000 BODY=8BITMIME SMTPUTF8\r\n").substr(0, 9), "250 2.1.0");
}

TEST(LmtpTalk, a_message_that_grows_beyond_the_limit_is_read_to_its_end_and_answered_each_recipient) {
  Talk talk;
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 20}) {
    talk.tell(
        std::string(kStart) + "RCPT TO:<b@example.net>\r\nDATA\r\n" + std::string(1001, 'x') + "\r\nRSET\r\n.\r\n",
        step);
    EXPECT_TRUE(
        talk.ears.said.ends_with("354 end with CRLF.CRLF\r\n552 5.3.4 larger than 1000 bytes\r\n"
                                 "552 5.3.4 larger than 1000 bytes\r\n"))
        << talk.ears.said;
  }
  EXPECT_TRUE(talk.ears.mails.empty());
  talk.tell(std::string(kStart) + "DATA\r\n" + std::string(998, 'x') + "\r\n.\r\n");
  ASSERT_EQ(talk.ears.mails.size(), 1U);  // exactly 1000
  EXPECT_EQ(talk.tell("MAIL FROM:<>\r\nRCPT TO:<a@b.test>\r\nBDAT 1001 LAST\r\n" + std::string(1001, 'x') + "NOOP\r\n"),
            "250 2.1.0 sender taken\r\n250 2.1.5 recipient taken\r\n552 5.3.4 larger than 1000 bytes\r\n"
            "250 2.0.0 still here\r\n");
  EXPECT_EQ(talk.budget.left(), 100'000U);
}

TEST(LmtpTalk, no_memory_left_is_a_reason_to_come_back_later) {
  Talk talk(100'000, 10'000);
  talk.tell(std::string(kStart) + "DATA\r\n" + std::string(20'000, 'x') + "\r\n.\r\n");
  EXPECT_TRUE(talk.ears.said.ends_with("452 4.3.1 too many messages are in memory now, try again\r\n"))
      << talk.ears.said;
  EXPECT_EQ(talk.budget.left(), 10'000U);
  ASSERT_TRUE(talk.budget.take(9'000));
  EXPECT_EQ(talk.tell("MAIL FROM:<>\r\n").substr(0, 9), "452 4.3.1");
  talk.budget.give(9'000);
  EXPECT_EQ(talk.tell("MAIL FROM:<>\r\n").substr(0, 9), "250 2.1.0");
}

TEST(LmtpTalk, a_half_message_gives_its_memory_back) {
  Budget budget{100'000};
  Ears ears{budget};
  {
    LmtpTalk talk("desk.test", 50'000, budget, ears);
    talk.feed(std::string(kStart) + "DATA\r\n" + std::string(20'000, 'x'));
    EXPECT_LT(budget.left(), 80'001U);
  }
  EXPECT_EQ(budget.left(), 100'000U);
}

TEST(LmtpTalk, a_line_that_is_too_long_is_dropped_whole) {
  for (const std::size_t step : {std::size_t{1}, std::size_t{100}, std::size_t{1} << 20}) {
    Talk talk;
    EXPECT_EQ(talk.tell("NOOP " + std::string(kLineBytesMax, 'x') + "\r\nNOOP\r\n", step),
              "500 5.5.6 the line is too long\r\n250 2.0.0 still here\r\n");
    EXPECT_EQ(talk.tell("NOOP " + std::string(kLineBytesMax - 6, 'x') + "\r\n", step), "250 2.0.0 still here\r\n");
  }
}

TEST(LmtpTalk, recipients_beyond_the_limit_are_asked_to_come_again) {
  Talk talk;
  talk.tell("LHLO x\r\nMAIL FROM:<>\r\n");
  for (std::size_t i = 0; i < kRecipientsMax; ++i)
    ASSERT_EQ(talk.tell(fmt::format("RCPT TO:<r{}@example.net>\r\n", i)), "250 2.1.5 recipient taken\r\n");
  EXPECT_EQ(talk.tell("RCPT TO:<one@example.net>\r\n"), "452 4.5.3 too many recipients\r\n");
  talk.tell("DATA\r\nx\r\n.\r\n");
  ASSERT_EQ(talk.ears.mails.size(), 1U);
  EXPECT_EQ(talk.ears.mails[0].recipients, kRecipientsMax);
  EXPECT_LE(talk.ears.mails[0].to.size(), kEnvelopeToBytesMax);
  EXPECT_TRUE(talk.ears.mails[0].to.starts_with("r0@example.net, r1@example.net, "));
}

TEST(LmtpTalk, too_many_errors_end_the_conversation) {
  Talk talk;
  std::string in;
  for (unsigned i = 0; i < kErrorsMax; ++i) in += "WHAT\r\n";
  const std::string said = talk.tell(in + "NOOP\r\n");
  EXPECT_TRUE(said.ends_with("421 4.7.0 too many errors, closing\r\n")) << said;
  EXPECT_TRUE(talk.talk.over());
}

TEST(LmtpTalk, a_chunk_whose_size_cannot_be_read_ends_the_conversation) {
  for (const std::string_view bad :
       {"BDAT\r\n", "BDAT x\r\n", "BDAT -1 LAST\r\n", "BDAT 5 FIRST\r\n", "BDAT 99999999999999999999\r\n"}) {
    Talk talk;
    talk.tell(kStart);
    talk.tell(bad);
    EXPECT_TRUE(talk.talk.over()) << bad;
  }
}

TEST(LmtpTalk, chunks_and_data_do_not_mix) {
  Talk talk;
  talk.tell(std::string(kStart) + "BDAT 2\r\nab");
  EXPECT_EQ(talk.tell("DATA\r\n").substr(0, 9), "503 5.5.1");
  EXPECT_EQ(talk.tell("RCPT TO:<x@example.net>\r\n").substr(0, 9), "503 5.5.1");
  talk.tell("BDAT 0 LAST\r\n");
  ASSERT_EQ(talk.ears.mails.size(), 1U);
  EXPECT_EQ(talk.ears.mails[0].bytes, "ab");
  talk.tell("MAIL FROM:<> BODY=BINARYMIME\r\nRCPT TO:<x@example.net>\r\n");
  EXPECT_EQ(talk.tell("DATA\r\n").substr(0, 9), "503 5.5.1");
}

TEST(LmtpTalk, odd_addresses_are_read) {
  const std::vector<std::pair<std::string, std::string>> good = {
      {"FROM:<>", ""},
      {"from: <A@Example.ORG>", "A@Example.ORG"},
      {"FROM:a@example.org", "a@example.org"},
      {"FROM:<@r.example,@s.example:a@example.org> SIZE=3", "a@example.org"},
      {"FROM:<\"a > b\"@example.org>", "\"a > b\"@example.org"},
      {"FROM:<\"a\\\"> b\"@example.org>", "\"a\\\"> b\"@example.org"},
      {"FROM:<j\xc3\xb6rg@example.org> SMTPUTF8", "j\xc3\xb6rg@example.org"},
      {"FROM:<\xff@example.org>", "\xef\xbf\xbd@example.org"},
  };
  for (const auto& [in, want] : good) {
    const auto path = parse_path(in, "FROM:");
    ASSERT_TRUE(path) << in << ": " << path.error().what;
    EXPECT_EQ(path->address, want);
  }
  for (const std::string& bad :
       {"FROM <a@b>"s, "FROM:<a@b"s, "FROM:"s, "TO:<a@b>"s, "FROM:<a\0b@c>"s, "FROM:<a\rb@c>"s})
    EXPECT_FALSE(parse_path(bad, "FROM:")) << testing::PrintToString(bad);
}

}  // namespace
}  // namespace abate::post
