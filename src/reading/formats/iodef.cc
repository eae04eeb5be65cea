// SPDX-License-Identifier: Apache-2.0
// IODEF v1 (RFC 5070) and v2 (RFC 7970), also wrapped for RID (RFC 6545): alone or as a part of a mail.
#include "base/text.h"
#include "reading/format.h"
#include "reading/kinds.h"
#include "reading/passages.h"
#include "reading/values.h"
#include "reading/xarf_words.h"
#include "reading/xml.h"

namespace abate::reading {
extern const Format iodef_format;
namespace {

constexpr std::size_t kSearchBytesMax = 256 * 1024;
constexpr std::size_t kIncidentsMax = 20'000;
constexpr std::size_t kSystemsMax = 20'000;
constexpr int kEventDepthMax = 20;  // EventData within EventData

bool speaks_of_iodef(std::string_view text) {
  return looks_like_xml(text.substr(0, 4'096)) &&
         contains_ignoring_case(text.substr(0, kSearchBytesMax), "IODEF-Document");
}

bool is_xml_part(const Part& part) {
  return part.type.ends_with("/xml") || part.type.ends_with("+xml") || part.type == "text/plain" ||
         part.type == "application/octet-stream" || to_lower(part.name).ends_with(".xml");
}

std::vector<std::size_t> xml_parts(const Message& mail) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < mail.parts().size(); ++i)
    if (is_xml_part(mail.parts()[i]) && speaks_of_iodef(mail.content(i))) found.push_back(i);
  return found;
}

int recognise(const Input& input) {
  const Message* mail = input.message();
  if (mail == nullptr) return speaks_of_iodef(input.bytes()) ? 95 : 0;
  if (mail->find("message/feedback-report")) return 0;
  return xml_parts(*mail).empty() ? 0 : 93;
}

struct Times {  // inherited from the incident to its events
  std::string start;
  std::string end;
  std::string detect;
  std::string report;
};

Times times_of(const XmlNode& node, Times times) {
  const auto take = [&](std::string& into, const char* name) {
    if (const std::string text = node.text(name); !text.empty()) into = text;
  };
  take(times.start, "StartTime");
  take(times.end, "EndTime");
  take(times.detect, "DetectTime");
  take(times.report, "ReportTime");
  if (times.report.empty()) take(times.report, "GenerationTime");
  return times;
}

void add_times(Incident& incident, const Times& times, Warnings& warnings) {
  const std::pair<const char*, const std::string*> order[] = {{"StartTime", &times.start},
                                                              {"DetectTime", &times.detect},
                                                              {"EndTime", &times.end},
                                                              {"ReportTime", &times.report}};
  for (const auto& [name, value] : order)
    if (!value->empty() && set_started(incident, *value, name, warnings)) {
      incident.reasons.push_back(fmt::format("time: {}", name));
      break;
    }
  const auto end = time_of(times.end);
  if (end && end->zoned && incident.started_at && end->at > *incident.started_at && end->at <= kDistantFuture)
    incident.ended_at = end->at;
}

struct Word {
  std::string_view part;
  std::string_view kind;
};
// Words of Impact, Description and Method, from the clear ones to the vague ones; the first that is found counts.
constexpr std::array kWords{
    Word{"phish", "phishing"},
    Word{"child", "csam"},
    Word{"copyright", "copyright"},
    Word{"trademark", "trademark"},
    Word{"brute", "bruteforce"},
    Word{"login", "loginattack"},
    Word{"password", "loginattack"},
    Word{"botnet", "botnet"},
    Word{"command and control", "c2"},
    Word{"c2", "c2"},
    Word{"sql inj", "sqlinjection"},
    Word{"amplif", "ddos"},
    Word{"denial", "ddos"},
    Word{"ddos", "ddos"},
    Word{"flood", "ddos"},
    Word{"open resolver", "openresolver"},
    Word{"open proxy", "openproxy"},
    Word{"open relay", "openrelay"},
    Word{"spam", "spam"},
    Word{"deface", "defacement"},
    Word{"ransom", "malware"},
    Word{"worm", "malwareinfection"},
    Word{"infect", "infection"},
    Word{"malware", "malware"},
    Word{"trojan", "malware"},
    Word{"virus", "malware"},
    Word{"port scan", "portscan"},
    Word{"portscan", "portscan"},
    Word{"scan", "scan"},
    Word{"probe", "probe"},
    Word{"exploit", "exploit"},
    Word{"intrusion", "intrusion"},
    Word{"compromis", "compromised"},
    Word{"leak", "dataleak"},
    Word{"fraud", "fraud"},
    Word{"attack", "attack"},
};
// Impact's own words (RFC 5070 section 3.10.1, RFC 7970 section 3.12.1) where nothing else tells.
constexpr std::array kImpacts{
    Word{"dos", "dos"},
    Word{"social-engineering", "phishing"},
    Word{"recon", "reconnaissance"},
    Word{"info-leak", "dataleak"},
    Word{"misconfiguration", "misconfiguration"},
    Word{"admin", "intrusion"},
    Word{"user", "intrusion"},
    Word{"extortion", "malware"},
    Word{"file", "intrusion"},
    Word{"takeover-system", "compromised"},
    Word{"takeover-account", "compromisedaccount"},
    Word{"takeover-service", "compromised"},
    Word{"degraded-reputation", "reputation"},
    Word{"availability-system", "dos"},
    Word{"availability-service", "dos"},
    Word{"breach-", "dataleak"},
    Word{"unauthorized", "intrusion"},
};

// All that the incident says about its kind, the most telling first.
std::string words_of(const XmlNode& incident, std::string& impacts) {
  std::string text;
  for (const char* name :
       {"Description", "Impact", "SystemImpact", "BusinessImpact", "IncidentCategory", "Category", "ReferenceName",
        "AttackPattern", "Vulnerability", "Signature", "RecordItem", "Classification"})
    for (const XmlNode& node : incident.descendants(name, 20)) {
      if (!node.is("RecordItem")) text += node.text().substr(0, 500) + " ";
      impacts += " " + to_lower(node.attribute("type")) + " " + to_lower(node.attribute("ext-type"));
    }
  return text;
}

XarfKind kind_of(const XmlNode& incident, bool& sure) {
  std::string impacts;
  const std::string text = words_of(incident, impacts) + " " + impacts;
  sure = true;
  for (const Word& word : kWords)
    if (contains_ignoring_case(text, word.part))
      if (const auto kind = xarf_kind(word.kind)) return *kind;
  for (const Word& word : kImpacts)
    if (contains_ignoring_case(impacts, " " + std::string(word.part)))
      if (const auto kind = xarf_kind(word.kind)) return *kind;
  if (const auto kind = kind_in(text)) return {kind->type, kind->category()};
  sure = false;
  return {"reputation/threat_intelligence", Category::other};
}

struct Place {
  std::vector<IpAddress> addresses;
  std::optional<std::string> url;
  std::optional<std::string> domain;
  std::optional<std::uint16_t> port;
  std::optional<std::string> protocol;
};

std::optional<std::uint16_t> first_port(const std::string& text) {
  std::int64_t value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9' && digits < 6)
    value = value * 10 + (text[digits++] - '0');
  return digits == 0 ? std::nullopt : port_of(value);
}

Place place_of(const XmlNode& system, Warnings& warnings) {
  Place place;
  for (const XmlNode& address : system.descendants("Address", kSystemsMax)) {
    const std::string category = to_lower(address.attribute("category"));
    const std::string value = address.text();
    if (category == "site-uri" || category == "uri") {
      if (!place.url) place.url = url_of(value);
    } else if (category == "ipv4-net" || category == "ipv6-net" || category == "ipv4-net-mask" ||
               category == "ipv6-net-mask") {
      warnings.add("A network is named, not an address: {}", in_quotes(value));
    } else if (category.empty() || category.starts_with("ipv") || category == "ext-value") {
      if (const auto found = address_of(value, "Address", warnings)) place.addresses.push_back(*found);
    }
  }
  for (const char* name : {"URL", "site-uri"})
    for (const XmlNode& url : system.descendants(name, 5))
      if (!place.url) place.url = url_of(url.text());
  for (const char* name : {"NodeName", "Name"})
    for (const XmlNode& node : system.descendants(name, 5))
      if (!place.domain) place.domain = domain_of(node.text());
  for (const XmlNode& service : system.descendants("Service", 5)) {
    const std::string number =
        service.attribute("ip-protocol").empty() ? service.attribute("ip_protocol") : service.attribute("ip-protocol");
    if (!place.protocol && number == "6") place.protocol = "tcp";
    if (!place.protocol && number == "17") place.protocol = "udp";
    if (!place.protocol && number == "1") place.protocol = "icmp";
    for (const char* name : {"Port", "Portlist"})
      if (!place.port) place.port = first_port(service.text(name));
  }
  return place;
}

struct Reader {  // of one document
  Reading& reading;
  Warnings& warnings;
  const std::string& where;
  const Xml& xml;
  const Passages& passages;
  XmlNode incident;
  XarfKind kind;
  bool kind_sure = false;
  bool hurts_content = false;  // the harm is a page: then a target System that serves it is not a victim

