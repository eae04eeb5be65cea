// SPDX-License-Identifier: Apache-2.0
// XARF v4: JSON, alone or as a part of a mail.
#include <cmath>

#include "base/hash.h"
#include "base/text.h"
#include "reading/format.h"
#include "reading/passages.h"
#include "reading/values.h"
#include "reading/xarf4_fields.h"
#include "reading/xarf4_schema.h"

namespace abate::reading {
extern const Format xarf4_format;
namespace {

constexpr std::size_t kSearchBytesMax = 64 * 1024;
constexpr std::size_t kTypeBytesMax = 64;
constexpr std::int64_t kEpochSecondsMax = 10'000'000'000;  // the year 2286; larger numbers are milliseconds
constexpr std::int64_t kDurationMaxS = 366LL * 24 * 3600;

bool is_xarf4(JsonValue report) {
  if (!report.is_object()) return false;
  const auto version = field_of(report, "xarf_version");
  if (version.exists()) return version.text().starts_with('4') || version.number().value_or(0) >= 4;
  return field_of(report, "category").string() && field_of(report, "type").string() &&
         (field_of(report, "source_identifier").exists() || field_of(report, "report_id").exists());
}

bool is_any_xarf4(JsonValue root) {
  if (!root.is_array()) return is_xarf4(root);
  const auto items = root.items(1);
  return !items.empty() && is_xarf4(items.front());
}

bool may_hold_json(const Part& part) {
  return part.type == "application/json" || part.type.ends_with("+json") || to_lower(part.name).ends_with(".json") ||
         part.type == "text/plain" || part.type == "application/octet-stream";
}

bool speaks_of_xarf4(std::string_view content) {
  if (!looks_like_json(content.substr(0, kSearchBytesMax))) return false;
  const std::string_view head = content.substr(0, kSearchBytesMax);
  return contains_ignoring_case(head, "\"xarf_version\"") ||
         (contains_ignoring_case(head, "\"source_identifier\"") && contains_ignoring_case(head, "\"category\""));
}

std::optional<std::size_t> json_part(const Message& mail) {
  for (std::size_t i = 0; i < mail.parts().size(); ++i)
    if (!mail.parts()[i].inside_message && may_hold_json(mail.parts()[i]) && speaks_of_xarf4(mail.content(i))) return i;
  return std::nullopt;
}

int recognise(const Input& input) {
  if (const Json* json = input.json()) return is_any_xarf4(json->root()) ? 97 : 0;
  const Message* mail = input.message();
  return mail != nullptr && json_part(*mail) ? 97 : 0;
}

bool has_word(std::string_view words, std::string_view word) {
  for (const std::string_view each : split(words, ' '))
    if (each == word) return true;
  return false;
}

void check_word(JsonValue value, const XarfWords& rule, Warnings& warnings) {
  const auto text = value.string();
  if (text && !has_word(rule.words, *text))
    warnings.add("{} is {}, which XARF v4 does not know", rule.field, in_quotes(*text));
}

// What the schema asks for and the report does not hold.
void check_schema(JsonValue report, std::string_view type, Warnings& warnings) {
  const auto need = [&](std::string_view fields) {
    for (const std::string_view field : split(fields, ' '))
      if (!field.empty() && field_of(report, field).is_null()) warnings.add("{} is missing", field);
  };
  need(kXarf4CoreRequired);
  if (type.starts_with("content/")) need(kXarf4ContentRequired);
  if (const XarfType* known = find_xarf4_type(type)) need(known->required);
  for (const XarfWords& rule : xarf4_words()) {
    if (rule.type != type && !(rule.type.ends_with('/') && type.starts_with(rule.type))) continue;
    const JsonValue value = report[rule.field];
    check_word(value, rule, warnings);
    for (const JsonValue& item : value.items(50)) check_word(item, rule, warnings);
  }
}

// Letters, digits and underscores; "port-scan" is "port_scan".
std::string word_of(JsonValue value) {
  std::string word = to_lower(trim(value.text()));
  std::replace(word.begin(), word.end(), '-', '_');
  std::replace(word.begin(), word.end(), ' ', '_');
  const bool fine = word.size() <= kTypeBytesMax && std::all_of(word.begin(), word.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                    });
  return fine ? word : std::string();
}

// "category/type", also where the category is missing and only one has such a type; "" where nothing fits.
std::string type_of(JsonValue report, Warnings& warnings) {
  const std::string category = word_of(field_of(report, "category"));
  const std::string type = word_of(field_of(report, "type"));
  if (category.empty() && !type.empty())
    for (const XarfType& known : xarf4_types())
      if (known.type.ends_with("/" + type)) return std::string(known.type);
  if (category.empty() || type.empty()) return {};
  for (const std::string_view field : {"category", "type"})
    if (const auto raw = field_of(report, field).string(); raw && *raw != (field == "type" ? type : category))
      warnings.add("{} is {}: XARF v4 writes it otherwise", field, in_quotes(*raw));
  const std::string given = category + "/" + type;
  const std::string current(current_xarf4_name(given));
  if (current != given)
    warnings.add("The type {} is not of XARF v4: read as {}", given, current);
  else if (find_xarf4_type(given) == nullptr)
    warnings.add("The type {} is not of XARF v4", given);
  return current;
}

// What may turn an open service, a compromise or a bot into a proxy.
std::string detail_of(JsonValue report) {
  std::string detail;
  for (const std::string_view field :
       {"service", "service_name", "service_type", "compromise_type", "infrastructure_type"})
    detail += field_of(report, field).text() + ' ';
  for (const JsonValue& item : field_of(report, "bot_capabilities").items(50)) detail += item.text() + ' ';
  return detail;
}

void add_source(Incident& incident, JsonValue report, Warnings& warnings) {
  const std::string source = field_of(report, "source_identifier").text();
  if (const auto url = url_of(source)) {
    incident.url = url;
  } else if (source.find('@') != std::string::npos) {
    incident.reasons.push_back("the source is the mail address " + shorten(source, 120));
  } else if (const auto domain = domain_of(source)) {
    incident.domain = domain;
  } else if (ip_in(source)) {
    incident.source_ip = address_of(source, "source_identifier", warnings);
    if (incident.source_ip) incident.reasons.emplace_back("address: source_identifier");
  } else if (!source.empty()) {
    warnings.add("source_identifier is no address, URL or domain: {}", in_quotes(source));
  }
  for (const std::string_view field : {"source_ip", "ip"})
    if (!incident.source_ip && field_of(report, field).string()) {
      incident.source_ip = address_of(field_of(report, field).text(), field, warnings);
      if (incident.source_ip) incident.reasons.push_back(fmt::format("address: {}", field));
    }
}

void add_places(Incident& incident, JsonValue report, Warnings& warnings) {
  for (const std::string_view field : {"url", "infringing_url"}) {
    const std::string value = field_of(report, field).text();
    if (value.empty()) continue;
    const auto url = url_of(value);
    if (!url)
      warnings.add("{} is no URL: {}", field, in_quotes(value));
    else if (!incident.url || field == "url")
      incident.url = url;
  }
  if (const std::string value = field_of(report, "domain").text(); !value.empty()) {
    const auto domain = domain_of(value);
    if (domain)
      incident.domain = domain;
    else
      warnings.add("domain is no domain: {}", in_quotes(value));
  }
  if (!incident.url) return;
  const auto host = host_of(*incident.url);
  if (!incident.domain && host) incident.domain = domain_of(*host);
  if (incident.source_ip || !host) return;
  if (const auto address = parse_ip(*host); address && !is_impossible(*address)) {
    incident.source_ip = *address;
    incident.reasons.emplace_back("address: the host of the URL");
  }
}

void add_ends(Incident& incident, JsonValue report, Warnings& warnings) {
  const auto port = [&](std::string_view field) -> std::optional<std::uint16_t> {
    const auto value = field_of(report, field).integer();
    if (!value) return std::nullopt;
    const auto fine = port_of(*value);
    return fine;
  };
  incident.source_port = port("source_port");
  incident.destination_port = port("destination_port");
  if (!incident.source_port) incident.source_port = port("service_port");
  if (const std::string target = field_of(report, "destination_ip").text(); !target.empty()) {
    incident.destination_ip = ip_in(target);
    if (!incident.destination_ip) warnings.add("destination_ip is no address: {}", in_quotes(target));
  }
  if (const std::string protocol = word_of(field_of(report, "protocol")); !protocol.empty())
    incident.protocol = protocol;
  for (const std::string_view field : {"attempts_count", "total_requests", "total_probes"})
    if (const auto count = field_of(report, field).integer();
        count && *count > 0 && *count <= 0xffffffffLL && incident.count == 1)
      incident.count = static_cast<std::uint32_t>(*count);
}

// Senders that know only the clock of their machine write seconds or milliseconds since 1970.
std::string time_in(JsonValue report, std::string_view field, Warnings& warnings) {
  const JsonValue value = field_of(report, field);
  const auto number = value.integer();
  if (!number) return value.text();
  const std::int64_t seconds = *number > kEpochSecondsMax ? *number / 1'000 : *number;
  if (seconds <= 0 || seconds > kEpochSecondsMax) return value.as_text();
  warnings.add("{} is a number: read as time since 1970", field);
  return format_rfc3339(Instant{std::chrono::seconds{seconds}});
}

void add_times(Incident& incident, JsonValue report, Warnings& warnings) {
  for (const std::string_view field : {"timestamp", "first_seen"}) {
    const std::string value = time_in(report, field, warnings);
    if (!value.empty() && set_started(incident, value, field, warnings)) break;
  }
  const std::string last = time_in(report, "last_seen", warnings);
  if (const auto lasted_s = field_of(report, "duration_seconds").integer();
      last.empty() && incident.started_at && lasted_s && *lasted_s > 0 && *lasted_s <= kDurationMaxS)
    incident.ended_at = *incident.started_at + std::chrono::seconds(*lasted_s);
  if (last.empty()) return;
  const auto time = time_of(last);
  if (!time)
    warnings.add("last_seen is no time: {}", in_quotes(last));
  else if (time->zoned && incident.started_at && time->at > *incident.started_at && time->at <= kDistantFuture)
    incident.ended_at = time->at;
}

void add_confidence(Incident& incident, JsonValue report) {
  double sure = field_of(report, "confidence").number().value_or(0.8);
  if (sure > 1 && sure <= 100) sure /= 100;
  incident.confidence = std::isfinite(sure) && sure >= 0 && sure <= 1 ? sure : 0.8;
}

void check_hash(JsonValue item, std::string_view bytes, Warnings& warnings) {
  const std::string hash = to_lower(field_of(item, "hash").text());
  if (!hash.starts_with("sha256:") || hash.size() != 7 + 64) return;
  if (sha256_hex(bytes) != hash.substr(7)) warnings.add_sentence("The hash of a piece of evidence is wrong");
}

// Such material is never opened, copied or shown: the report itself is preserved, and that is enough.
bool shown_never(std::string_view type) { return type == "content/csam" || type == "content/csem"; }

void add_evidence(Incident& incident, JsonValue report, Warnings& warnings) {
  if (const std::string text = field_of(report, "description").text(); !text.empty())
    incident.evidence.push_back(evidence_of(text, std::nullopt, "text/plain", "description", warnings));
  if (shown_never(incident.type)) {
    if (field_of(report, "evidence").is_array())
      warnings.add_sentence("Evidence of this kind is neither opened nor copied");
    return;
  }
  for (const JsonValue& item : field_of(report, "evidence").items(kEvidencePerIncidentMax)) {
    const std::string payload = field_of(item, "payload").text();
    if (payload.empty()) continue;
    auto bytes = base64_decode(payload);
    if (!bytes) warnings.add_sentence("A payload of evidence is not base64: kept as it stands");
    const std::string& content = bytes ? *bytes : payload;
    check_hash(item, content, warnings);
    const std::string type = shorten(field_of(item, "content_type").text(), 200);
    incident.evidence.push_back(evidence_of(content, std::nullopt, type.empty() ? "application/octet-stream" : type,
                                            shorten(field_of(item, "description").text(), 200), warnings));
  }
}

void add_reporter(Reading& reading, JsonValue report) {
  const JsonValue reporter = field_of(report, "reporter");
  for (const std::string_view field : {"contact", "email", "mail"})
    if (reading.reporter.address.empty())
      if (const auto found = parse_addresses(shorten(field_of(reporter, field).text(), 1'000)); !found.empty())
        reading.reporter.address = found.front().mail;
  for (const std::string_view field : {"org", "name"})
    if (const std::string name = field_of(reporter, field).text(); !name.empty() && !reading.reporter.name)
      reading.reporter.name = shorten(name, 200);
  for (const JsonValue& value : {field_of(report, "Disclosure"), field_of(report, "disclosure"),
                                 field_of(reporter, "Disclosure"), field_of(reporter, "disclosure")})
    if (value.boolean() == false) reading.reporter.disclosure = false;
}

void read_one(Reading& reading, JsonValue report, const JsonPassages& passages, std::string where, Warnings& warnings) {
  if (!report.is_object()) return warnings.add("{} is no XARF report", where);
  Incident incident;
  incident.type = type_of(report, warnings);
  if (incident.type.empty()) return warnings.add("{} names no category and type that can be read", where);
  check_schema(report, incident.type, warnings);
  check_xarf4_values(report, warnings);
  incident.category = category_of_type(incident.type, detail_of(report));
  if (word_of(field_of(report, "compromise_type")) == "defacement")
    incident.category = Category::other;  // no malware there
  add_source(incident, report, warnings);
  add_places(incident, report, warnings);
  add_ends(incident, report, warnings);
  add_times(incident, report, warnings);
  add_confidence(incident, report);
  add_xarf4_notes(incident, report);
  add_evidence(incident, report, warnings);
  if (!incident.source_ip && !incident.url && !incident.domain)
    warnings.add_sentence("No address, URL or domain is named");
  if (shown_never(incident.type))
    incident.read_from = std::move(where);
  else
    passages.mark(incident, std::move(where), report);
  reading.incidents.push_back(std::move(incident));
  add_reporter(reading, report);
}

Result<Reading> read_root(const Json& json, const Passages& text, const std::string& where) {
  const JsonValue root = json.root();
  const JsonPassages passages(json, text);
  Reading reading;
  Warnings warnings;
  if (root.is_array()) {
    std::size_t row = 0;
    for (const JsonValue& item : root.items(kIncidentsPerReportMax + 1))
      read_one(reading, item, passages, fmt::format("{}, report {}", where, ++row), warnings);
  } else {
    read_one(reading, root, passages, where, warnings);
  }
  reading.outcome = reading.incidents.empty() ? Outcome::unreadable : Outcome::read;
  reading.warnings = std::move(warnings).take();
  return reading;
}

Result<Reading> read(const Input& input) {
  if (const Json* json = input.json()) return read_root(*json, {input.bytes(), 0}, "JSON");
  const auto part = json_part(*input.message());
  if (!part) return failure(Fault::malformed, "no part holds XARF");
  TRY_ASSIGN(const Json json, parse_json(input.message()->content(*part)));
  return read_root(json, {*input.message(), *part}, fmt::format("part {}", *part + 1));
}

constexpr std::string_view kScan =
    R"({"xarf_version":"4.2.0","report_id":"0b6d2b1e-0000-4000-8000-000000000001","timestamp":"2026-01-11T11:26:59Z",
"reporter":{"org":"Example Watch","contact":"Reports@Watch.example","domain":"watch.example"},
"sender":{"org":"Example Watch","contact":"reports@watch.example","domain":"watch.example"},
"source_identifier":"198.51.100.150","source_port":50123,"category":"connection","type":"port_scan",
"evidence_source":"ids_detection","destination_ip":"203.0.113.5","destination_port":22,"protocol":"TCP",
"first_seen":"2026-01-11T11:26:00Z","last_seen":"2026-01-11T11:40:00Z","confidence":0.93,
"evidence":[{"content_type":"text/plain","description":"log","payload":"YSBsb2cgbGluZQ=="}],"Disclosure":false})";
constexpr std::string_view kPage =
    R"({"xarf_version":"4.0.0","category":"content","type":"phishing-site","source_identifier":"bad.example",
"timestamp":"2026-01-11T15:15:24+01:00","url":"hxxp://192.0.2.44/login","sender":null})";
constexpr std::string_view kProxy =
    R"({"xarf_version":"4.2.0","category":"vulnerability","type":"open_service","service":"socks5",
