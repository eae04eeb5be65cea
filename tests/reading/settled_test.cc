// SPDX-License-Identifier: Apache-2.0
// Words that end a matter decide only where they are all that a mail brings.
#include <gtest/gtest.h>

#include "reading/read.h"

namespace abate::reading {
namespace {

constexpr std::string_view kLog =
    "Nov  8 10:00:01 mail sshd[123]: Failed password for root from 192.0.2.10 port 4711 ssh2\n";

Reading read_mail(std::string_view subject, std::string_view text, std::string_view fields = "") {
  return read_unhashed(fmt::format("From: noc@isp.example\nTo: abuse@hosting.example\nSubject: {}\n"
                                   "Date: Mon, 09 Nov 2026 10:15:00 +0100\n{}\n{}",
                                   subject, fields, text),
                       "message/rfc822", "");
}

void expect_blames(const Reading& reading) {
  ASSERT_EQ(outcome_name(reading.outcome), "read");
  ASSERT_EQ(reading.incidents.size(), 1U);
  EXPECT_EQ(reading.incidents[0].source_ip->to_string(), "192.0.2.10");
}

void expect_opens_nothing(const Reading& reading) { EXPECT_EQ(outcome_name(reading.outcome), "not_a_report"); }

TEST(Settled, loses_no_report_that_says_such_words) {
  expect_blames(read_mail("Abuse", fmt::format("Hello,\n\nSSH brute force from your host.\n\n{}\n-- \nThank you for "
                                               "reporting by our portal.\n",
                                               kLog)));
  expect_blames(read_mail("SSH brute force", fmt::format("Thank you for reporting to our desk.\n\n{}", kLog)));
  expect_blames(
      read_mail("Case 11", "Your earlier case has been closed. Now again: SSH brute force from 192.0.2.10.\n"));
  expect_blames(read_mail("Port scan", "The case was closed, but 192.0.2.10 still does a port scan of our network.\n"));
  expect_blames(read_mail("SSH attack from 192.0.2.10",
                          "Hi,\n\nSource: 192.0.2.10\nTime: 2026-11-08 10:00:01 UTC\nType: SSH brute force\n\n"
                          "Please ignore our previous mail, it had the wrong address.\n"));
  expect_blames(read_mail("Attack", "192.0.2.10 was removed from our allow list because of SSH brute force.\n"));
  expect_blames(read_mail("Brute force", fmt::format("The user's ticket has been closed on our side.\n\n"
                                                     "-----Original Message-----\nFrom: user@x.example\n\n{}",
                                                     kLog)));
}

TEST(Settled, opens_nothing_where_the_matter_is_over) {
  expect_opens_nothing(read_mail("Case 5512", "Hello,\n\nthe case has been closed: 192.0.2.10 is offline.\n"));
  expect_opens_nothing(read_mail("Done", "192.0.2.10 was removed from our blocklist on 2026-11-09 08:00 UTC.\n"));
  expect_opens_nothing(read_mail(
      "Retraction", "Please disregard our SSH report of 2026-11-08 12:00 UTC on 192.0.2.10; it was an error.\n"));
  expect_opens_nothing(read_mail("Please unblock 192.0.2.10", "You reject our mail. We do not send spam.\n"));
}

TEST(Settled, knows_a_notice_of_ours_that_comes_back) {
  const std::string notice = fmt::format("We received a report: SSH brute force.\n\nSource: 192.0.2.10\n\n{}", kLog);
  constexpr std::string_view kHead = "Von: abuse@hosting.example\nGesendet: Montag\n\n";
  expect_opens_nothing(
      read_mail("AW: [T-2026-000126] SSH brute force", fmt::format("erledigt.\n\n{}{}", kHead, notice)));
  expect_opens_nothing(read_mail("Fwd: [T-2026-000127] notice",
                                 fmt::format("Is this real?\n\n---------- Forwarded message ---------\nFrom: Desk "
                                             "<abuse@hosting.example>\n\n{}",
                                             notice)));
  // Another desk's mark, with itself in copy; and who sends again what he sent to us.
  expect_blames(read_mail("[T-5512] SSH brute force", notice, "Cc: noc@isp.example\n"));
  expect_blames(read_mail("Fwd: [T-2026-000128] SSH brute force",
                          fmt::format("No answer yet.\n\n---------- Forwarded message ---------\nFrom: Noc "
                                      "<noc@isp.example>\nTo: abuse@hosting.example\n\n{}",
                                      notice),
                          "Cc: noc@isp.example\n"));
  // Whoever writes under it with new lines reports anew.
  expect_blames(read_mail("AW: [T-2026-000126] SSH brute force",
                          fmt::format("SSH brute force goes on:\n{}\n{}We received a report.\n", kLog, kHead)));
}

}  // namespace
}  // namespace abate::reading