  void take_source(const XmlNode& system, const std::optional<Place>& target, const Times& times,
                   const XmlNode& event) {
    const Place place = place_of(system, warnings);
    const bool no_address = place.addresses.empty();
    if (no_address && !place.url && !place.domain) return;
    for (std::size_t i = 0; i < (no_address ? 1 : place.addresses.size()); ++i) {
      if (reading.incidents.size() >= kIncidentsMax) return warnings.add("More than {} systems", kIncidentsMax);
      Incident made;
      made.type = kind.type;
      made.category = kind.category;
      made.confidence = kind_sure ? 0.9 : 0.6;
      if (!no_address) {
        made.source_ip = place.addresses[i];
        made.reasons.emplace_back("address: a System whose category is source");
      }
      made.url = place.url;
      made.domain = place.domain;
      made.source_port = place.port;
      made.protocol = place.protocol;
      if (target) {
        if (!target->addresses.empty()) made.destination_ip = target->addresses.front();
        made.destination_port = target->port;
        if (!made.protocol) made.protocol = target->protocol;
      }
      add_times(made, times, warnings);
      if (const std::string id = incident.text("IncidentID"); !id.empty())
        made.reasons.push_back("incident " + shorten(id, 100));
      add_evidence(made, event);
      passages.mark(made, where, xml.range_of(system, passages.text()));
      reading.incidents.push_back(std::move(made));
    }
  }

