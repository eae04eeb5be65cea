// SPDX-License-Identifier: Apache-2.0
#include "reading/intel.h"

#include <gtest/gtest.h>

#include "reading/read.h"
#include "reading/stix_pattern.h"

namespace abate::reading {
namespace {

Reading read_json(std::string_view bytes) { return read_unhashed(bytes, "application/json", ""); }

std::string misp_with(std::string_view attributes, std::string_view info = "x") {
  return fmt::format(R"({{"Event":{{"info":"{}","Attribute":[{}]}}}})", info, attributes);
}

std::string stix_with(std::string_view objects) {
  return fmt::format(R"({{"type":"bundle","id":"bundle--1","objects":[{}]}})", objects);
}

std::string indicator_with(std::string_view pattern) {
  return stix_with(fmt::format(
      R"({{"type":"indicator","id":"indicator--1","labels":["phishing"],"valid_from":"2026-03-01T12:00:00.5Z","pattern":"{}"}})",
      pattern));
}

TEST(Misp, takes_the_first_seen_before_the_sighting_before_the_entry) {
  const auto time = [](std::string_view more) {
    const Reading reading = read_json(misp_with(fmt::format(
        R"({{"type":"ip-dst","category":"Network activity","value":"192.0.2.7","timestamp":"1772372067"{}}})", more)));
    return format_rfc3339(reading.incidents.at(0).started_at.value());
  };
  EXPECT_EQ(time(""), "2026-03-01T13:34:27Z");
  EXPECT_EQ(time(R"(,"Sighting":[{"type":"0","date_sighting":"1772375000"}])"), "2026-03-01T14:23:20Z");
  EXPECT_EQ(time(R"(,"first_seen":"2026-02-01T10:00:00.000000+01:00")"), "2026-02-01T09:00:00Z");
}

TEST(Misp, takes_the_kind_from_tags_then_the_event_then_the_category) {
  const auto type = [](std::string_view tag, std::string_view info) {
    const Reading reading = read_json(misp_with(
        fmt::format(
            R"({{"type":"url","category":"Payload delivery","value":"http://a.example.net/x","to_ids":true,"Tag":[{{"name":"{}"}}]}})",
            tag),
        info));
    return reading.incidents.at(0).type;
  };
  EXPECT_EQ(type(R"(rsit:fraud=\"phishing\")", "malware of the week"), "content/phishing");
  EXPECT_EQ(type("tlp:white", "Phishing of the week"), "content/phishing");
  EXPECT_EQ(type("tlp:white", "x"), "content/malware");
}

TEST(Misp, makes_one_incident_of_an_object) {
  const Reading reading = read_json(
      R"({"Event":{"info":"phishing","Orgc":{"name":"Watch"},"Object":[{"name":"url","Attribute":[
{"type":"url","value":"http://a.example.net/x","category":"Network activity","to_ids":true},
{"type":"domain","value":"a.example.net","category":"Network activity","to_ids":false},
{"type":"ip-dst","value":"192.0.2.7","category":"Network activity","to_ids":false}]},
{"name":"victim","Attribute":[{"type":"ip-src","value":"198.51.100.1","category":"Targeting data"}]}]}})");
  ASSERT_EQ(reading.incidents.size(), 1U);
  EXPECT_EQ(reading.incidents[0].source_ip->to_string(), "192.0.2.7");
  EXPECT_EQ(reading.incidents[0].url, "http://a.example.net/x");
  EXPECT_EQ(reading.incidents[0].read_from, "JSON, object 1, lines 1-4");
  EXPECT_EQ(reading.reporter.name, "Watch");
}

