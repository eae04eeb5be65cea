// SPDX-License-Identifier: Apache-2.0
// XARF before version 4 as JSON (alpha, 1, 2, 3, 3.0.0): {"Version", "ReporterInfo", "Disclosure", "Report"}.
#include "base/hash.h"
#include "base/text.h"
#include "reading/format.h"
#include "reading/passages.h"
#include "reading/values.h"
#include "reading/xarf_words.h"

namespace abate::reading {
extern const Format xarf3_format;
namespace {

constexpr std::size_t kSearchBytesMax = 256 * 1024;
constexpr std::size_t kPartsOfJsonMax = 100;

bool is_xarf3(JsonValue root) {
  const JsonValue report = root.any_of({"Report"});
  if (!report.is_object()) return false;
  return report.any_of({"ReportType", "ReportClass", "Report_Type"}).exists() ||
         (root.any_of({"ReporterInfo", "Reporter_Info"}).exists() && root.any_of({"Version"}).exists());
}

bool is_any_xarf3(JsonValue root) {
  if (!root.is_array()) return is_xarf3(root);
  const auto items = root.items(1);
  return !items.empty() && is_xarf3(items.front());
}

bool speaks_of_xarf3(std::string_view content) {
  const std::string_view head = content.substr(0, kSearchBytesMax);
  return looks_like_json(head) && contains_ignoring_case(head, "\"ReportType\"") &&
         contains_ignoring_case(head, "\"Report\"");
}

bool may_hold_json(const Part& part) {
  return part.type == "application/json" || part.type.ends_with("+json") || to_lower(part.name).ends_with(".json") ||
         part.type == "text/plain" || part.type == "application/octet-stream";
}

std::vector<std::size_t> json_parts(const Message& mail) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < mail.parts().size() && found.size() < kPartsOfJsonMax; ++i)
    if (may_hold_json(mail.parts()[i]) && speaks_of_xarf3(mail.content(i))) found.push_back(i);
  return found;
}

int recognise(const Input& input) {
  if (const Json* json = input.json()) return is_any_xarf3(json->root()) ? 96 : 0;
  const Message* mail = input.message();
  return mail != nullptr && !json_parts(*mail).empty() ? 96 : 0;
}

// A number or a truth written as a value of another type is read all the same.
std::string text_of(JsonValue value) {
  if (const auto text = value.string()) return value.text();
  if (const auto number = value.integer()) return std::to_string(*number);
  return {};
}

struct Source {  // "SourceIp" and its kin, or an object "Source"
  std::string ip;
  std::string url;
  std::string domain;
  JsonValue port;
};

Source source_of(JsonValue report) {
  const JsonValue inner = report.any_of({"Source"});
  Source source;
  source.ip = report.any_of({"SourceIp", "Source_Ip", "SourceIpAddress", "SourceAddress", "IpAddress", "Ip"}).text();
  source.url = report.any_of({"SourceUrl", "Source_Url", "SourceUri", "InfringingUrl", "Url", "Uri"}).text();
  source.domain = report.any_of({"SourceDomain", "Source_Domain", "DomainName", "Domain", "SourceHost"}).text();
  source.port = report.any_of({"SourcePort", "Source_Port"});
  if (inner.is_object()) {
    if (source.ip.empty()) source.ip = inner.any_of({"IP", "IpAddress", "Address", "IPv4", "IPv6"}).text();
    if (source.url.empty()) source.url = inner.any_of({"URL", "URI", "Link"}).text();
    if (source.domain.empty()) source.domain = inner.any_of({"Domain", "DomainName", "Host", "Hostname"}).text();
    if (!source.port.exists()) source.port = inner.any_of({"Port"});
    const std::string value = inner.any_of({"Value", "Identifier"}).text();
    if (!value.empty()) (url_of(value) ? source.url : ip_in(value) ? source.ip : source.domain) = value;
  } else if (const std::string value = inner.text(); !value.empty()) {
    if (url_of(value) && source.url.empty())
      source.url = value;
    else if (parse_ip(trim(value)) && source.ip.empty())
      source.ip = value;
    else if (source.domain.empty())
      source.domain = value;
  }
  return source;
}