  void add_evidence(Incident& made, const XmlNode& event) {
    for (const char* name : {"Description", "RecordItem"})
      for (const XmlNode& node : event.descendants(name, 5))
        if (const std::string text = node.text(); !text.empty())
          made.evidence.push_back(evidence_of(text, std::nullopt, "text/plain", name, warnings));
    if (made.evidence.empty())
      if (const std::string text = incident.text("Description"); !text.empty())
        made.evidence.push_back(evidence_of(text, std::nullopt, "text/plain", "Description", warnings));
  }

  void take_event(const XmlNode& event, const Times& outer, int depth) {
    if (depth > kEventDepthMax) return warnings.add_sentence("EventData is nested too deeply");
    const Times times = times_of(event, outer);
    for (const XmlNode& flow : event.children("Flow")) take_systems(flow.children("System"), times, event);
    take_systems(event.children("System"), times, event);
    for (const XmlNode& inner : event.children("EventData")) take_event(inner, times, depth + 1);
  }

  static bool is_source(const XmlNode& system) {
    const std::string category = to_lower(system.attribute("category"));
    return category == "source" || category == "watchlist-source";
  }
  static bool is_target(const XmlNode& system) {
    const std::string category = to_lower(system.attribute("category"));
    return category == "target" || category == "watchlist-target";
  }

