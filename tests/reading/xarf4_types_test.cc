// SPDX-License-Identifier: Apache-2.0
// All types of XARF v4: a report that keeps the schema is read without a warning, one that breaks it is read with a
// warning for each breach.
#include <map>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/text.h"
#include "reading/read.h"
#include "reading/xarf4_schema.h"

namespace abate::reading {
namespace {

namespace json = boost::json;

// Of each type: its category, and the fields that it has besides those of all reports.
struct TypeCase {
  std::string_view type;
  Category category;
  std::string_view fields;
};
constexpr std::string_view kConnection =
    R"("first_seen":"2026-10-09T08:00:00Z","last_seen":"2026-10-09T08:30:00Z","protocol":"tcp",
"destination_ip":"198.51.100.7","destination_port":443,)";
const TypeCase kCases[] = {
    {"connection/ddos", Category::ddos,
     R"("evidence_source":"flow_analysis","attack_vector":"syn_flood","peak_pps":120000,"peak_bps":900000000,
"amplification_factor":4.5,"service_impact":"degraded","mitigation_applied":true)"},
    {"connection/infected_host", Category::malware,
     R"("bot_type":"malicious","bot_name":"Crawl","behavior_pattern":"vulnerability_probing","request_rate":2.5,
"total_requests":40,"respects_robots_txt":false,"verification_status":"unverified","user_agent":"x")"},
    {"connection/login_attack", Category::other, R"("description":"password guessing")"},
    {"connection/port_scan", Category::other, R"("description":"a sweep")"},
    {"connection/reconnaissance", Category::other,
     R"("probed_resources":["/.env","/.git/config"],"resource_categories":["environment_files"],"http_methods":["GET"],
"response_codes":[404],"total_probes":2,"automated_tool":true)"},
    {"connection/scraping", Category::other,
     R"("total_requests":5000,"scraping_pattern":"sequential","target_content":"product_data","unique_urls":4000,
"concurrent_connections":8,"user_agent":"x")"},
    {"connection/sql_injection", Category::other,
     R"("http_method":"POST","target_url":"https://shop.example/login","injection_point":"post_body",
"attack_technique":"union_based","payload_sample":"1' or '1'='1","attempts_count":3)"},
    {"connection/vulnerability_scan", Category::other,
     R"("scan_type":"web_vuln_scan","scanner_signature":"scanner/1","targeted_ports":[80,443],"scan_rate":3.5,
"total_requests":12)"},
    {"content/brand_infringement", Category::illegal_content,
     R"("infringement_type":"counterfeit","legitimate_site":"https://brand.example","similarity_score":0.9,
"infringing_elements":["logo"])"},
    {"content/csam", Category::illegal_content,
     R"("classification":"baseline","detection_method":"hash_match","media_type":"image","content_removed":false)"},
    {"content/csem", Category::illegal_content,
     R"("exploitation_type":"distribution","detection_method":"user_report","victim_age_range":"unknown",
"platform":"forum","evidence_type":["metadata"])"},
    {"content/exposed_data", Category::illegal_content,
     R"("data_types":["credentials"],"exposure_method":"open_directory","record_count":900,
"affected_organization":"Example","encryption_status":"unencrypted")"},
    {"content/fraud", Category::phishing,
     R"("fraud_type":"shopping","payment_methods":["credit_card"],"claimed_entity":"Shop")"},
    {"content/malware", Category::malware,
     R"("malware_family":"Test","malware_type":"dropper","distribution_method":"direct_download",
"file_hashes":{"sha256":"00"},"targeted_platforms":["linux"])"},
    {"content/phishing", Category::phishing,
     R"("target_brand":"Bank","credential_fields":["password"],"lure_type":"security_alert",
"submission_url":"https://pages.example/post.php")"},
    {"content/remote_compromise", Category::malware,
     R"("compromise_type":"webshell","affected_cms":"wordpress","webshell_details":{"family":"x"},
"persistence_mechanisms":["cron_job"],"malicious_activities":["spam_sending"])"},
    {"content/suspicious_registration", Category::phishing,
     R"("registration_date":"2026-10-01","suspicious_indicators":["typosquatting"],"days_since_registration":8)"},
    {"copyright/copyright", Category::illegal_content,
     R"("infringing_url":"https://files.example/a","infringement_type":"download","work_title":"Song",
"rights_holder":"Label")"},
    {"copyright/cyberlocker", Category::illegal_content,
     R"("infringing_url":"https://files.example/a","hosting_service":"Files","work_title":"Film",
"work_category":"movie")"},
    {"copyright/link_site", Category::illegal_content,
     R"("infringing_url":"https://links.example/a","site_name":"Links","site_category":"torrent_index")"},
    {"copyright/p2p", Category::illegal_content,
     R"("p2p_protocol":"bittorrent","swarm_info":{"info_hash":"aa","torrent_name":"film"},"work_title":"Film",
"detection_method":"automated_crawl")"},
    {"copyright/ugc_platform", Category::illegal_content,
     R"("infringing_url":"https://videos.example/a","platform_name":"Videos","infringement_type":"full_work")"},
    {"copyright/usenet", Category::illegal_content,
     R"("newsgroup":"alt.binaries.test","message_info":{"message_id":"<a@news.example>"},"work_category":"software")"},
    {"infrastructure/botnet", Category::malware,
     R"("compromise_evidence":"beacons to a sinkhole","malware_family":"Test","c2_protocol":"https",
"bot_capabilities":["ddos"])"},
    {"infrastructure/compromised_server", Category::other, R"("compromise_method":"stolen password")"},
    {"messaging/bulk_messaging", Category::spam,
     R"("protocol":"smtp","recipient_count":2000,"subject":"News","unsubscribe_provided":true)"},
    {"messaging/spam", Category::spam,
     R"("protocol":"smtp","evidence_source":"spamtrap","smtp_from":"a@shop.example","smtp_to":"b@trap.example",
"subject":"Offer","message_id":"<1@shop.example>")"},
    {"reputation/blocklist", Category::other, R"("threat_type":"spam_source")"},
    {"reputation/threat_intelligence", Category::other, R"("threat_type":"scanner")"},
    {"vulnerability/cve", Category::other,
     R"("service":"httpd","service_port":443,"cve_id":"CVE-2026-0001","cvss_score":9.8,"severity":"critical",
"risk_level":"critical","patch_available":true)"},
    {"vulnerability/misconfiguration", Category::other, R"("service":"tls")"},
    {"vulnerability/open_service", Category::other, R"("service":"memcached")"},
};

constexpr std::string_view kLog = "2026-10-09T08:00:00Z 192.0.2.60 seen\n";

json::object report_of(const TypeCase& each) {
  const auto slash = each.type.find('/');
  const std::string_view category = each.type.substr(0, slash);
  const std::string fields =
      (category == "connection" ? std::string(kConnection)
       : category == "content"  ? R"("url":"https://pages.example/x/","verification_method":"manual",)"
                                : "") +
      std::string(each.fields);
  json::object report = json::parse("{" + fields + "}").as_object();
  report["xarf_version"] = "4.2.0";
  report["report_id"] = "0b6d2b1e-0000-4000-8000-000000000001";
  report["timestamp"] = "2026-10-09T10:00:00+02:00";
  for (const char* party : {"reporter", "sender"})
    report[party] = {{"org", "Watch"}, {"contact", "reports@watch.example"}, {"domain", "watch.example"}};
  report["source_identifier"] = "192.0.2.60";
  report["source_port"] = 40123;
  report["category"] = json::string(category);
  report["type"] = json::string(each.type.substr(slash + 1));
  report["evidence"] =
      json::array{{{"content_type", "text/plain"}, {"description", "log"}, {"payload", base64_encode(kLog)}}};
  return report;
}

Reading read_json(const json::object& report) { return read_report(json::serialize(report), "application/json", ""); }

std::string all(const std::vector<std::string>& sentences) {
  std::string out;
  for (const std::string& sentence : sentences) out += sentence + "\n";
  return out;
}

TEST(Xarf4Types, are_all_tried_here) {
  ASSERT_EQ(std::size(kCases), xarf4_types().size());
  for (const TypeCase& each : kCases) EXPECT_NE(find_xarf4_type(each.type), nullptr) << each.type;
}

TEST(Xarf4Types, are_read_whole_and_without_a_warning) {
  for (const TypeCase& each : kCases) {
    SCOPED_TRACE(each.type);
    const Reading reading = read_json(report_of(each));
    EXPECT_EQ(reading.format, "xarf4");
    EXPECT_EQ(reading.reporter.address, "reports@watch.example");
    const bool hidden = each.type == "content/csam" || each.type == "content/csem";
    EXPECT_EQ(all(reading.warnings), hidden ? "Evidence of this kind is neither opened nor copied\n" : "");
    ASSERT_EQ(reading.incidents.size(), 1U);
    const Incident& one = reading.incidents[0];
    EXPECT_EQ(one.type, each.type);
    EXPECT_EQ(category_name(one.category), category_name(each.category));
    ASSERT_TRUE(one.source_ip);
    EXPECT_EQ(one.source_ip->to_string(), "192.0.2.60");
    EXPECT_EQ(one.source_port, 40123);
    ASSERT_TRUE(one.started_at);
    EXPECT_EQ(format_rfc3339(*one.started_at), "2026-10-09T08:00:00Z");
    if (each.type.starts_with("connection/")) {
      ASSERT_TRUE(one.destination_ip);
      EXPECT_EQ(one.destination_ip->to_string(), "198.51.100.7") << "the victim, never blamed";
      EXPECT_EQ(one.destination_port, 443);
      ASSERT_TRUE(one.ended_at);
    }
    const bool has_page = each.type.starts_with("content/") || each.fields.find("infringing_url") != each.fields.npos;
    EXPECT_EQ(one.url.has_value(), has_page);
    const bool log = std::ranges::any_of(one.evidence, [](const Evidence& piece) { return piece.bytes == kLog; });
    EXPECT_EQ(log, !hidden);
    EXPECT_EQ(one.read_range.has_value(), !hidden) << "such a report is not shown to anybody";
  }
}

// One breach of the schema: what is done to a report, and what a warning must speak of. False: not for this type.
struct Breach {
  std::string_view title;
  bool (*make)(json::object& report, const XarfType& type, std::string& said);
};

std::vector<std::string_view> own_fields(const XarfType& type) {
  std::vector<std::string_view> fields;
  for (const std::string_view field : split(type.required, ' '))
    if (!field.empty()) fields.push_back(field);
  return fields;
}

const Breach kBreaches[] = {
    {"a field that all reports need is missing",
     [](json::object& report, const XarfType&, std::string& said) {
       report.erase("report_id");
       said = "report_id is missing";
       return true;
     }},
    {"a field that the type needs is missing",
     [](json::object& report, const XarfType& type, std::string& said) {
       const auto fields = own_fields(type);
       if (fields.empty()) return false;
       report.erase(fields.back());
       said = fmt::format("{} is missing", fields.back());
       return true;
     }},
    {"a field that the type needs is of another type",
     [](json::object& report, const XarfType& type, std::string& said) {
       const auto fields = own_fields(type);
       if (fields.empty()) return false;
       report[fields.front()] = json::object{{"a", 1}};
       said = std::string(fields.front()) + " is no ";
       return true;
     }},
    {"a list for a text",
     [](json::object& report, const XarfType&, std::string& said) {
       report["description"] = json::array{"one", "two"};
       said = "description is no text";
       return true;
     }},
    {"a number as a text",
     [](json::object& report, const XarfType&, std::string& said) {
       report["source_port"] = "40123";
       said = "source_port is no port";
       return true;
     }},
    {"a field of no schema",
     [](json::object& report, const XarfType&, std::string& said) {
       report["ticket_of_ours"] = 7;
       said = "Fields that XARF v4 does not know: \"ticket_of_ours\"";
       return true;
     }},
    {"names of fields in another case",
     [](json::object& report, const XarfType&, std::string& said) {
       report["Source_Identifier"] = report["source_identifier"];
       report.erase("source_identifier");
       said = "Fields that XARF v4 writes in lower case: \"Source_Identifier\"";
       return true;
     }},
    {"category and type in another case",
     [](json::object& report, const XarfType& type, std::string& said) {
       std::string upper(type.type.substr(0, type.type.find('/')));
       upper[0] = static_cast<char>(upper[0] - 32);
       report["category"] = upper;
       said = fmt::format("category is \"{}\"", upper);
       return true;
     }},
    {"the time as seconds since 1970",
     [](json::object& report, const XarfType&, std::string& said) {
       report["timestamp"] = 1'791'532'800;
       said = "timestamp is a number";
       return true;
     }},
    {"the time as milliseconds since 1970",
     [](json::object& report, const XarfType&, std::string& said) {
       report["timestamp"] = 1'791'532'800'000;
       said = "timestamp is a number";
       return true;
     }},
    {"the sender is null",
     [](json::object& report, const XarfType&, std::string& said) {
       report["sender"] = nullptr;
       said = "sender is missing";
       return true;
     }},
    {"evidence is an object",
     [](json::object& report, const XarfType&, std::string& said) {
       report["evidence"] = json::object{{"payload", "x"}};
       said = "evidence is no list";
       return true;
     }},
    {"no zone",
     [](json::object& report, const XarfType&, std::string& said) {
       report["timestamp"] = "2026-10-09T08:00:00";
       said = "timestamp names no zone";
       return true;
     }},
};

TEST(Xarf4Types, that_break_the_schema_are_read_with_a_warning_for_each_breach) {
  for (const TypeCase& each : kCases)
    for (const Breach& breach : kBreaches) {
      SCOPED_TRACE(fmt::format("{}: {}", each.type, breach.title));
      json::object report = report_of(each);
      std::string said;
      if (!breach.make(report, *find_xarf4_type(each.type), said)) continue;
      const Reading reading = read_json(report);
      EXPECT_NE(all(reading.warnings).find(said), std::string::npos) << said << "\nbut\n" << all(reading.warnings);
      ASSERT_EQ(reading.incidents.size(), 1U);
      const Incident& one = reading.incidents[0];
      EXPECT_EQ(one.type, each.type);
      EXPECT_EQ(category_name(one.category), category_name(each.category));
      ASSERT_TRUE(one.source_ip);
      EXPECT_EQ(one.source_ip->to_string(), "192.0.2.60");
      ASSERT_TRUE(one.started_at || one.started_unzoned);
      EXPECT_EQ(format_rfc3339(one.started_at ? *one.started_at : *one.started_unzoned), "2026-10-09T08:00:00Z");
    }
}

TEST(Xarf4Types, broken_in_all_ways_at_once_are_still_read) {
  for (const TypeCase& each : kCases) {
    SCOPED_TRACE(each.type);
    json::object report = report_of(each);
    std::string said;
    for (const Breach& breach : kBreaches) breach.make(report, *find_xarf4_type(each.type), said);
    const Reading reading = read_json(report);
    ASSERT_EQ(reading.incidents.size(), 1U);
    EXPECT_EQ(reading.incidents[0].type, each.type);
    EXPECT_GE(reading.warnings.size(), 8U);
  }
}

}  // namespace
}  // namespace abate::reading
