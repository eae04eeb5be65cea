// SPDX-License-Identifier: Apache-2.0
// Every incident names the lines that it was read from.
#include "reading/passage.h"

#include <gtest/gtest.h>

#include "reading/read.h"

namespace abate::reading {
namespace {

std::string taken(std::string_view report, const Passage& passage) {
  return passage.range ? std::string(report.substr(passage.range->offset, passage.range->length)) : passage.excerpt;
}

TEST(Passage, of_a_row_is_its_line) {
  const std::string report = "ip,kind\r\n192.0.2.7,spam\r\n192.0.2.8,spam\r\n";
  const Reading reading = read_unhashed(report, "text/csv", "");
  ASSERT_EQ(reading.incidents.size(), 2U);
  EXPECT_EQ(reading.incidents[1].passage.first_line, 3U);
  EXPECT_EQ(taken(report, reading.incidents[1].passage), "192.0.2.8,spam");
}

TEST(Passage, of_words_is_the_lines_that_name_the_culprit) {
  const std::string report =
      "From: ann@victim.example\nSubject: attack\n\nHello,\n\nOct 10 10:00:01 sshd[1]: Failed password for root from "
      "192.0.2.7\nnoise\nOct 10 10:00:09 sshd[1]: Failed password for root from 192.0.2.7\n\nBye\n";
  const Reading reading = read_unhashed(report, "message/rfc822", "");
  ASSERT_EQ(reading.incidents.size(), 1U);
  const Passage& passage = reading.incidents[0].passage;
  EXPECT_EQ(reading.incidents[0].read_from, "part 1, line 3");
  EXPECT_EQ(passage.first_line, 3U);
  EXPECT_EQ(passage.last_line, 5U);
  EXPECT_TRUE(taken(report, passage).starts_with("Oct 10 10:00:01"));
}

TEST(Passage, of_a_packed_part_is_what_it_unpacks_to) {
  const std::string report =
      "From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
      "Content-Type: text/plain\n\nSee the form.\n--b\nContent-Type: text/yaml; name=phish.yaml\n"
      "Content-Transfer-Encoding: base64\n\n"
      "dXJpOiBodHRwOi8vYmFkLmV4YW1wbGUvCmlwOiAxOTIuMC4yLjcKZG9tYWluOiBiYWQuZXhhbXBsZQpzaWduYXR1cmU6IHBoaXNoCg==\n"
      "--b--\n";
  const Reading reading = read_unhashed(report, "message/rfc822", "");
  ASSERT_EQ(reading.incidents.size(), 1U);
  EXPECT_EQ(reading.incidents[0].read_from, "part 2");
  EXPECT_FALSE(reading.incidents[0].passage.range);
  EXPECT_TRUE(reading.incidents[0].passage.excerpt.starts_with("uri: http://bad.example/\nip: 192.0.2.7\n"));
}

TEST(Passage, of_a_feedback_report_is_its_fields) {
  const std::string report =
      "From: f@b.example\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; "
      "boundary=b\n\n"
      "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: X/1\nVersion: 1\nSource-IP: "
      "192.0.2.7\n--b--\n";
  const Reading reading = read_unhashed(report, "message/rfc822", "");
  ASSERT_EQ(reading.incidents.size(), 1U);
  EXPECT_TRUE(taken(report, reading.incidents[0].passage).starts_with("Feedback-Type: abuse\n"));
  EXPECT_EQ(reading.incidents[0].passage.last_line, 4U);
}

TEST(Passage, lies_within_the_report_and_its_limits) {
  const Passage passage = passage_of(std::string(20'000, 'x') + "\nsecond", 5, 0);
  EXPECT_EQ(passage.first_line, 5U);
  EXPECT_EQ(passage.last_line, 5U);
  EXPECT_EQ(passage.range->length, kPassageBytesMax);
  EXPECT_EQ(passage_of("", 1, 0).first_line, 0U);
}

}  // namespace
}  // namespace abate::reading