  void take_systems(const std::vector<XmlNode>& systems, const Times& times, const XmlNode& event) {
    std::optional<Place> target;
    bool any_source = false;
    for (const XmlNode& system : systems) {
      if (is_target(system) && !target) target = place_of(system, warnings);
      any_source = any_source || is_source(system);
    }
    for (const XmlNode& system : systems)
      if (is_source(system)) take_source(system, target, times, event);
    if (any_source || !hurts_content) return;
    for (const XmlNode& system : systems)  // a phishing page's host is often called the target of the work to be done
      if (is_target(system)) take_source(system, std::nullopt, times, event);
  }
};

void read_document(Reading& reading, const Xml& xml, const Passages& passages, const std::string& where,
                   Warnings& warnings) {
  for (const XmlNode& incident : xml.document().descendants("Incident", kIncidentsMax)) {
    Reader reader{.reading = reading,
                  .warnings = warnings,
                  .where = where,
                  .xml = xml,
                  .passages = passages,
                  .incident = incident,
                  .kind = {}};
    reader.kind = kind_of(incident, reader.kind_sure);
    if (!reader.kind_sure) warnings.add_sentence("The incident does not say of what kind it is");
    const std::string_view type = reader.kind.type;
    reader.hurts_content = type.starts_with("content/") || type.starts_with("vulnerability/") ||
                           type.starts_with("copyright/") || type == "infrastructure/compromised_server";
    const Times times = times_of(incident, {});
    for (const XmlNode& event : incident.children("EventData")) reader.take_event(event, times, 0);
    if (const auto restriction = incident.attribute("restriction"); equals_ignoring_case(restriction, "private"))
      reading.reporter.disclosure = false;
    for (const XmlNode& contact : incident.children("Contact")) {
      if (reading.reporter.address.empty())
        for (const XmlNode& mail : contact.descendants("Email", 3))
          if (const auto found =
                  parse_addresses(shorten(mail.text().empty() ? mail.text("EmailTo") : mail.text(), 500));
              !found.empty() && reading.reporter.address.empty())
            reading.reporter.address = found.front().mail;
      if (!reading.reporter.name)
        if (const std::string name = contact.text("ContactName"); !name.empty())
          reading.reporter.name = shorten(name, 200);
    }
  }
}

Result<Reading> read(const Input& input) {
  Reading reading;
  Warnings warnings;
  const auto take = [&](const Passages& passages, const std::string& where) {
    const auto xml = parse_xml(passages.text());
    if (!xml) return warnings.add("{}: {}", where, xml.error().what);
    if (!xml->ok()) warnings.add("{}: the XML is broken: read up to the break", where);
    read_document(reading, *xml, passages, where, warnings);
  };
  if (const Message* mail = input.message())
    for (const std::size_t part : xml_parts(*mail)) take({*mail, part}, fmt::format("part {}", part + 1));
  else
    take({input.bytes(), 0}, "XML");
  if (reading.incidents.empty()) return failure(Fault::malformed, "no System is named as the source");
  reading.outcome = Outcome::read;
  reading.warnings = std::move(warnings).take();
  return reading;
}

constexpr std::string_view kScan =
    "<?xml version=\"1.0\"?>\n<IODEF-Document version=\"1.00\" xmlns=\"urn:ietf:params:xml:ns:iodef-1.0\">\n"
    "<Incident purpose=\"reporting\"><IncidentID name=\"csirt.example\">5</IncidentID>\n"
    "<ReportTime>2026-02-01T10:00:00+01:00</ReportTime><Description>Host scans ports</Description>\n"
    "<Assessment><Impact type=\"recon\"/></Assessment>\n"
    "<Contact role=\"creator\" type=\"organization\"><ContactName>CSIRT</ContactName><Email>a@csirt.example</Email>"
    "</Contact>\n<EventData><DetectTime>2026-02-01T08:00:00+01:00</DetectTime><Flow>\n"
    "<System category=\"source\"><Node><Address category=\"ipv4-addr\">192.0.2.210</Address></Node></System>\n"
    "<System category=\"target\"><Node><Address category=\"ipv4-addr\">198.51.100.240</Address></Node>\n"
    "<Service ip_protocol=\"6\"><Portlist>22,80</Portlist></Service></System></Flow></EventData></Incident>\n"
    "</IODEF-Document>\n";
constexpr std::string_view kRid =
    "<iodef-rid:RID xmlns:iodef-rid=\"urn:ietf:params:xml:ns:iodef-rid-2.0\"><iodef-rid:ReportSchema>\n"
    "<iodef:IODEF-Document version=\"2.00\"><iodef:Incident purpose=\"mitigation\" restriction=\"private\">\n"
    "<iodef:GenerationTime>2026-02-01T10:00:00Z</iodef:GenerationTime>\n"
    "<iodef:Assessment><iodef:SystemImpact type=\"takeover-system\"/></iodef:Assessment><iodef:EventData>\n"
    "<iodef:StartTime>2026-01-31T00:00:00Z</iodef:StartTime><iodef:EndTime>2026-01-31T01:00:00Z</iodef:EndTime>\n"
    "<iodef:Description>Phishing page</iodef:Description><iodef:Flow><iodef:System category=\"source\"><iodef:Node>\n"
    "<iodef:Address category=\"ipv6-addr\">2001:db8::7</iodef:Address>\n"
    "<iodef:Address category=\"site-uri\">http://shop.example.net/x</iodef:Address></iodef:Node>\n"
    "</iodef:System></iodef:Flow></iodef:EventData></iodef:Incident></iodef:IODEF-Document>"
    "</iodef-rid:ReportSchema></iodef-rid:RID>";
constexpr std::string_view kMail =
    "From: a@csirt.example\nSubject: incident\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\nSee the attachment.\n--b\nContent-Type: text/xml; name=incident.xml\n\n"
    "<IODEF-Document><Incident><EventData><Flow><System category=\"source\"><Node>"
    "<Address>192.0.2.1</Address><Address>192.0.2.2</Address></Node></System></Flow>"
    "<Method><Description>spam run</Description></Method></EventData></Incident>\n--b--\n";
constexpr Example kExamples[] = {
    {"a port scan, version 1", "application/xml", kScan, Outcome::read, 1, "connection/port_scan", "192.0.2.210"},
    {"a page, version 2, for RID", "application/xml", kRid, Outcome::read, 1, "content/phishing", "2001:db8::7"},
    {"in a mail, cut off, two sources", "message/rfc822", kMail, Outcome::read, 2, "messaging/spam", "192.0.2.1"},
};

}  // namespace

constinit const Format iodef_format{
    .name = "iodef",
    .title = "IODEF",
    .explain =
        R"(XML with IODEF-Document (version 1 or 2), also inside RID, alone or as a part of a mail. Each address of a
System whose category is source is an incident; a target is the victim, unless the kind is a page and no source is named.
Networks are no addresses. The kind comes from the words of Description, Impact and Method, else from Impact's type.
StartTime, DetectTime, EndTime or ReportTime is the time, in this order, inherited from the outer EventData. A
restriction "private" means that the reporter is not named to the customer.)",
    .recognise = recognise,
    .sure_max = 95,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
