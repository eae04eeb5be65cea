// SPDX-License-Identifier: Apache-2.0
#include "wire/reading_json.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "support/schema.h"

namespace abate::wire {
namespace {

Reading full_reading() {
  Incident incident;
  incident.category = Category::spam;
  incident.type = "messaging/spam";
  incident.source_ip = *parse_ip("192.0.2.1");
  incident.source_port = 25;
  incident.destination_ip = *parse_ip("2001:db8::1");
  incident.destination_port = 443;
  incident.protocol = "tcp";
  incident.url = "http://x.example/";
  incident.domain = "x.example";
  incident.started_at = *parse_rfc3339("2026-01-02T03:04:05Z");
  incident.ended_at = *parse_rfc3339("2026-01-02T03:04:06.5Z");
  incident.confidence = 0.9;
  incident.count = 3;
  incident.evidence.push_back({"text/plain", "log", "a line\xff", sha256_hex("a line\xff"), std::nullopt});
  incident.evidence.push_back({"image/png", "", "\x89PNG\xff", sha256_hex("\x89PNG\xff"), std::nullopt});
  incident.reasons = {"address: Source-IP field"};
  incident.read_from = "part 2";
  Reading reading;
  reading.format = "arf";
  reading.outcome = Outcome::read;
  reading.incidents.push_back(incident);
  reading.reporter = {"fbl@example.org", "Loop", "dkim:example.org", true};
  reading.warnings = {"Arrival-Date names no zone"};
  return reading;
}

TEST(ReadingLine, says_where_evidence_stands_in_the_report) {
  Reading reading = full_reading();
  reading.incidents[0].evidence[0].range = ByteRange{40, 7};
  const auto form = boost::json::parse(reading_line("x.eml", reading));
  const auto& evidence = form.at("incidents").at(0).at("evidence");
  EXPECT_EQ(evidence.at(0).at("range").at("offset"), 40);
  EXPECT_EQ(evidence.at(0).at("range").at("length"), 7);
  EXPECT_TRUE(evidence.at(1).at("range").is_null());
}

// The customer's view is made of the same forms.
TEST(ReadingLine, does_not_hold_the_lines_that_only_the_team_sees) {
  Reading reading = full_reading();
  reading.incidents[0].read_text = "reporter: secret";
  reading.incidents[0].read_range = ByteRange{7'777, 3};
  const std::string line = reading_line("x.eml", reading);
  EXPECT_EQ(line.find("secret"), std::string::npos);
  EXPECT_EQ(line.find("7777"), std::string::npos);
}

TEST(ReadingLine, has_the_fields_of_the_contract) {
  const std::string line = reading_line("x.eml", full_reading());
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto form = boost::json::parse(line);
  EXPECT_EQ(form.at("file"), "x.eml");
  EXPECT_EQ(form.at("outcome"), "read");
  const auto& incident = form.at("incidents").at(0);
  EXPECT_EQ(incident.at("source_ip"), "192.0.2.1");
  EXPECT_EQ(incident.at("started_at"), "2026-01-02T03:04:05Z");
  EXPECT_EQ(incident.at("evidence").at(0).at("text"), "a line\xef\xbf\xbd");
  EXPECT_TRUE(incident.at("evidence").at(1).at("text").is_null());
  EXPECT_EQ(form.at("reporter").at("authenticated"), "dkim:example.org");
}

TEST(ReadingLine, holds_its_schema) {
  const test::Schema schema("reading");
  EXPECT_EQ(schema.breach(boost::json::parse(reading_line("x.eml", full_reading()))), "");
}

TEST(ReadingLine, writes_what_is_not_said_as_null_and_holds_its_schema) {
  Reading reading = full_reading();
  reading.incidents[0] = Incident{};
  reading.incidents[0].started_unzoned = *parse_rfc3339("2026-01-02T03:04:05Z");
  reading.reporter = {};
  const auto form = boost::json::parse(reading_line("-", reading));
  EXPECT_EQ(test::Schema("reading").breach(form), "");
  const auto& incident = form.at("incidents").at(0);
  for (const char* name : {"source_ip", "source_port", "destination_ip", "destination_port", "protocol", "url",
                           "domain", "started_at", "ended_at"})
    EXPECT_TRUE(incident.at(name).is_null()) << name;
  EXPECT_EQ(incident.at("started_unzoned"), "2026-01-02T03:04:05");
  EXPECT_TRUE(form.at("reporter").at("name").is_null());
}

TEST(Schema, tells_what_breaks_it) {
  auto form = boost::json::parse(reading_line("x.eml", full_reading()));
  form.at("incidents").at(0).as_object()["count"] = 0;
  EXPECT_EQ(test::Schema("reading").breach(form), "/incidents/0/count: below minimum");
  form.at("incidents").at(0).as_object()["count"] = 1;
  form.as_object().erase("reporter");
  EXPECT_EQ(test::Schema("reading").breach(form), ": reporter is missing");
}

}  // namespace
}  // namespace abate::wire
