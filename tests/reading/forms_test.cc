// SPDX-License-Identifier: Apache-2.0
// Declared forms: XARF of all ages, X-ARF mails, ACNS, IODEF; and the YAML and XML beneath them.
#include <gtest/gtest.h>

#include "base/text.h"
#include "reading/read.h"
#include "reading/xarf_form.h"
#include "reading/xarf_words.h"
#include "reading/xml.h"
#include "reading/yaml.h"

namespace abate::reading {
namespace {

bool speaks_of(const std::vector<std::string>& sentences, std::string_view words) {
  return std::any_of(sentences.begin(), sentences.end(),
                     [&](const std::string& sentence) { return contains_ignoring_case(sentence, words); });
}

std::string mail_with(std::string_view yaml, std::string_view text = "Hello.") {
  return fmt::format(
      "From: a@watch.example\nSubject: report\nX-XARF: PLAIN\nMIME-Version: 1.0\n"
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n{}\n"
      "--b\nContent-Type: text/plain; name=report.txt\n\n{}\n--b\nContent-Type: text/plain; "
      "name=log.txt\n\nline\n--b--\n",
      text, yaml);
}
std::string form_with(std::string_view lines) {
  return fmt::format("---\nReported-From: a@watch.example\nCategory: abuse\nReport-ID: 1@watch.example\n{}\n", lines);
}
Incident only(std::string_view bytes, std::string_view content_type = "message/rfc822") {
  const Reading reading = read_report(bytes, content_type, "");
  EXPECT_EQ(reading.incidents.size(), 1U) << reading.format;
  return reading.incidents.empty() ? Incident{} : reading.incidents.front();
}

TEST(Yaml, gives_names_and_values_also_of_lists_and_nested_ones) {
  const Yaml yaml = read_yaml("---\nA-b: 1\nlist:\n - x\n - \"y: z\"\nouter:\n  inner: deep\n---\na_B: second\n");
  ASSERT_EQ(yaml.documents.size(), 2U);
  EXPECT_FALSE(yaml.broken);
  EXPECT_EQ(yaml.documents[0].get("a_b"), "1");
  EXPECT_EQ(yaml.documents[0].get_all("list"), (std::vector<std::string>{"x", "y: z"}));
  EXPECT_EQ(yaml.documents[0].get("outer.inner"), "deep");
  EXPECT_EQ(yaml.documents[1].get("A-b"), "second");
}

TEST(Yaml, that_is_broken_is_read_line_by_line) {
  const Yaml yaml = read_yaml("---\nUrl: http: //x.example\n\tTab: 1\nQuote: \"open\nSource: 192.0.2.1\n");
  EXPECT_TRUE(yaml.broken);
  ASSERT_EQ(yaml.documents.size(), 1U);
  EXPECT_EQ(yaml.documents[0].get("url"), "http: //x.example");
  EXPECT_EQ(yaml.documents[0].get("Source"), "192.0.2.1");
}

TEST(Yaml, never_follows_an_alias_nor_grows) {
  std::string laughs = "a: &a [x, x, x]\n";
  for (char c = 'b'; c < 'k'; ++c)
    laughs += fmt::format("{}: &{} [*{}, *{}, *{}]\n", c, c, static_cast<char>(c - 1), static_cast<char>(c - 1),
                          static_cast<char>(c - 1));
  const Yaml yaml = read_yaml(laughs);
  EXPECT_TRUE(yaml.broken);
  for (const YamlDocument& document : yaml.documents) EXPECT_LE(document.fields.size(), 20U);
  EXPECT_TRUE(read_yaml(std::string(100'000, '[')).documents.empty());
  EXPECT_TRUE(read_yaml("a: !!python/object:x 1\n").broken);
}

TEST(Yaml, has_an_end) {
  std::string many;
  for (std::size_t i = 0; i < kYamlFieldsMax + 10; ++i) many += fmt::format("k{}: v\n", i);
  const Yaml yaml = read_yaml(many);
  EXPECT_TRUE(yaml.cut);
  ASSERT_EQ(yaml.documents.size(), 1U);
  EXPECT_EQ(yaml.documents[0].fields.size(), kYamlFieldsMax);
}

TEST(Xml, ignores_prefixes_and_case_and_resolves_no_entity) {
  const auto xml = parse_xml(
      "\n<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a SYSTEM \"file:///etc/passwd\"><!ENTITY b \"&a;&a;\">]>"
      "<n:Root><n:Item Id='7'>x &b; &amp; y</n:Item><Deep><item>z</item></Deep></n:Root>");
  ASSERT_TRUE(xml.has_value());
  EXPECT_TRUE(xml->root().is("root"));
  EXPECT_EQ(xml->root().text("item"), "x &b; & y");
  EXPECT_EQ(xml->root().child("Item").attribute("ID"), "7");
  EXPECT_EQ(xml->root().descendants("Item", 10).size(), 2U);
}

TEST(Xml, that_is_broken_is_read_up_to_the_break) {
  const auto xml = parse_xml("<a><b>1</b><c>2</d></a>");
  ASSERT_TRUE(xml.has_value());
  EXPECT_FALSE(xml->ok());
  EXPECT_EQ(xml->root().text("b"), "1");
  EXPECT_FALSE(parse_xml("no tags").has_value());
}

TEST(Xml, has_limits_with_names) {
  std::string wide;
  for (std::size_t i = 0; i <= kXmlTagsMax; ++i) wide += "<a>";
  const auto refused = parse_xml(wide);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().what.find("1000000"), std::string::npos);
  const std::string deep = wide.substr(0, 3 * 100'000);
  const auto xml = parse_xml(deep);
  ASSERT_TRUE(xml.has_value());
  EXPECT_TRUE(xml->document().descendants("b", 10).empty());  // and does not overflow the stack
}

TEST(XarfWords, know_all_report_types_that_are_sent) {
  EXPECT_EQ(xarf_kind("LoginAttack")->type, "connection/login_attack");
  EXPECT_EQ(xarf_kind("login-attack")->type, "connection/login_attack");
  EXPECT_EQ(xarf_kind("Child Abuse")->type, "content/csam");
  EXPECT_EQ(xarf_kind("OpenService", "socks5")->category, Category::proxy);
  EXPECT_EQ(xarf_kind("OpenService", "redis")->category, Category::other);
  EXPECT_EQ(xarf_kind("openproxy")->category, Category::proxy);
  EXPECT_EQ(xarf_kind("torrent")->type, "copyright/p2p");
  EXPECT_EQ(xarf_kind("SpamvertizedWebsite")->type, "messaging/spam");
  EXPECT_EQ(xarf_kind("ThirdPartyBlocklist")->type, "reputation/blocklist");
  EXPECT_EQ(xarf_kind_of_service("sshd")->type, "connection/login_attack");
  EXPECT_EQ(xarf_kind_of_service("regbot")->category, Category::other);
  EXPECT_FALSE(xarf_kind("").has_value());
}

TEST(Xarf3, blames_the_source_and_never_the_destination) {
  const Incident incident = only(
      R"({"Version":"3","Report":{"ReportType":"DOS","ReportClass":"Activity","Date":"2026-02-05T14:17:10+01:00",
"DestinationIp":"198.51.100.33","DestinationPort":53,"SourceIp":"::ffff:192.0.2.4","TransportProtocol":"UDP"}})",
      "application/json");
  EXPECT_EQ(incident.source_ip->to_string(), "192.0.2.4");
  EXPECT_EQ(incident.destination_ip->to_string(), "198.51.100.33");
  EXPECT_EQ(incident.destination_port, 53);
  EXPECT_EQ(incident.protocol, "udp");
  EXPECT_EQ(incident.category, Category::ddos);
  EXPECT_EQ(format_rfc3339(*incident.started_at), "2026-02-05T13:17:10Z");
}

TEST(Xarf3, warns_of_what_breaks_its_schema_and_reads_the_rest) {
  const Reading reading = read_report(
      R"({"version":"3","report":{"reporttype":"Spam","sourceip":"192.0.2.4","sourceport":"PORT","samples":[{}]},
"ReporterInfo":{"ShouldNotBeHere":1},"Disclosure":"false"})",
      "application/json", "");
  ASSERT_EQ(reading.incidents.size(), 1U);
  EXPECT_EQ(reading.incidents[0].type, "messaging/spam");
  EXPECT_FALSE(reading.reporter.disclosure);
  for (const std::string_view words : {"ReportClass is missing", "Date is missing", "SourcePort is no port",
                                       "holds no payload", "names no mail address"})
    EXPECT_TRUE(speaks_of(reading.warnings, words)) << words;
}

TEST(Xarf3, keeps_no_copy_of_child_abuse) {
  const Incident incident = only(
      R"({"Version":"3","Report":{"ReportType":"ChildAbuse","SourceUrl":"http://192.0.2.4/a","Date":"2026-02-05T14:17:10Z",
"Samples":[{"ContentType":"image/png","Base64Encoded":true,"Payload":"AAAA"}]}})",
      "application/json");
  EXPECT_EQ(incident.category, Category::illegal_content);
  EXPECT_TRUE(incident.evidence.empty());
}