void add_source(Incident& incident, const Source& source, Warnings& warnings) {
  incident.source_ip = address_of(source.ip, "SourceIp", warnings);
  if (incident.source_ip) incident.reasons.emplace_back("address: SourceIp");
  if (!source.url.empty()) {
    incident.url = url_of(source.url);
    if (!incident.url) warnings.add("SourceUrl is no URL: {}", in_quotes(source.url));
  }
  if (!source.domain.empty()) {
    incident.domain = domain_of(source.domain);
    if (!incident.domain) warnings.add("The domain is none: {}", in_quotes(source.domain));
  }
  if (!incident.url) return;
  const auto host = host_of(*incident.url);
  if (host && !incident.domain) incident.domain = domain_of(*host);
  if (!host || incident.source_ip) return;
  if (const auto address = parse_ip(*host); address && !is_impossible(*address)) {
    incident.source_ip = *address;
    incident.reasons.emplace_back("address: the host of the URL");
  }
}

std::optional<std::uint16_t> port_in(JsonValue value, std::string_view field, Warnings& warnings) {
  if (!value.exists()) return std::nullopt;
  const auto number = value.integer();
  const auto port = number ? port_of(*number) : std::nullopt;
  if (!port) warnings.add("{} is no port", field);
  return port;
}

void add_ends(Incident& incident, JsonValue report, JsonValue more, Warnings& warnings) {
  JsonValue target = report.any_of({"Destination", "Target"});
  std::string ip = report.any_of({"DestinationIp", "Destination_Ip", "DestinationAddress", "TargetIp"}).text();
  if (ip.empty()) ip = target.is_object() ? target.any_of({"IP", "Address"}).text() : target.text();
  if (!ip.empty()) {
    incident.destination_ip = ip_in(ip);
    if (!incident.destination_ip) warnings.add("DestinationIp is no address: {}", in_quotes(ip));
  }
  JsonValue port = report.any_of({"DestinationPort", "Destination_Port", "TargetPort"});
  if (!port.exists()) port = target.any_of({"Port"});
  incident.destination_port = port_in(port, "DestinationPort", warnings);
  std::string protocol = report.any_of({"TransportProtocol", "Protocol"}).text();
  if (protocol.empty()) protocol = more.any_of({"TransportProtocol", "Protocol"}).text();
  protocol = to_lower(shorten(trim(protocol), 20));
  if (!protocol.empty()) incident.protocol = protocol;
  const auto count = report.any_of({"Count", "AttackCount", "Occurrences", "EventCount", "Attempts"}).integer();
  if (count && *count > 0 && *count <= 0xffffffffLL) incident.count = static_cast<std::uint32_t>(*count);
}

// Date is when it was seen for this report; FirstSeen may lie months back, when somebody else had the address.
void add_times(Incident& incident, JsonValue report, JsonValue more, Warnings& warnings) {
  const auto value = [&](std::initializer_list<std::string_view> names) {
    const std::string text = report.any_of(names).text();
    return text.empty() ? more.any_of(names).text() : text;
  };
  const std::string date = value({"Date", "DateTime", "Timestamp", "EventDate"});
  const std::string first = value({"FirstSeen", "First_Seen", "StartDate"});
  const std::string last = value({"LastSeen", "Last_Seen", "EndDate"});
  if (date.empty()) warnings.add_sentence("Date is missing");
  bool dated = !date.empty() && set_started(incident, date, "Date", warnings);
  if (!dated && !first.empty()) dated = set_started(incident, first, "FirstSeen", warnings);
  if (!dated && !last.empty()) set_started(incident, last, "LastSeen", warnings);
  if (dated && !first.empty() && first != date) incident.reasons.push_back("first seen: " + shorten(first, 60));
  const auto end = time_of(last);
  if (end && end->zoned && incident.started_at && end->at > *incident.started_at && end->at <= kDistantFuture)
    incident.ended_at = end->at;
}