"source_identifier":"192.0.2.50:1080","timestamp":"2026-01-15T12:00:00"})";
constexpr std::string_view kCsam =
    R"({"xarf_version":"4.2.0","category":"content","type":"csam","url":"https://files.example/x","source_identifier":
"192.0.2.9","classification":"baseline","detection_method":"hash_match","timestamp":"2026-01-15T12:00:00Z",
"evidence":[{"content_type":"image/png","payload":"AAAA"}]})";
constexpr std::string_view kMail =
    "From: bot@watch.example\nTo: abuse@hoster.example\nSubject: report\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the attachment.\n"
    "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: xarf\nUser-Agent: X/1\nVersion: 1\n\n"
    "--b\nContent-Type: application/json; name=\"xarf.json\"\nContent-Transfer-Encoding: base64\n\n"
    "eyJ4YXJmX3ZlcnNpb24iOiI0LjAuMCIsImNhdGVnb3J5IjoibWVzc2FnaW5nIiwidHlwZSI6InNwYW0iLCJzb3VyY2VfaWRlbnRpZmllciI6\n"
    "IjE5Mi4wLjIuMTIiLCJ0aW1lc3RhbXAiOiIyMDI2LTAxLTE1VDEyOjAwOjAwWiJ9\n--b--\n";
constexpr std::string_view kTwo =
    R"([{"xarf_version":"4.0.0","category":"infrastructure","type":"botnet","source_identifier":"192.0.2.1"},
{"xarf_version":"4.0.0","category":"infrastructure","type":"botnet","source_identifier":"0.0.0.0"}])";
constexpr std::string_view kNoKind = R"({"xarf_version":"4.0.0","source_identifier":"192.0.2.1"})";