TEST(Misp, blames_the_controller_and_not_the_bot_that_called_it) {
  const auto blamed = [](std::string_view info) {
    const Reading reading = read_json(fmt::format(
        R"({{"Event":{{"info":"{}","Object":[{{"name":"network-connection","Attribute":[
{{"type":"ip-src","value":"192.0.2.7","category":"Network activity","to_ids":true}},
{{"type":"ip-dst|port","value":"198.51.100.1|443","category":"Network activity","to_ids":true}}]}}]}}}})",
        info));
    return reading.incidents.size() == 1 ? reading.incidents[0].source_ip->to_string() : "none";
  };
  EXPECT_EQ(blamed("C2 of a family"), "198.51.100.1");
  EXPECT_EQ(blamed("Command-and-Control server"), "198.51.100.1");
  EXPECT_EQ(blamed("infected hosts that call a C2"), "192.0.2.7");
  EXPECT_EQ(blamed("ssh brute force"), "192.0.2.7");
}

TEST(Stix, blames_the_controller_and_not_the_bot_that_called_it) {
  const auto blamed = [](std::string_view name) {
    const Reading reading = read_json(fmt::format(
        R"({{"type":"bundle","id":"bundle--1","objects":[{{"type":"indicator","id":"indicator--1","name":"{}",
"pattern_type":"stix","valid_from":"2026-10-09T08:00:00Z","pattern":"[network-traffic:src_ref.value = '192.0.2.7' AND network-traffic:dst_ref.value = '198.51.100.1' AND network-traffic:dst_port = 443]"}}]}})",
        name));
    return reading.incidents.size() == 1 ? reading.incidents[0].source_ip->to_string() : "none";
  };
  EXPECT_EQ(blamed("c2 server"), "198.51.100.1");
  EXPECT_EQ(blamed("bots of a C2 server"), "192.0.2.7");
  EXPECT_EQ(blamed("port scan"), "192.0.2.7");
}

TEST(Misp, is_read_from_a_mail) {
  const std::string mail =
      "From: a@watch.example\nSubject: feed\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
      "Content-Type: text/plain\n\nSee 198.51.100.1.\n--b\nContent-Type: application/json\n\n" +
      misp_with(
          R"({"type":"ip-src|port","value":"192.0.2.7|4711","category":"Network activity","comment":"ssh brute force"})") +
      "\n--b--\n";
  const Reading reading = read_unhashed(mail, "message/rfc822", "");
  EXPECT_EQ(reading.format, "misp");
  ASSERT_EQ(reading.incidents.size(), 1U);
  EXPECT_EQ(reading.incidents[0].type, "connection/login_attack");
  EXPECT_EQ(reading.incidents[0].source_port, 4711);
  EXPECT_EQ(reading.incidents[0].read_from, "part 2, attribute 1, line 1");
}

TEST(StixPattern, groups_by_and_and_leaves_out_what_names_nobody) {
  const auto groups = pattern_groups(
      R"([ipv4-addr:value = '192.0.2.1' AND network-traffic:dst_port = 443] OR [url:value IN ('http://a.example/it\'s', 'b')]
OR [ipv4-addr:value != '192.0.2.2' AND domain-name:value NOT IN ('c.example') AND domain-name:value LIKE 'd%']
FOLLOWEDBY [file:hashes.'SHA-256' = 'aa' OR domain-name:value = 'e.example'] WITHIN 60 SECONDS)");
  ASSERT_EQ(groups.size(), 4U);
  EXPECT_EQ(groups[0].size(), 2U);
  EXPECT_EQ(groups[0][1].value, "443");
  ASSERT_EQ(groups[1].size(), 2U);
  EXPECT_EQ(groups[1][0].value, "http://a.example/it's");
  EXPECT_EQ(groups[2][0].path, "file:hashes.'sha-256'");
  EXPECT_EQ(groups[3][0].value, "e.example");
}

TEST(StixPattern, has_an_end) {
  std::string many;
  for (std::size_t i = 0; i < kComparisonsMax + 10; ++i) many += "[a:b='c']";
  EXPECT_EQ(pattern_groups(many).size(), kComparisonsMax);
  EXPECT_TRUE(pattern_groups("[ipv4-addr:value = '").empty() ||
              pattern_groups("[ipv4-addr:value = '")[0][0].value.empty());
}

