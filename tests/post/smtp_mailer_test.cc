// SPDX-License-Identifier: Apache-2.0
#include "post/smtp_mailer.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "support/smtp_sink.h"
#include "support/temp_folder.h"

namespace abate::post {
namespace {

using test::SmtpSink;

std::unique_ptr<desk::Mailer> mailer_for(const MailerOptions& options) {
  auto made = make_mailer(options);
  if (!made) throw std::runtime_error(made.error().what);
  return std::move(*made);
}

struct Certificate {
  explicit Certificate(const test::TempFolder& folder)
      : file{folder.path() / "cert.pem"}, key{folder.path() / "key.pem"} {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        " -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout " +
        key + " -out " + file + " 2>/dev/null";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("openssl makes no certificate");
  }
  std::string file, key;
};

constexpr const char* kFrom = "bounce+abc@example.net";
constexpr const char* kTo = "owner@example.org";
const std::string kMail = "Subject: x\r\n\r\nhello\r\n";

TEST(SmtpMailer, hands_a_mail_over_as_it_is) {
  SmtpSink sink;
  const auto mailer = mailer_for({.url = sink.url()});
  const std::string message =
      ".first\r\nSubject: x\r\n\r\n.\r\n..two\r\nmiddle.\r\n" + std::string(5000, 'l') + "\r\n\xc3\xa9 8 bit\r\n.\r\n";
  ASSERT_TRUE(mailer->send(kFrom, kTo, message));
  const auto mails = sink.mails();
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails[0].sender, kFrom);
  EXPECT_EQ(mails[0].recipients, std::vector<std::string>{kTo});
  EXPECT_EQ(mails[0].message, message);
  EXPECT_FALSE(mails[0].tls);
}

TEST(SmtpMailer, the_sender_may_be_null_and_addresses_may_be_utf8) {
  SmtpSink sink;
  const auto mailer = mailer_for({.url = sink.url()});
  ASSERT_TRUE(mailer->send("", kTo, kMail));
  ASSERT_TRUE(mailer->send(kFrom, "j\xc3\xb6rg@example.org", kMail));
  const auto mails = sink.mails();
  ASSERT_EQ(mails.size(), 2U);
  EXPECT_TRUE(mails[0].mail_line.starts_with("MAIL FROM:<>")) << mails[0].mail_line;
  EXPECT_EQ(mails[1].recipients[0], "j\xc3\xb6rg@example.org");
  EXPECT_NE(mails[1].mail_line.find("SMTPUTF8"), std::string::npos) << mails[1].mail_line;
}

TEST(SmtpMailer, an_address_that_would_be_a_command_is_refused) {
  SmtpSink sink;
  const auto mailer = mailer_for({.url = sink.url()});
  for (const std::string& bad : {std::string("a@example.org>\r\nRCPT TO:<b@example.org"), std::string("a\n@b.test"),
                                 std::string("a@b.test\0c", 10), std::string("a> <b@c.test"), std::string()}) {
    const auto sent = mailer->send(kFrom, bad, kMail);
    ASSERT_FALSE(sent) << testing::PrintToString(bad);
    EXPECT_EQ(sent.error().fault, Fault::refused);
  }
  EXPECT_FALSE(mailer->send("x>\r\nRSET", kTo, kMail));
  EXPECT_TRUE(sink.mails().empty());
}

TEST(SmtpMailer, keeps_its_connection_and_makes_a_new_one_when_it_was_cut) {
  SmtpSink sink;
  const auto mailer = mailer_for({.url = sink.url()});
  ASSERT_TRUE(mailer->send(kFrom, kTo, kMail));
  ASSERT_TRUE(mailer->send(kFrom, kTo, kMail));
  sink.hang_up();
  ASSERT_TRUE(mailer->send(kFrom, kTo, kMail));
  const auto mails = sink.mails();
  ASSERT_EQ(mails.size(), 3U);
  EXPECT_EQ(mails[1].connection, mails[0].connection);
  EXPECT_NE(mails[2].connection, mails[0].connection);
}

TEST(SmtpMailer, a_4xx_at_any_step_is_tried_again_and_a_5xx_never) {
  for (const char* step : {"MAIL", "RCPT", "DATA", "END"}) {
    SmtpSink sink;
    const auto mailer = mailer_for({.url = sink.url()});
    sink.at(step, "450 4.2.0 greylisted");
    const auto later = mailer->send(kFrom, kTo, kMail);
    ASSERT_FALSE(later) << step;
    EXPECT_EQ(later.error().fault, Fault::unavailable) << step << later.error().what;
    EXPECT_NE(later.error().what.find("450 4.2.0 greylisted"), std::string::npos) << step << later.error().what;
    sink.at(step, "550 5.1.1 nobody here");
    const auto never = mailer->send(kFrom, kTo, kMail);
    ASSERT_FALSE(never) << step;
    EXPECT_EQ(never.error().fault, Fault::refused) << step << never.error().what;
    EXPECT_NE(never.error().what.find("550 5.1.1 nobody here"), std::string::npos) << step << never.error().what;
    sink.at(step, "");
    EXPECT_TRUE(mailer->send(kFrom, kTo, kMail)) << step;
  }
}

// A server that is sick says 5xx before it has heard whom the mail is for: that says nothing about the recipient.
TEST(SmtpMailer, a_server_that_is_away_sick_or_silent_is_tried_again) {
  for (const char* step : {"CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "END"}) {
    for (const char* fate : {SmtpSink::kHang, SmtpSink::kClose}) {
      SmtpSink sink;
      const auto mailer = mailer_for({.url = sink.url(), .total_ms = 300});
      sink.at(step, fate);
      const auto sent = mailer->send(kFrom, kTo, kMail);
      ASSERT_FALSE(sent) << step << fate;
      EXPECT_EQ(sent.error().fault, Fault::unavailable) << step << fate << sent.error().what;
    }
  }
  SmtpSink sink;
  sink.at("CONNECT", "554 5.3.2 not today");
  EXPECT_EQ(mailer_for({.url = sink.url()})->send(kFrom, kTo, kMail).error().fault, Fault::unavailable);
  sink.at("CONNECT", "");
  sink.at("MAIL", "530 5.7.0 sign in first");
  EXPECT_EQ(mailer_for({.url = sink.url()})->send(kFrom, kTo, kMail).error().fault, Fault::unavailable);
  std::string dead;
  {
    const SmtpSink gone;
    dead = gone.url();
  }
  EXPECT_EQ(mailer_for({.url = dead})->send(kFrom, kTo, kMail).error().fault, Fault::unavailable);
}

TEST(SmtpMailer, takes_starttls_where_it_is_offered_even_from_an_unknown_certificate) {
  const test::TempFolder folder;
  const Certificate certificate(folder);
  SmtpSink sink(certificate.file, certificate.key);
  ASSERT_TRUE(mailer_for({.url = sink.url()})->send(kFrom, kTo, kMail));
  ASSERT_EQ(sink.mails().size(), 1U);
  EXPECT_TRUE(sink.mails()[0].tls);
}

TEST(SmtpMailer, required_tls_wants_a_certificate_that_it_knows) {
  const test::TempFolder folder;
  const Certificate certificate(folder);
  SmtpSink sink(certificate.file, certificate.key);
  const auto unknown = mailer_for({.url = sink.url(), .require_tls = true})->send(kFrom, kTo, kMail);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().fault, Fault::unavailable) << unknown.error().what;
  EXPECT_TRUE(sink.mails().empty());
  const auto known =
      mailer_for({.url = sink.url(), .ca_file = certificate.file, .require_tls = true})->send(kFrom, kTo, kMail);
  EXPECT_TRUE(known) << known.error().what;
  SmtpSink plain;
  EXPECT_FALSE(mailer_for({.url = plain.url(), .require_tls = true})->send(kFrom, kTo, kMail));
  EXPECT_TRUE(plain.mails().empty());
}

TEST(SmtpMailer, signs_in_as_its_user_file_says) {
  const test::TempFolder folder;
  std::ofstream(folder.path() / "user") << "desk:s3cret\n";
  SmtpSink sink;
  const auto mailer = mailer_for({.url = sink.url(), .user_file = folder.path() / "user"});
  ASSERT_TRUE(mailer->send(kFrom, kTo, kMail));
  EXPECT_NE(sink.mails()[0].auth.find(base64_encode(std::string("\0desk\0s3cret", 12))), std::string::npos)
      << sink.mails()[0].auth;
  sink.at("AUTH", "535 5.7.8 wrong password");
  const auto fresh = mailer_for({.url = sink.url(), .user_file = folder.path() / "user"});
  EXPECT_EQ(fresh->send(kFrom, kTo, kMail).error().fault, Fault::unavailable);
}

TEST(SmtpMailer, many_threads_send_at_once) {
  SmtpSink sink;
  const auto mailer = mailer_for({.url = sink.url()});
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < 5; ++j) EXPECT_TRUE(mailer->send(kFrom, kTo, kMail));
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sink.mails().size(), 40U);
}