void add_kind(Incident& incident, JsonValue report, Warnings& warnings) {
  const std::string type = text_of(report.any_of({"ReportType", "Report_Type"}));
  const std::string subtype = text_of(report.any_of({"ReportSubType", "Report_Sub_Type", "SubType"}));
  const std::string group = text_of(report.any_of({"ReportClass", "Report_Class"}));
  const std::string service = text_of(report.any_of({"ServiceName", "Service", "HarassmentType"}));
  if (type.empty()) warnings.add_sentence("ReportType is missing");
  if (group.empty()) warnings.add_sentence("ReportClass is missing");
  const std::string detail = service + " " + subtype;
  auto kind = xarf_kind(type, detail);
  if (!kind && !type.empty()) warnings.add("The ReportType {} is not known", in_quotes(type));
  if (!kind) kind = xarf_kind(subtype, detail);
  if (!kind) kind = xarf_kind(group, detail);
  incident.confidence = kind ? 0.9 : 0.5;
  incident.type = kind ? kind->type : "reputation/threat_intelligence";
  incident.category = kind ? kind->category : Category::other;
  if (!type.empty()) incident.reasons.push_back("kind: " + shorten(group.empty() ? type : group + "/" + type, 100));
  if (!subtype.empty()) incident.reasons.push_back("subtype: " + shorten(subtype, 100));
}

bool shown_never(const Incident& incident) {
  return incident.type == "content/csam" || incident.type == "content/csem";
}

void add_sample(Incident& incident, JsonValue item, Warnings& warnings) {
  const JsonValue payload = item.any_of({"Payload", "Data", "Content"});
  const std::string text = payload.text();
  if (text.empty()) return warnings.add_sentence("A sample holds no payload");
  const auto flag = item.any_of({"Base64Encoded"}).boolean();
  std::optional<std::string> bytes;
  if (flag.value_or(item.any_of({"Data"}).exists()))
    if (auto decoded = base64_decode(text)) bytes = std::move(*decoded);
  if (flag == true && !bytes) warnings.add_sentence("A sample is not base64: kept as it stands");
  const std::string type = shorten(item.any_of({"ContentType", "Content_Type"}).text(), 200);
  incident.evidence.push_back(evidence_of(bytes ? *bytes : text, std::nullopt,
                                          type.empty() ? "application/octet-stream" : type,
                                          shorten(item.any_of({"Description", "FileName"}).text(), 200), warnings));
}

void add_evidence(Incident& incident, JsonValue report, Warnings& warnings) {
  const JsonValue samples = report.any_of({"Samples", "Attachment", "Attachments", "Evidence"});
  if (shown_never(incident)) {
    if (samples.exists()) warnings.add_sentence("Evidence of this kind is neither opened nor copied");
    return;
  }
  if (samples.is_object()) add_sample(incident, samples, warnings);
  for (const JsonValue& item : samples.items(kEvidencePerIncidentMax)) add_sample(incident, item, warnings);
}

// Facts that have no place of their own in an incident.
void add_notes(Incident& incident, JsonValue root, JsonValue report, JsonValue more) {
  const auto note = [&](std::string_view what, std::initializer_list<std::string_view> names) {
    std::string text = text_of(report.any_of(names));
    if (text.empty()) text = text_of(more.any_of(names));
    if (!text.empty()) incident.reasons.push_back(fmt::format("{}: {}", what, shorten(text, 160)));
  };
  note("service", {"ServiceName", "Service"});
  note("version", {"ServiceVersion"});
  note("malware", {"MalwareName", "MalwareFamily", "BotnetName"});
  note("C2", {"C2Server", "CommandAndControl"});
  note("rewritten domain", {"RpzDomain"});
  note("CVE", {"CVE"});
  note("work", {"InfringedMaterial", "TrademarkName"});
  note("file", {"FileName"});
  note("mail from", {"SmtpMailFromAddress", "FromAddress", "SMTPFrom"});
  note("subject", {"Subject"});
  note("account", {"AccountName"});
  const std::string behalf = root.any_of({"OnBehalfOf"}).any_of({"ComplainantOrg"}).text();
  if (!behalf.empty()) incident.reasons.push_back("on behalf of " + shorten(behalf, 160));
}