TEST(XarfMail, takes_the_log_as_evidence_where_it_stands) {
  const std::string bytes =
      mail_with(form_with("Report-Type: login-attack\nService: ssh\nSource: 192.0.2.7\nSource-Type: ipv4\nPort: 22\n"
                          "Date: Mon, 5 Jan 2026 10:11:12 -0500"));
  const Incident incident = only(bytes);
  ASSERT_EQ(incident.evidence.size(), 1U);
  EXPECT_EQ(incident.evidence[0].bytes, "line");
  ASSERT_TRUE(incident.evidence[0].range.has_value());
  EXPECT_EQ(bytes.substr(incident.evidence[0].range->offset, 4), "line");
  EXPECT_EQ(incident.destination_port, 22);
  EXPECT_EQ(format_rfc3339(*incident.started_at), "2026-01-05T15:11:12Z");
  EXPECT_EQ(incident.read_from, "part 2, lines 2-10");
}

TEST(XarfMail, takes_the_kind_from_type_service_schema_or_category) {
  const auto type = [](std::string_view lines) {
    return only(mail_with(form_with(fmt::format("{}\nSource: 192.0.2.7\nSource-Type: ipv4", lines)))).type;
  };
  EXPECT_EQ(type("Report-Type: harvesting\nService: postfix"), "messaging/spam");
  EXPECT_EQ(type("Report-Type: attack\nService: imap"), "connection/login_attack");
  EXPECT_EQ(type("Report-Type: ssh\nService: ssh"), "connection/login_attack");
  EXPECT_EQ(type("Report-Type: bot\nService: bot"), "connection/vulnerability_scan");
  EXPECT_EQ(type("Report-Type: x1\nSchema-URL: http://s.example/abuse_login-attack_0.1.2.json"),
            "connection/login_attack");
}