TEST(SmtpMailer, an_option_that_cannot_be_read_is_said_at_start) {
  for (const MailerOptions& bad : {MailerOptions{.url = "http://127.0.0.1"}, MailerOptions{.url = "127.0.0.1:25"},
                                   MailerOptions{.user_file = "/nowhere/at/all"}})
    EXPECT_EQ(make_mailer(bad).error().fault, Fault::malformed);
}

TEST(FolderMailer, writes_each_mail_into_a_file_of_its_own) {
  const test::TempFolder folder;
  const auto mailer = mailer_for({.url = "folder:" + (folder.path() / "out").string()});
  ASSERT_TRUE(mailer->send(kFrom, kTo, kMail));
  ASSERT_TRUE(mailer->send("", kTo, kMail));
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "out")) {
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    EXPECT_TRUE(text.str().ends_with(std::string("Delivered-To: ") + kTo + "\r\n" + kMail)) << text.str();
    EXPECT_TRUE(entry.path().filename().string().ends_with(".eml"));
    ++files;
  }
  EXPECT_EQ(files, 2);
  std::filesystem::remove_all(folder.path() / "out");
  EXPECT_EQ(mailer->send(kFrom, kTo, kMail).error().fault, Fault::unavailable);
}

}  // namespace
}  // namespace abate::post
