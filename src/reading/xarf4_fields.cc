// SPDX-License-Identifier: Apache-2.0
#include "reading/xarf4_fields.h"

#include <algorithm>
#include <array>
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
    "bot_capabilities cve_ids api_endpoints_accessed evidence tags";
constexpr std::string_view kTimes = "first_seen last_seen verified_at";
constexpr std::string_view kPorts = "source_port destination_port service_port";

enum class Shape : unsigned char { integer, number, boolean, list, time, port };
struct ShapeRow {
  std::string_view name;
  Shape shape;
};
const std::vector<ShapeRow>& shape_rows() {
  static const std::vector<ShapeRow> rows = [] {
    std::vector<ShapeRow> all;
    const std::pair<std::string_view, Shape> groups[] = {{kIntegers, Shape::integer}, {kNumbers, Shape::number},
                                                         {kBooleans, Shape::boolean}, {kArrays, Shape::list},
                                                         {kTimes, Shape::time},       {kPorts, Shape::port}};
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
  const JsonValue party = report[name];
  if (party.is_null()) return;  // said already
  if (!party.is_object()) return warnings.add("{} is no object", name);
  for (const std::string_view field : {"org", "contact", "domain"})
    if (party[field].text().empty()) warnings.add("{}.{} is missing", name, field);
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

void check_xarf4_values(JsonValue report, Warnings& warnings) {
  for (const auto& [name, value] : report.fields(kFieldsLookedAtMax)) {
    const auto [first, last] = rows_called(shape_rows(), name);
    if (first == last || value.is_null()) continue;
    if (const std::string_view what = breach(value, first->shape); !what.empty())
      warnings.add("{} is no {}", name, what);
  }
  for (const std::string_view party : {"reporter", "sender"}) check_party(report, party, warnings);
  if (const auto sure = report["confidence"].number(); sure && (*sure < 0 || *sure > 1))
    warnings.add_sentence("confidence is not between 0 and 1");
  for (const JsonValue& item : report["evidence"].items(kEvidencePerIncidentMax))
    for (const std::string_view field : {"content_type", "payload"})
      if (!item[field].string()) warnings.add("A piece of evidence has no {}", field);
}

}  // namespace abate::reading