TEST(Stix, blames_the_source_and_else_the_lone_destination) {
  const Reading both = read_json(indicator_with(
      "[network-traffic:src_ref.value = '192.0.2.7' AND network-traffic:dst_ref.value = '198.51.100.1']"));
  ASSERT_EQ(both.incidents.size(), 1U);
  EXPECT_EQ(both.incidents[0].source_ip->to_string(), "192.0.2.7");
  EXPECT_EQ(both.incidents[0].type, "content/phishing");
  const Reading lone =
      read_json(indicator_with("[network-traffic:dst_ref.value = '198.51.100.1' AND network-traffic:dst_port = 8443]"));
  ASSERT_EQ(lone.incidents.size(), 1U);
  EXPECT_EQ(lone.incidents[0].source_ip->to_string(), "198.51.100.1");
  EXPECT_EQ(lone.incidents[0].source_port, 8443);
}

TEST(Stix, takes_the_kind_from_what_is_indicated) {
  const Reading reading = read_json(stix_with(
      R"({"type":"indicator","id":"indicator--1","pattern":"[domain-name:value = 'a.example.net']","valid_from":"2026-03-01T12:00:00Z"},
{"type":"infrastructure","id":"infrastructure--1","name":"x","infrastructure_types":["command-and-control"]},
{"type":"relationship","id":"relationship--1","relationship_type":"indicates","source_ref":"indicator--1","target_ref":"infrastructure--1"})"));
  ASSERT_EQ(reading.incidents.size(), 1U);
  EXPECT_EQ(reading.incidents[0].type, "infrastructure/botnet");
  EXPECT_EQ(reading.incidents[0].domain, "a.example.net");
}

TEST(Stix, counts_what_was_sighted_and_reads_the_older_observed_data) {
  const Reading sighted = read_json(stix_with(
      R"({"type":"indicator","id":"indicator--1","pattern":"[ipv6-addr:value = '2001:db8::7']","valid_from":"2026-03-01T12:00:00Z"},
{"type":"sighting","id":"sighting--1","sighting_of_ref":"indicator--1","first_seen":"2026-03-02T10:00:00Z","last_seen":"2026-03-02T11:00:00Z","count":7})"));
  ASSERT_EQ(sighted.incidents.size(), 1U);
  EXPECT_EQ(sighted.incidents[0].count, 7U);
  EXPECT_EQ(format_rfc3339(*sighted.incidents[0].started_at), "2026-03-02T10:00:00Z");
  EXPECT_TRUE(sighted.incidents[0].ended_at.has_value());
  const Reading older = read_json(stix_with(
      R"({"type":"observed-data","id":"observed-data--1","first_observed":"2026-03-01T12:00:00Z","number_observed":5,"labels":["scanning"],
"objects":{"0":{"type":"ipv4-addr","value":"192.0.2.9"},"1":{"type":"ipv4-addr","value":"198.51.100.1"},"2":{"type":"network-traffic","src_ref":"0","dst_ref":"1","dst_port":22}}})"));
  ASSERT_EQ(older.incidents.size(), 1U);
  EXPECT_EQ(older.incidents[0].source_ip->to_string(), "192.0.2.9");
  EXPECT_EQ(older.incidents[0].count, 5U);
}

TEST(Stix, says_that_a_revoked_indicator_or_another_language_blames_nobody) {
  for (const std::string_view more : {R"("revoked":true)", R"("pattern_type":"yara")"}) {
    const Reading reading = read_json(stix_with(fmt::format(
        R"({{"type":"indicator","id":"indicator--1","pattern":"[ipv4-addr:value = '192.0.2.7']",{}}})", more)));
    EXPECT_TRUE(reading.incidents.empty()) << more;
    EXPECT_FALSE(reading.warnings.empty()) << more;
  }
}

}  // namespace
}  // namespace abate::reading