TEST(XarfMail, finds_a_pages_address_in_the_text_and_not_in_the_traceroute) {
  const std::string form = form_with(
      "Report-Type: phishing\nSource: http://shop.example.net/login\nSource-Type: uri\nDomain: shop.example.net\n"
      "Date: 2026-01-05T10:11:12Z");
  const std::string hops = "\n1 a.example (198.51.100.1)\n2 b.example (198.51.100.2)\n";
  const Incident paired = only(mail_with(form, "See http://shop.example.net/login [192.0.2.8]." + hops));
  EXPECT_EQ(paired.source_ip->to_string(), "192.0.2.8");
  const Incident named = only(mail_with(form, "It is located at IP address 192.0.2.9." + hops));
  EXPECT_EQ(named.source_ip->to_string(), "192.0.2.9");
  EXPECT_LE(named.confidence, 0.7);
  const Incident two = only(mail_with(form, "IP: 192.0.2.9 and IP: 192.0.2.10" + hops));
  EXPECT_FALSE(two.source_ip.has_value());
  const Incident registrar =
      only(mail_with(form, "You are the registrar of http://shop.example.net/login [192.0.2.8]" + hops));
  EXPECT_FALSE(registrar.source_ip.has_value());
  EXPECT_EQ(registrar.domain, "shop.example.net");
}

TEST(XarfMail, mends_blanks_behind_colons_and_nothing_else) {
  EXPECT_EQ(without_blanks_behind_colons("http: //x.example/a"), "http://x.example/a");
  EXPECT_EQ(without_blanks_behind_colons("Sun, 07 Jun 2026 21: 09:11 +0200"), "Sun, 07 Jun 2026 21:09:11 +0200");
  EXPECT_EQ(without_blanks_behind_colons("a: b"), "a: b");
}

