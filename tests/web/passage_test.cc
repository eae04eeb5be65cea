// SPDX-License-Identifier: Apache-2.0
// Each incident beside the lines that it was read from.
#include "web/pages/passage.h"

#include <gtest/gtest.h>

namespace abate::web {
namespace {

std::string shown(const Passage& passage) {
  std::string out = passage.from;
  for (const NumberedLine& line : passage.lines) out += fmt::format(" | {} {}", line.number, line.text);
  return out;
}

Incident with(std::string read_from, Evidence evidence) {
  Incident incident;
  incident.source_ip = *parse_ip("192.0.2.7");
  incident.read_from = std::move(read_from);
  incident.evidence.push_back(std::move(evidence));
  return incident;
}

TEST(Passage, is_the_range_of_the_report_with_its_line_there) {
  const std::string report = "ip,kind\r\n192.0.2.6,spam\r\n192.0.2.7,spam\r\n";
  const Incident row = with("line 3", {"text/csv", "row", "", "", ByteRange{report.find("192.0.2.7"), 14}});
  EXPECT_EQ(shown(passage_of(row, report, false)), "line 3 of the report | 3 192.0.2.7,spam");
  const Incident lies = with("line 3", {"text/csv", "row", "", "", ByteRange{4'000, 14}});
  EXPECT_TRUE(passage_of(lies, report, true).lines.empty());
}

TEST(Passage, of_a_feedback_report_is_its_fields_and_not_the_mail_complained_about) {
  const std::string report = "a\n\nFeedback-Type: abuse\nSource-IP: 192.0.2.7\n\nBuy now\n";
  Incident incident = with("feedback report", {"message/rfc822", "reported message", "", "", ByteRange{46, 8}});
  EXPECT_TRUE(passage_of(incident, report, true).lines.empty());
  incident.evidence.push_back({"message/feedback-report", "feedback report", "", "", ByteRange{3, 42}});
  EXPECT_EQ(shown(passage_of(incident, report, true)),
            "line 3 of the report (feedback report) | 3 Feedback-Type: abuse | 4 Source-IP: 192.0.2.7");
}

TEST(Passage, numbers_lines_that_do_not_follow_each_other) {
  const Incident incident =
      with("part 2, lines 3, 5-6", {"text/plain", "lines that name it", "a\nb\nc\n", "", std::nullopt});
  EXPECT_EQ(shown(passage_of(incident, "", true)), "part 2, lines 3, 5-6 | 3 a | 5 b | 6 c");
}

TEST(Passage, picks_the_line_out_of_the_whole_text_where_it_names_the_culprit) {
  const Evidence text{"text/plain", "text of the report", "Hello\n\nyour 192.0.2.7 spams\n", "", std::nullopt};
  EXPECT_EQ(shown(passage_of(with("part 1, line 3", text), "", true)), "part 1, line 3 | 3 your 192.0.2.7 spams");
  EXPECT_TRUE(passage_of(with("part 2, line 1", text), "", true).lines.empty()) << "counted in another part";
}

TEST(Passage, of_a_small_report_that_is_no_mail_is_all_of_it) {
  Incident incident;
  incident.read_from = "report";
  EXPECT_EQ(shown(passage_of(incident, "{\n}\n", false)), "report | 1 { | 2 }");
  EXPECT_TRUE(passage_of(incident, std::string(5'000, 'x'), false).lines.empty());
  EXPECT_TRUE(passage_of(incident, "From: x", true).lines.empty());
}

TEST(Passage, is_what_the_incident_says_that_it_was_read_from) {
  const std::string report = "a\n\n---\nSource: 192.0.2.7\nPort: 22\n";
  Incident form = with("part 1, lines 2-3", {"text/plain", "log", "192.0.2.7 knocks", "", std::nullopt});
  form.read_range = ByteRange{report.find("Source"), 26};
  EXPECT_EQ(shown(passage_of(form, report, true)),
            "line 4 of the report (part 1, lines 2-3) | 4 Source: 192.0.2.7 | 5 Port: 22");
  form.read_range = ByteRange{4'000, 9};
  EXPECT_TRUE(passage_of(form, report, true).lines.empty() || passage_of(form, report, true).from == form.read_from);
  form.read_range.reset();
  form.read_text = "{\n \"ip\": \"192.0.2.7\"}";  // out of a part in base64
  EXPECT_EQ(shown(passage_of(form, report, true)), "part 1, lines 2-3 | 2 { | 3  \"ip\": \"192.0.2.7\"}");
}

TEST(Passage, has_an_end) {
  std::string lines;
  for (int i = 0; i < 500; ++i) lines += "x\n";
  const Evidence many{"text/plain", "lines that name it", lines, "", std::nullopt};
  EXPECT_EQ(passage_of(with("part 1, lines 1-999999999999", many), "", true).lines.size(), kPassageLinesMax);
  EXPECT_TRUE(passage_of(with("lines -", many), "", true).lines.empty());
}

}  // namespace
}  // namespace abate::web