void add_reporter(Reading& reading, JsonValue root, Warnings& warnings) {
  const JsonValue info = root.any_of({"ReporterInfo", "Reporter_Info", "Reporter"});
  if (!info.is_object()) warnings.add_sentence("ReporterInfo is missing");
  for (const std::string_view field : {"ReporterOrgEmail", "ReporterContactEmail", "Email"})
    if (reading.reporter.address.empty())
      if (const auto found = parse_addresses(shorten(info.any_of({field}).text(), 1'000)); !found.empty())
        reading.reporter.address = found.front().mail;
  if (info.is_object() && reading.reporter.address.empty()) warnings.add_sentence("ReporterInfo names no mail address");
  for (const std::string_view field : {"ReporterOrg", "ReporterContactName"})
    if (const std::string name = info.any_of({field}).text(); !name.empty() && !reading.reporter.name)
      reading.reporter.name = shorten(name, 200);
  if (root.any_of({"Disclosure"}).boolean() == false) reading.reporter.disclosure = false;
}

bool names_anything(JsonValue report, const Incident& incident) {
  if (incident.source_ip || incident.url || incident.domain) return true;
  return xarf_kind(text_of(report.any_of({"ReportType", "Report_Type"}))).has_value() &&
         (incident.started_at || incident.started_unzoned);
}

void read_one(Reading& reading, JsonValue root, const JsonPassages& passages, std::string where, Warnings& warnings) {
  const JsonValue report = root.any_of({"Report"});
  if (!report.is_object()) return warnings.add("{} is no XARF report", where);
  const JsonValue more = report.any_of({"AdditionalInfo", "Additional_Info"});
  if (!root.any_of({"Version"}).exists()) warnings.add_sentence("Version is missing");
  Incident incident;
  const Source source = source_of(report);
  add_kind(incident, report, warnings);
  add_source(incident, source, warnings);
  incident.source_port = port_in(source.port, "SourcePort", warnings);
  add_ends(incident, report, more, warnings);
  add_times(incident, report, more, warnings);
  add_notes(incident, root, report, more);
  add_evidence(incident, report, warnings);
  add_reporter(reading, root, warnings);
  if (!names_anything(report, incident)) return warnings.add("{} names neither a source nor a kind", where);
  if (!incident.source_ip && !incident.url && !incident.domain)
    warnings.add_sentence("No address, URL or domain is named");
  if (shown_never(incident))
    incident.read_from = std::move(where);
  else
    passages.mark(incident, std::move(where), root);
  reading.incidents.push_back(std::move(incident));
}

void read_root(Reading& reading, const Json& json, const Passages& text, const std::string& where, Warnings& warnings) {
  const JsonValue root = json.root();
  const JsonPassages passages(json, text);
  if (!root.is_array()) return read_one(reading, root, passages, where, warnings);
  std::size_t row = 0;
  for (const JsonValue& item : root.items(kIncidentsPerReportMax + 1))
    read_one(reading, item, passages, fmt::format("{}, report {}", where, ++row), warnings);
}

Result<Reading> read(const Input& input) {
  Reading reading;
  Warnings warnings;
  if (const Json* json = input.json()) {
    read_root(reading, *json, {input.bytes(), 0}, "JSON", warnings);
  } else {
    for (const std::size_t part : json_parts(*input.message())) {
      const auto inner = parse_json(input.message()->content(part));
      if (inner)
        read_root(reading, *inner, {*input.message(), part}, fmt::format("part {}", part + 1), warnings);
      else
        warnings.add("Part {}: {}", part + 1, inner.error().what);
    }
    if (reading.incidents.empty()) return failure(Fault::malformed, "no part holds a report that can be read");
  }
  reading.outcome = reading.incidents.empty() ? Outcome::unreadable : Outcome::read;
  reading.warnings = std::move(warnings).take();
  return reading;
}

constexpr std::string_view kLogin =
    R"({"Version":"3","ReporterInfo":{"ReporterOrg":"Watch","ReporterOrgDomain":"watch.example","ReporterOrgEmail":
"Reports@Watch.example"},"Disclosure":false,"Report":{"ReportClass":"Activity","ReportType":"LoginAttack",
"Date":"2026-02-05T14:17:10Z","FirstSeen":"2026-01-01T00:00:00Z","SourceIp":"192.0.2.55","SourcePort":"54321",
"DestinationIp":"198.51.100.33","DestinationPort":22,"Samples":[{"ContentType":"text/plain","Base64Encoded":false,
"Payload":"a log line"},{"Payload":[]}]}})";
constexpr std::string_view kObject =
    R"({"Version":"3.0.0","ReporterInfo":{"ReporterOrgEmail":"a@b.example"},"Report":{"ReportClass":"System",