TEST(Acns, reads_several_notices_and_the_infohash) {
  std::string notices;
  for (int i = 1; i <= 3; ++i)
    notices += fmt::format(
        "<Infringement><Case><ID>{}</ID></Case><Source><TimeStamp>2026-01-0{}T00:00:00Z</TimeStamp>"
        "<IP_Address>192.0.2.{}</IP_Address><Port>6881</Port><Type>BitTorrent</Type></Source><Content><Item>"
        "<Hash Type=\"SHA1\">00112233445566778899aabbccddeeff00112233</Hash></Item></Content></Infringement>\n",
        i, i, i);
  const Reading reading =
      read_report("From: n@films.example\nSubject: notice\n\nDates: 03/01/2026\n\n" + notices, "message/rfc822", "");
  ASSERT_EQ(reading.incidents.size(), 3U);
  EXPECT_EQ(reading.incidents[2].source_ip->to_string(), "192.0.2.3");
  EXPECT_EQ(reading.incidents[2].source_port, 6881);
  EXPECT_TRUE(speaks_of(reading.incidents[0].reasons, "infohash: 0011"));
  EXPECT_EQ(reading.incidents[0].category, Category::illegal_content);
}

TEST(Iodef, inherits_times_and_leaves_victims_and_networks_alone) {
  const Reading reading = read_report(
      "<IODEF-Document><Incident><ReportTime>2026-02-01T10:00:00Z</ReportTime><Description>brute force</Description>"
      "<EventData><StartTime>2026-01-31T10:00:00+02:00</StartTime><EventData><Flow>"
      "<System category='source'><Node><Address category='ipv4-addr'>192.0.2.1</Address>"
      "<Address category='ipv4-net'>198.51.100.0/24</Address></Node></System>"
      "<System category='target'><Node><Address category='ipv4-addr'>203.0.113.5</Address></Node></System>"
      "<System category='sensor'><Node><Address category='ipv4-addr'>203.0.113.6</Address></Node></System>"
      "</Flow></EventData></EventData></Incident></IODEF-Document>",
      "application/xml", "");
  ASSERT_EQ(reading.incidents.size(), 1U);
  EXPECT_EQ(reading.incidents[0].source_ip->to_string(), "192.0.2.1");
  EXPECT_EQ(reading.incidents[0].destination_ip->to_string(), "203.0.113.5");
  EXPECT_EQ(format_rfc3339(*reading.incidents[0].started_at), "2026-01-31T08:00:00Z");
  EXPECT_EQ(reading.incidents[0].type, "connection/login_attack");
  EXPECT_TRUE(speaks_of(reading.warnings, "network"));
}

TEST(Xarf4, says_each_breach_and_keeps_what_else_is_told) {
  const Reading reading = read_report(
      R"({"xarf_version":"4.2.0","report_id":"1","timestamp":"2026-01-01T00:00:00Z","reporter":{"org":"A"},
"source_identifier":"192.0.2.1","category":"connection","type":"sql_injection","first_seen":"yesterday",
"protocol":"carrier_pigeon","destination_port":"x","attempts_count":"7","target_url":"https://shop.example/?id=1",
"attack_technique":"union_based","confidence":7,"evidence":[{"payload":"AAAA"}]})",
      "application/json", "");
  ASSERT_EQ(reading.incidents.size(), 1U);
  for (const std::string_view words :
       {"sender is missing", "reporter.contact is missing", "first_seen is no time", "protocol is",
        "destination_port is no", "attempts_count is no", "confidence is not", "has no content_type"})
    EXPECT_TRUE(speaks_of(reading.warnings, words)) << words;
  EXPECT_TRUE(speaks_of(reading.incidents[0].reasons, "target: https://shop.example/?id=1"));
  EXPECT_EQ(reading.incidents[0].count, 7U);
}

TEST(Xarf4, takes_the_port_of_a_vulnerable_service_as_the_sources) {
  const Incident incident = only(
      R"({"xarf_version":"4.2.0","timestamp":"2026-01-01T00:00:00Z","source_identifier":"192.0.2.1","category":
"vulnerability","type":"cve","cve_id":"CVE-2026-1","service":"smtp","service_port":25})",
      "application/json");
  EXPECT_EQ(incident.source_port, 25);
  EXPECT_TRUE(speaks_of(incident.reasons, "CVE-2026-1"));
}

TEST(Arf, names_the_senders_domain_where_no_address_is_told) {
  const Incident incident = only(
      "From: fbl@reporter.example\nMIME-Version: 1.0\n"
      "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: "
      "text/plain\n\nHi.\n"
      "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: L/1\nVersion: 1\n"
      "Original-Mail-From: <news@shop.example>\n\n--b\nContent-Type: text/rfc822-headers\n\n"
      "CFBL-Feedback-ID: 111:222\n--b--\n");
  EXPECT_EQ(incident.domain, "shop.example");
  EXPECT_FALSE(incident.source_ip.has_value());
  EXPECT_LE(incident.confidence, 0.3);
}

}  // namespace
}  // namespace abate::reading