constexpr Example kExamples[] = {
    {"a port scan, not to be disclosed", "application/json", kScan, Outcome::read, 1, "connection/port_scan",
     "198.51.100.150"},
    {"an older name, a defanged URL whose host is the address", "application/json", kPage, Outcome::read, 1,
     "content/phishing", "192.0.2.44"},
    {"an open proxy, the port behind the address, no zone", "", kProxy, Outcome::read, 1, "vulnerability/open_service",
     "192.0.2.50"},
    {"material that is never copied", "application/json", kCsam, Outcome::read, 1, "content/csam", "192.0.2.9"},
    {"inside a mail, base64", "message/rfc822", kMail, Outcome::read, 1, "messaging/spam", "192.0.2.12"},
    {"several in one array; a dummy address is not taken", "application/json", kTwo, Outcome::read, 2,
     "infrastructure/botnet", "192.0.2.1"},
    {"neither category nor type", "application/json", kNoKind, Outcome::unreadable, 0, "", ""},
};

}  // namespace

constinit const Format xarf4_format{
    .name = "xarf4",
    .title = "XARF v4",
    .explain =
        R"(JSON after the XARF v4 schemas (all 7 categories and 32 types), alone or as a part of a mail. Reports in
the field break the schema: ports left out, a null sender, names of drafts. Each breach is a warning, none loses the
report. An open service, a compromise or a bot that speaks of a proxy is category proxy. Disclosure is kept: false means
that the customer is not told who reported. Evidence of child abuse is neither opened nor copied.)",
    .recognise = recognise,
    .sure_max = 97,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