"ReportType":"botnet","Date":"2026-02-05 14:17:10","Source":{"IP":"198.51.100.25","Type":"ip","Port":8080},
"Attachment":[{"ContentType":"text/plain","Data":"YSBsaW5l"}],"AdditionalInfo":{"MalwareFamily":"Sample"}}})";
constexpr std::string_view kPicture =
    R"([{"Version":"alpha","Report":{"ReportType":"ChildAbuse","ReportClass":"Content","SourceUrl":
"http://203.0.113.9/x","Date":"2026-02-05T14:17:10+01:00","Samples":[{"Payload":"AAAA"}]}}])";
constexpr std::string_view kNobody =
    R"({"Version":"3","Report":{"ReportClass":5,"ReportType":4,"SourceIp":"not an address","SourcePort":"PORT"}})";
constexpr std::string_view kAccount =
    R"({"Version":"3","Report":{"ReportClass":"Activity","ReportType":"PotentiallyCompromisedAccount",
"Date":"2026-02-05T14:17:10Z","DestinationIp":"198.51.100.33"}})";
constexpr std::string_view kMail =
    "From: bot@watch.example\nTo: abuse@hoster.example\nSubject: report\nX-XARF: PLAIN\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the attachment: 203.0.113.7.\n"
    "--b\nContent-Type: application/json; name=\"xarf.json\"\n\n"
    R"({"Version":"2","Report":{"ReportClass":"Vulnerability","ReportType":"OpenService","ServiceName":"socks-proxy",)"
    "\n\"SourceIp\":\"192.0.2.12\",\"Date\":\"2026-01-15T12:00:00Z\"}}\n--b--\n";

constexpr Example kExamples[] = {
    {"a login attack, not to be disclosed", "application/json", kLogin, Outcome::read, 1, "connection/login_attack",
     "192.0.2.55"},
    {"the source is an object", "application/json", kObject, Outcome::read, 1, "infrastructure/botnet",
     "198.51.100.25"},
    {"material that is never copied", "application/json", kPicture, Outcome::read, 1, "content/csam", "203.0.113.9"},
    {"neither a kind nor a source", "application/json", kNobody, Outcome::unreadable, 0, "", ""},
    {"an account, no source: the destination is not to blame", "application/json", kAccount, Outcome::read, 1,
     "infrastructure/compromised_server", ""},
    {"inside a mail; an open service that is a proxy", "message/rfc822", kMail, Outcome::read, 1,
     "vulnerability/open_service", "192.0.2.12"},
};

}  // namespace

constinit const Format xarf3_format{
    .name = "xarf3",
    .title = "XARF before version 4",
    .explain =
        R"(JSON with Report.ReportClass and Report.ReportType (versions alpha, 1, 2, 3), alone or as a part of a mail.
The address stands in SourceIp or in Source.IP; DestinationIp is the victim and never blamed. Date is the time: FirstSeen
may lie months back and is kept as a reason. Field names match in any case. Disclosure is kept. What breaks the schema is
a warning. A report without any source is kept when its kind and its time are known (compromised accounts). Evidence of
child abuse is neither opened nor copied.)",
    .recognise = recognise,
    .sure_max = 96,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
