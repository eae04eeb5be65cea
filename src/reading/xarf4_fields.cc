// SPDX-License-Identifier: Apache-2.0
#include "reading/xarf4_fields.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>
#include <vector>

#include "base/text.h"

namespace abate::reading {
namespace {

constexpr std::size_t kNoteBytesMax = 200;
constexpr std::size_t kListedMax = 10;  // items of a list that are named

struct Note {
  std::string_view field;  // "outer.inner" for a field of an object
  std::string_view label;
};
// In the order in which people want to see them.
constexpr std::array kNotes{
    Note{"attack_vector", "attack"},
    Note{"scan_type", "scan"},
    Note{"attack_technique", "technique"},
    Note{"injection_point", "injected into"},
    Note{"target_url", "target"},
    Note{"http_method", "method"},
    Note{"bot_type", "bot"},
    Note{"bot_name", "bot's name"},
    Note{"behavior_pattern", "behaviour"},
    Note{"verification_status", "bot verified"},
    Note{"user_agent", "user agent"},
    Note{"bot_signature", "signature"},
    Note{"scanner_signature", "scanner"},
    Note{"scraping_pattern", "pattern"},
    Note{"target_content", "looks for"},
    Note{"probed_resources", "probed"},
    Note{"resource_categories", "kinds of resources"},
    Note{"successful_probes", "found"},
    Note{"targeted_ports", "ports"},
    Note{"targeted_services", "services"},
    Note{"vulnerabilities_probed", "vulnerabilities"},
    Note{"payload_sample", "payload"},
    Note{"peak_pps", "packets a second"},
    Note{"peak_bps", "bits a second"},
    Note{"amplification_factor", "amplification"},
    Note{"threshold_exceeded", "threshold"},
    Note{"service_impact", "impact"},
    Note{"malware_family", "malware"},
    Note{"malware_type", "kind of malware"},
    Note{"file_hashes.sha256", "SHA-256"},
    Note{"file_hashes.sha1", "SHA-1"},
    Note{"file_hashes.md5", "MD5"},
    Note{"file_metadata.filename", "file"},
    Note{"distribution_method", "distributed by"},
    Note{"c2_server", "C2"},
    Note{"c2_protocol", "C2 protocol"},
    Note{"bot_capabilities", "capabilities"},
    Note{"compromise_evidence", "evidence of compromise"},
    Note{"compromise_method", "compromised by"},
    Note{"compromise_type", "compromise"},
    Note{"affected_cms", "CMS"},
    Note{"webshell_details.family", "web shell"},
    Note{"vulnerability_exploited.cve", "CVE"},
    Note{"persistence_mechanisms", "persistence"},
    Note{"malicious_activities", "does"},
    Note{"target_brand", "brand"},
    Note{"cloned_site", "clone of"},
    Note{"submission_url", "sends to"},
    Note{"redirect_chain", "redirects"},
    Note{"credential_fields", "asks for"},
    Note{"lure_type", "lure"},
    Note{"phishing_kit", "kit"},
    Note{"fraud_type", "fraud"},
    Note{"payment_methods", "paid by"},
    Note{"claimed_entity", "claims to be"},
    Note{"infringement_type", "infringement"},
    Note{"legitimate_site", "rightful site"},
    Note{"infringing_elements", "infringing"},
    Note{"trademark_details.registration_number", "trademark"},
    Note{"data_types", "data"},
    Note{"exposure_method", "exposed by"},
    Note{"record_count", "records"},
    Note{"affected_organization", "organisation"},
    Note{"registration_date", "registered"},
    Note{"suspicious_indicators", "suspicious"},
    Note{"targeted_brands", "brands"},
    Note{"predicted_usage", "likely use"},
    Note{"registrar", "registrar"},
    Note{"classification", "classification"},
    Note{"exploitation_type", "exploitation"},
    Note{"detection_method", "detected by"},
    Note{"ncmec_report_id", "NCMEC report"},
    Note{"work_title", "work"},
    Note{"rights_holder", "rights holder"},
    Note{"original_url", "original"},
    Note{"p2p_protocol", "protocol"},
    Note{"swarm_info.info_hash", "infohash"},
    Note{"swarm_info.torrent_name", "torrent"},
    Note{"peer_info.client_version", "client"},
    Note{"hosting_service", "hosting service"},
    Note{"file_info.filename", "file"},
    Note{"site_name", "site"},
    Note{"platform_name", "platform"},
    Note{"content_info.content_id", "content"},
    Note{"newsgroup", "newsgroup"},
    Note{"message_info.message_id", "message"},
    Note{"nzb_info.nzb_name", "NZB"},
    Note{"smtp_from", "mail from"},
    Note{"smtp_to", "mail to"},
    Note{"sender_name", "sender's name"},
    Note{"subject", "subject"},
    Note{"message_id", "message id"},
    Note{"recipient_count", "recipients"},
    Note{"threat_type", "threat"},
    Note{"service", "service"},
    Note{"service_version", "version"},
    Note{"cve_id", "CVE"},
    Note{"cve_ids", "CVEs"},
    Note{"cvss_score", "CVSS"},
    Note{"severity", "severity"},
    Note{"patch_version", "fixed in"},
    Note{"verification_method", "verified by"},
    Note{"evidence_source", "seen by"},
    Note{"tags", "tags"},
};

constexpr std::size_t kFieldsLookedAtMax = 500;

// Each table is searched by name for each field of a report: sorted once.
template <class Row, class Rows>
std::vector<Row> sorted(const Rows& rows) {
  std::vector<Row> all(rows.begin(), rows.end());
  std::stable_sort(all.begin(), all.end(), [](const Row& a, const Row& b) { return a.name < b.name; });
  return all;
}
template <class Row>
std::pair<const Row*, const Row*> rows_called(const std::vector<Row>& rows, std::string_view name) {
  const auto first = std::lower_bound(rows.begin(), rows.end(), name,
                                      [](const Row& row, std::string_view wanted) { return row.name < wanted; });
  auto last = first;
  while (last != rows.end() && last->name == name) ++last;
  return {rows.data() + (first - rows.begin()), rows.data() + (last - rows.begin())};
}

struct NoteRow {
  std::string_view name;   // of the report's own field
  std::string_view inner;  // of the field within it, or ""
  std::string_view label;
  std::size_t order;
};
const std::vector<NoteRow>& note_rows() {
  static const std::vector<NoteRow> rows = [] {
    std::vector<NoteRow> all;
    for (std::size_t i = 0; i < kNotes.size(); ++i) {
      const auto dot = kNotes[i].field.find('.');
      const bool whole = dot == std::string_view::npos;
      all.push_back({kNotes[i].field.substr(0, dot), whole ? "" : kNotes[i].field.substr(dot + 1), kNotes[i].label, i});
    }
    return sorted<NoteRow>(all);
  }();
  return rows;
}

std::string plain(JsonValue value) {
  if (value.string()) return value.text();
  if (const auto number = value.integer()) return std::to_string(*number);
  if (const auto number = value.number()) return fmt::format("{}", *number);
  return {};
}

std::string shown(JsonValue value) {
  std::string text = plain(value);
  for (const JsonValue& item : value.items(kListedMax))
    if (const std::string one = plain(item); !one.empty()) text += (text.empty() ? "" : ", ") + one;
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = ' ';
  return shorten(trim(text), kNoteBytesMax);
}

constexpr std::string_view kIntegers =
    "peak_pps peak_bps duration_seconds total_requests unique_urls data_volume session_duration concurrent_connections "
    "attempts_count total_probes record_count days_since_registration recipient_count asn";
constexpr std::string_view kNumbers =
    "amplification_factor request_rate scan_rate similarity_score risk_score cvss_score confidence";
constexpr std::string_view kBooleans =
    "mitigation_applied respects_robots_txt follows_crawl_delay javascript_execution accepts_cookies automated_tool "
    "content_removed account_suspended unsubscribe_provided opt_in_evidence patch_available";
constexpr std::string_view kArrays =
    "probed_resources resource_categories http_methods response_codes successful_probes targeted_ports "
    "targeted_services vulnerabilities_probed nameservers infringing_elements evidence_type reporting_obligations "
    "data_types sensitive_fields payment_methods c2_servers exploit_cve persistence_mechanism targeted_platforms "
    "credential_fields redirect_chain detection_evasion compromise_indicators persistence_mechanisms "
    "malicious_activities suspicious_indicators targeted_brands predicted_usage linked_content search_terms "
    "bot_capabilities cve_ids api_endpoints_accessed evidence tags cryptocurrency_addresses previous_enforcement "
    "products_offered related_domains sample_records";
constexpr std::string_view kTexts =
    "access_method accessibility affected_cms affected_organization attack_technique attack_vector behavior_pattern "
    "bot_name bot_signature bot_type c2_protocol c2_server category claimed_entity classification cleanup_status "
    "cloned_site compromise_evidence compromise_method compromise_type country_code cve_id cvss_vector cvss_version "
    "data_format description destination_ip detection_method disclosure_date discovery_source distribution_method "
    "domain encryption_status evidence_source exploitability exploitation_type exposure_method fraud_type "
    "hosting_provider hosting_service http_method infringement_type infringing_url injection_point language "
    "legitimate_site lure_type malware_family malware_type media_type message_id ncmec_report_id newsgroup "
    "original_url p2p_protocol patch_url patch_version payload_sample phishing_kit platform platform_name protocol "
    "registrar registration_date release_date remediation_priority report_id rights_holder risk_level scan_type "
    "scanner_signature scraping_pattern screenshot_url sender_name service service_impact service_version severity "
    "site_category site_name smtp_from smtp_to source_identifier subject submission_url target_brand target_content "
    "target_url threat_type threshold_exceeded type url user_agent vendor_advisory verification_method "
    "verification_status victim_age_range work_category work_title xarf_version";
constexpr std::string_view kObjects =
    "activation_behavior bulk_indicators content_info dns_records dns_response encoding_info file_hashes file_info "
    "file_metadata hash_values impact_assessment link_info loss_amount match_details message_info monetization_info "
    "nzb_info peer_info perpetrator_indicators registrant_details sandbox_analysis server_info site_ranking "
    "spam_indicators ssl_certificate ssl_certificate_details swarm_info takedown_info trademark_details "
    "uploader_info vulnerability_exploited webshell_details whois";
// Of all types, or of senders in the field: looked at elsewhere, or by nobody.
constexpr std::string_view kOthers = "reporter sender timestamp disclosure legacy_version _internal";
constexpr std::string_view kTimes = "first_seen last_seen verified_at";
constexpr std::string_view kPorts = "source_port destination_port service_port";

enum class Shape : unsigned char { integer, number, boolean, list, text, object, time, port, any };
struct ShapeRow {
  std::string_view name;
  Shape shape;
};
const std::vector<ShapeRow>& shape_rows() {
  static const std::vector<ShapeRow> rows = [] {
    std::vector<ShapeRow> all;
    const std::pair<std::string_view, Shape> groups[] = {
        {kIntegers, Shape::integer}, {kNumbers, Shape::number}, {kBooleans, Shape::boolean},
        {kArrays, Shape::list},      {kTexts, Shape::text},     {kObjects, Shape::object},
        {kTimes, Shape::time},       {kPorts, Shape::port},     {kOthers, Shape::any}};
    for (const auto& [fields, shape] : groups)
      for (const std::string_view field : split(fields, ' ')) all.push_back({field, shape});
    return sorted<ShapeRow>(all);
  }();
  return rows;
}

bool is_integer(JsonValue value) { return !value.string() && value.integer().has_value(); }

// What the value should be and is not, or "".
std::string_view breach(JsonValue value, Shape shape) {
  switch (shape) {
    case Shape::integer: return is_integer(value) ? "" : "whole number";
    case Shape::number: return is_integer(value) || value.number() ? "" : "number";
    case Shape::boolean: return !value.string() && value.boolean() ? "" : "boolean";
    case Shape::text: return value.string() ? "" : "text";
    case Shape::object: return value.is_object() ? "" : "object";
    case Shape::any: return "";
    case Shape::list: return value.is_array() ? "" : "list";
    case Shape::port: return is_integer(value) && port_of(*value.integer()) ? "" : "port";
    case Shape::time: {
      const auto time = time_of(value.text());
      return time && time->zoned ? "" : "time with a zone";
    }
  }
  return "";
}

void check_party(JsonValue report, std::string_view name, Warnings& warnings) {
  const JsonValue party = field_of(report, name);
  if (party.is_null()) return;  // said already
  if (!party.is_object()) return warnings.add("{} is no object", name);
  for (const std::string_view field : {"org", "contact", "domain"})
    if (field_of(party, field).text().empty()) warnings.add("{}.{} is missing", name, field);
}

}  // namespace

void add_xarf4_notes(Incident& incident, JsonValue report) {
  std::vector<std::pair<std::size_t, std::string>> notes;
  for (const auto& [name, value] : report.fields(kFieldsLookedAtMax)) {
    const auto [first, last] = rows_called(note_rows(), name);
    for (const NoteRow* row = first; row != last; ++row)
      if (const std::string text = shown(row->inner.empty() ? value : value[row->inner]); !text.empty())
        notes.emplace_back(row->order, fmt::format("{}: {}", row->label, text));
  }
  std::stable_sort(notes.begin(), notes.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (notes.size() > kXarf4NotesMax) notes.resize(kXarf4NotesMax);
  for (auto& [order, note] : notes) incident.reasons.push_back(std::move(note));
}

JsonValue field_of(JsonValue report, std::string_view name) { return report.any_of({name}); }

void check_xarf4_values(JsonValue report, Warnings& warnings) {
  std::string unknown, cased;
  for (const auto& [name, value] : report.fields(kFieldsLookedAtMax)) {
    auto [first, last] = rows_called(shape_rows(), name);
    if (first == last) {
      const std::string lower = to_lower(name);
      std::tie(first, last) = rows_called(shape_rows(), lower);
      std::string& list = first == last ? unknown : cased;
      if (list.size() < kNoteBytesMax) list += (list.empty() ? "" : ", ") + in_quotes(name);
    }
    if (first == last || value.is_null()) continue;
    if (const std::string_view what = breach(value, first->shape); !what.empty())
      warnings.add("{} is no {}", name, what);
  }
  if (!unknown.empty()) warnings.add("Fields that XARF v4 does not know: {}", unknown);
  if (!cased.empty()) warnings.add("Fields that XARF v4 writes in lower case: {}", cased);
  for (const std::string_view party : {"reporter", "sender"}) check_party(report, party, warnings);
  if (const auto sure = field_of(report, "confidence").number(); sure && (*sure < 0 || *sure > 1))
    warnings.add_sentence("confidence is not between 0 and 1");
  for (const JsonValue& item : field_of(report, "evidence").items(kEvidencePerIncidentMax))
    for (const std::string_view field : {"content_type", "payload"})
      if (!field_of(item, field).string()) warnings.add("A piece of evidence has no {}", field);
}

}  // namespace abate::reading
