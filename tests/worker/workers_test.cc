// SPDX-License-Identifier: Apache-2.0
#include "worker/workers.h"

#include <thread>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/text.h"
#include "reading/format.h"
#include "reading/read.h"
#include "reading/signed_mail.h"

namespace abate::worker {
namespace {

using std::chrono::milliseconds;

std::unique_ptr<desk::Reader> reader(WorkerOptions options) {
  auto started = start_workers(options);
  EXPECT_TRUE(started.has_value()) << (started ? "" : started.error().what);
  return started ? std::move(*started) : nullptr;
}
WorkerOptions one() {
  return {.count = 1, .memory_max_bytes = std::size_t{256} << 20, .time_max = milliseconds(3'000), .command = {}};
}

std::vector<Reading> read_all(desk::Reader& reader, const std::vector<std::string>& reports) {
  std::vector<desk::ToRead> asked;
  for (const std::string& report : reports) asked.push_back({report, "message/rfc822", ""});
  return reader.read(asked);
}
std::string first_warning(const Reading& reading) { return reading.warnings.empty() ? "" : reading.warnings.front(); }

const std::string kMail = "From: a@example.org\nSubject: hello\n\nhi\n";
bool is_mail(const Reading& reading) {
  return reading.format == "mail" && reading.mail && reading.mail->subject == "hello";
}

// The order's fate stands between two ordinary mails that must not notice it.
std::string fate(desk::Reader& reader, const std::string& order) {
  const auto readings = read_all(reader, {kMail, "TEST " + order, kMail});
  EXPECT_TRUE(is_mail(readings[0])) << order;
  EXPECT_TRUE(is_mail(readings[2])) << order << ": " << first_warning(readings[2]);
  EXPECT_EQ(readings[1].outcome, Outcome::unreadable) << order;
  return first_warning(readings[1]);
}

// A sanitizer turns signals and failed allocations into its own reports, and keeps descriptor 2.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
void expect_fate(desk::Reader& reader, const std::string& order, const std::string& expected) {
  const std::string cause = fate(reader, order);
  if (!kSanitized) {
    EXPECT_EQ(cause, expected) << order;
  }
}

TEST(Workers, read_what_reading_reads) {
  const auto workers = reader(one());
  for (const reading::Format* format : reading::formats())
    for (const reading::Example& example : format->examples) {
      const std::vector<desk::ToRead> asked{{example.bytes, example.content_type, "api.example"}};
      EXPECT_EQ(workers->read(asked).front(), reading::read_report(example.bytes, example.content_type, "api.example"))
          << example.title;
    }
}

TEST(Workers, prove_who_wrote_a_mail_where_nothing_can_be_looked_up) {
  const testing::Signer signer;
  const std::string mail =
      signer.sign("From: Loop <fbl@example.org>\r\nTo: abuse@hoster.example\r\nSubject: complaint\r\n\r\nSpam.\r\n",
                  "example.org", "sel");
  const Witnesses known{.records = {{"sel._domainkey.example.org", signer.record()}}, .trusted = {}};
  const Witnesses nothing;
  const std::vector<desk::ToRead> asked{
      {mail, "message/rfc822", "", &known}, {mail, "message/rfc822", ""}, {mail, "message/rfc822", "", &nothing}};
  const auto readings = reader(one())->read(asked);
  EXPECT_EQ(readings[0].reporter.authenticated, "dkim:example.org") << first_warning(readings[0]);
  EXPECT_EQ(readings[0].reporter.keys, known.records);
  EXPECT_EQ(readings[1].names_wanted.front(), "sel._domainkey.example.org");
  EXPECT_EQ(readings[1].reporter.authenticated, "none");
  EXPECT_EQ(readings[2].reporter.authenticated, "none");
}

TEST(Workers, answer_nothing_for_nothing) { EXPECT_TRUE(reader(one())->read({}).empty()); }

TEST(Workers, name_a_crash_and_go_on_with_the_rest) {
  const auto workers = reader(one());
  expect_fate(*workers, "crash", "The reader crashed (signal 11)");
  expect_fate(*workers, "null", "The reader crashed (signal 11)");
  expect_fate(*workers, "abort", "The reader crashed (signal 6)");
  expect_fate(*workers, "quit", "The reader ended (status 3)");
  expect_fate(*workers, "throw", "The reader failed: thrown on purpose");
}

TEST(Workers, stop_what_hangs) {
  WorkerOptions options = one();
  options.time_max = milliseconds(300);
  const auto workers = reader(options);
  const auto began = std::chrono::steady_clock::now();
  expect_fate(*workers, "hang", "The reader was stopped after 0.3 s");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST(Workers, stop_what_eats_memory) {
  WorkerOptions options = one();
  options.memory_max_bytes = std::size_t{64} << 20;
  expect_fate(*reader(options), "allocate", "The reader needed more than 64 MiB");
}

TEST(Workers, cannot_open_files) {
  const auto workers = reader(one());
  expect_fate(*workers, "open", "open refused");
  expect_fate(*workers, "create", "create refused");
  expect_fate(*workers, "self", "self refused");
  expect_fate(*workers, "stderr", "stderr refused");
}

TEST(Workers, are_killed_for_sockets_programs_processes_and_code) {
  const auto workers = reader(one());
  for (const char* order : {"socket", "exec", "fork", "thread", "code", "signal"})
    expect_fate(*workers, order, "The reader was stopped: it tried what a reader may not do");
}

TEST(Workers, are_not_believed) {
  const auto workers = reader(one());
  expect_fate(*workers, "nonsense", "The reader's answer is damaged");
  expect_fate(*workers, "lie", "The reader's answer is damaged");
}

TEST(Workers, use_a_child_again_and_replace_a_dead_one) {
  const auto workers = reader(one());
  const auto first = read_all(*workers, {"TEST who", "TEST who"});
  EXPECT_EQ(first_warning(first[0]), first_warning(first[1]));
  EXPECT_EQ(first_warning(read_all(*workers, {"TEST who"})[0]), first_warning(first[0]));
  read_all(*workers, {"TEST crash"});
  EXPECT_NE(first_warning(read_all(*workers, {"TEST who"})[0]), first_warning(first[0]));
}

TEST(Workers, answer_a_long_batch_in_order) {
  const auto workers = reader(one());
  std::vector<std::string> reports;
  for (int i = 0; i < 256; ++i)
    reports.push_back(fmt::format("From: a@example.org\nSubject: n{}\n\n{}\n", i, std::string(20'000, 'x')));
  reports[100] = "TEST crash";
  reports[200] = "TEST throw";
  const auto readings = read_all(*workers, reports);
  for (std::size_t i = 0; i < readings.size(); ++i) {
    if (i == 100 || i == 200) continue;
    ASSERT_TRUE(readings[i].mail.has_value()) << i << first_warning(readings[i]);
    EXPECT_EQ(readings[i].mail->subject, fmt::format("n{}", i));
  }
}

TEST(Workers, read_a_mail_of_50_MB) {
  const auto workers = reader(one());
  std::string big =
      "From: a@example.org\nSubject: big\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
      "--b\nContent-Type: text/plain\n\nsee below\n--b\nContent-Type: application/octet-stream\n\n";
  for (int i = 0; i < 820'000; ++i) big += "0123456789012345678901234567890123456789012345678901234567890123\n";
  big += "--b--\n";
  ASSERT_GT(big.size(), std::size_t{50} << 20);
  const auto readings = read_all(*workers, {kMail, big, kMail});
  EXPECT_TRUE(is_mail(readings[0]));
  ASSERT_TRUE(readings[1].mail.has_value()) << first_warning(readings[1]);
  EXPECT_EQ(readings[1].mail->subject, "big");
  EXPECT_EQ(trim(readings[1].mail->text), "see below");
  EXPECT_TRUE(is_mail(readings[2]));
}

TEST(Workers, serve_several_threads_at_once) {
  WorkerOptions options = one();
  options.count = 2;
  const auto workers = reader(options);
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int round = 0; round < 5; ++round) {
        const auto readings = read_all(*workers, {kMail, t == 0 ? "TEST crash" : kMail, kMail});
        good += is_mail(readings[0]) && is_mail(readings[2]) ? 1 : 0;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 20);
}

TEST(Workers, know_the_charsets_of_mail_inside_the_sandbox) {
  struct Case {
    std::string charset;
    std::string bytes;
    std::string text;
  };
  const std::vector<Case> cases{
      {"windows-1251", "\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"},
      {"koi8-r", "\xf0\xd2\xc9\xd7\xc5\xd4", "Привет"},
      {"iso-2022-jp", "\x1b$B$3$s$K$A$O\x1b(B", "こんにちは"},
      {"gb18030", "\xc4\xe3\xba\xc3", "你好"},
      {"iso-8859-15", "\xa4 5", "€ 5"},
      {"no-such-charset", "caf\xe9", "café"},
  };
  const auto workers = reader(one());
  for (const Case& each : cases) {
    const std::string word = "=?" + each.charset + "?B?" + base64_encode(each.bytes) + "?=";
    const auto readings = read_all(
        *workers, {"From: \"" + word + "\" <a@example.org>\nTo: " + word + " <b@example.org>\nSubject: " + word +
                   "\nContent-Type: text/plain; charset=" + each.charset + "\n\n" + each.bytes + "\n"});
    ASSERT_TRUE(readings[0].mail.has_value()) << each.charset << ": " << first_warning(readings[0]);
    EXPECT_EQ(trim(readings[0].mail->text), each.text) << each.charset;
    EXPECT_EQ(readings[0].mail->subject, each.text) << each.charset;
    EXPECT_EQ(readings[0].mail->from_name, each.text) << each.charset;
    const bool warned = join(readings[0].warnings, " ").find("not known here") != std::string::npos;
    EXPECT_EQ(warned, each.charset == "no-such-charset");
  }
}

TEST(Workers, say_why_they_cannot_start) {
  WorkerOptions options = one();
  options.command = {"/no/such/program"};
  EXPECT_FALSE(start_workers(options).has_value());
  options.command = {"/bin/false"};
  const auto ended = start_workers(options);
  ASSERT_FALSE(ended.has_value());
  EXPECT_NE(ended.error().what.find("status 1"), std::string::npos) << ended.error().what;
  options.count = 0;
  EXPECT_FALSE(start_workers(options).has_value());
}

}  // namespace
}  // namespace abate::worker
