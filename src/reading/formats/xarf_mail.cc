// SPDX-License-Identifier: Apache-2.0
// X-ARF 0.1 and 0.2 as mail: a text for people, a YAML form, evidence. PLAIN, SECURE (signed) and BULK (several).
#include "base/text.h"
#include "reading/format.h"
#include "reading/values.h"
#include "reading/xarf_form.h"
#include "reading/xarf_words.h"

namespace abate::reading {
extern const Format xarf_mail_format;
namespace {

constexpr std::size_t kTextBytesMax = 64 * 1024;
constexpr std::size_t kSourcesMax = 1'000;  // of one form
constexpr std::size_t kNamesMin = 3;
constexpr std::array<std::string_view, 10> kNames{"Reported-From", "Category",    "Report-Type", "Report-ID",
                                                  "Source",        "Source-Type", "Schema-URL",  "Attachment",
                                                  "User-Agent",    "Service"};
// Must be there beside the version's User-Agent and Date.
constexpr std::array<std::string_view, 7> kRequired{"Reported-From", "Category", "Report-Type", "Report-ID",
                                                    "Date",          "Source",   "Source-Type"};

bool has_source_line(std::string_view text) {
  for (const std::string_view name : {"Source:", "Source-IP:", "source:"})
    for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1))
      if (at == 0 || text[at - 1] == '\n' || text[at - 1] == '\r') return true;
  return false;
}

bool holds_form(const Message& mail) {
  for (std::size_t i = 0; i < mail.parts().size(); ++i) {
    const Part& part = mail.parts()[i];
    if (!part.type.starts_with("text/") && part.type != "application/octet-stream" && part.name.empty()) continue;
    const std::string_view text = mail.content(i).substr(0, kFormSearchBytesMax);
    if (has_source_line(text) && find_form(text, kNames, kNamesMin) != std::string_view::npos) return true;
  }
  return false;
}

bool is_declared(const Message& mail) {
  for (const char* name : {"X-ARF", "X-XARF"})
    if (mail.has_header(name) && !equals_ignoring_case(trim(mail.header(name)), "no")) return true;
  return false;
}

int recognise(const Input& input) {
  const Message* mail = input.message();
  if (mail == nullptr || mail->find("message/feedback-report") || !holds_form(*mail)) return 0;
  return is_declared(*mail) ? 94 : 85;
}

// Words that say nothing where a service is named besides.
bool is_vague(std::string_view word) {
  for (const std::string_view vague : {"attack", "abuse", "info", "other", "hackattack", "serverattack", "unknown"})
    if (word == vague) return true;
  return false;
}

std::optional<XarfKind> kind_of(const YamlDocument& form) {
  const std::string type = form.get("Report-Type");
  const std::string service = form.get("Service");
  if (!is_vague(xarf_word(type)) || service.empty()) {
    const bool same = xarf_word(type) == xarf_word(service);  // "bot" is then a thing that knocks, not an infection
    if (const auto kind = same ? xarf_kind_of_service(type) : xarf_kind(type, service)) return kind;
    if (const auto kind = same ? xarf_kind(type, service) : xarf_kind_of_service(type)) return kind;
  } else if (const auto kind = xarf_kind_of_service(service)) {
    return kind;
  }
  // ".../schema/abuse_login-attack_0.1.2.json"
  const std::string schema_url = form.get("Schema-URL");
  const std::string_view schema = std::string_view(schema_url).substr(schema_url.rfind('/') + 1);
  for (const std::string_view word : split(schema, '_'))
    if (!is_vague(xarf_word(word)))
      if (const auto kind = xarf_kind(word, service)) return kind;
  for (const auto& kind : {xarf_kind_of_service(service), xarf_kind(service)})
    if (kind) return kind;
  const std::string category = form.get("Category");
  if (const auto kind = xarf_kind(category, service)) return kind;
  return xarf_kind(type, service);
}

void add_kind(Incident& incident, const YamlDocument& form, Warnings& warnings) {
  const auto kind = kind_of(form);
  const std::string type = form.get("Report-Type");
  if (!kind) warnings.add("The Report-Type {} is not known", in_quotes(type));
  incident.type = kind ? kind->type : "reputation/threat_intelligence";
  incident.category = kind ? kind->category : Category::other;
  incident.confidence = kind ? 0.9 : 0.5;
  std::string words = form.get("Category");
  for (const std::string& word : {type, form.get("Service")})
    if (!word.empty()) words += (words.empty() ? "" : ", ") + word;
  if (!words.empty()) incident.reasons.push_back("kind: " + shorten(words, 160));
}

bool is_registrar_text(std::string_view text) {
  for (const std::string_view words :
       {"registrar", "domain name registered with you", "domain registered with you", "geregistreerde domeinnaam"})
    if (contains_ignoring_case(text, words)) return true;
  return false;
}

// The form names a URL only: the text for people often says where that is.
void add_address_from_text(Incident& incident, std::string_view text, Warnings& warnings) {
  const auto host = incident.url ? host_of(*incident.url) : incident.domain;
  if (!host) return;
  const auto told = find_url_in_text(text, *host);
  if (told && incident.url && told->url != *incident.url) {
    warnings.add("The text names another URL than the form, which says {}", in_quotes(*incident.url));
    incident.url = told->url;
  }
  if (is_registrar_text(text)) {
    incident.reasons.emplace_back("address: none, the notice is about a domain and goes to its registrar");
    return;
  }
  incident.source_ip = told ? told->address : std::nullopt;
  if (incident.source_ip) return incident.reasons.emplace_back("address: the text puts it behind the URL"), void();
  incident.source_ip = find_named_address(text);
  if (!incident.source_ip) return;
  incident.reasons.emplace_back("address: the only one that the text calls an IP address");
  incident.confidence = std::min(incident.confidence, 0.7);
}

// "192.0.2.xxx": somebody does not want to say it; no domain either.
bool is_masked(std::string_view source) {
  const auto dot = source.find('.');
  return dot != std::string_view::npos && dot > 0 && dot <= 3 &&
         source.substr(0, dot).find_first_not_of("0123456789") == std::string_view::npos &&
         std::count(source.begin(), source.end(), '.') == 3 &&
         (source.ends_with('x') || source.ends_with('X') || source.ends_with('*'));
}

void add_source(Incident& incident, const std::string& given, const YamlDocument& form, std::string_view text,
                Warnings& warnings) {
  const std::string source = without_blanks_behind_colons(given);
  incident.url = url_of(source);
  if (!incident.url && source.find("://") == std::string::npos && source.find('@') == std::string::npos) {
    if (ip_in(source))
      incident.source_ip = address_of(source, "Source", warnings);
    else if (source.find_first_not_of("0123456789.") != std::string::npos && !is_masked(source))
      incident.domain = domain_of(source);
  }
  if (!incident.url && !incident.domain && !ip_in(source)) warnings.add("Source is none: {}", in_quotes(source));
  if (incident.source_ip) incident.reasons.emplace_back("address: Source");
  for (const char* name : {"Source-IP", "IP", "IP-Address"})
    if (!incident.source_ip && form.has(name)) {
      incident.source_ip = address_of(form.get(name), name, warnings);
      if (incident.source_ip) incident.reasons.push_back(fmt::format("address: {}", name));
    }
  if (!incident.url)
    for (const char* name : {"URL", "URI"})
      if (!incident.url) incident.url = url_of(without_blanks_behind_colons(form.get(name)));
  if (!incident.domain) incident.domain = domain_of(form.get("Domain"));
  const auto host = incident.url ? host_of(*incident.url) : std::nullopt;
  if (host && !incident.domain) incident.domain = domain_of(*host);
  if (const auto address = host ? parse_ip(*host) : failure(Fault::not_found, "");
      !incident.source_ip && address && !is_impossible(*address)) {
    incident.source_ip = *address;
    incident.reasons.emplace_back("address: the host of the URL");
  }
  if (!incident.source_ip) add_address_from_text(incident, text, warnings);
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  if (text.empty() || text.size() > 9) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// Port is that of the service: where it was attacked, or where the reported page is served.
void add_ports(Incident& incident, const YamlDocument& form, Warnings& warnings) {
  const auto port = [&](std::string_view name) -> std::optional<std::uint16_t> {
    const std::string text = form.get(name);
    const auto value = number_of(text);
    if (!text.empty() && text != "0" && !(value && port_of(*value))) warnings.add("{} is no port", name);
    return value ? port_of(*value) : std::nullopt;
  };
  incident.source_port = port("Source-Port");
  incident.destination_port = port("Destination-Port");
  const bool serves = incident.type.starts_with("content/") || incident.type.starts_with("vulnerability/");
  auto& own = serves ? incident.source_port : incident.destination_port;
  if (!own) own = port("Port");
  for (const char* name : {"Destination", "Destination-IP", "Dst-IP", "Target", "Victim"})
    if (!incident.destination_ip) incident.destination_ip = ip_in(form.get(name));
  const std::string protocol = to_lower(shorten(form.get("Protocol"), 20));
  if (!protocol.empty()) incident.protocol = protocol;
  for (const char* name : {"Occurrences", "Incidents", "Count", "Attempts"})
    if (const auto count = number_of(form.get(name)); count && *count > 0 && incident.count == 1)
      incident.count = static_cast<std::uint32_t>(*count);
}

void add_times(Incident& incident, const YamlDocument& form, Warnings& warnings) {
  for (const char* name : {"Date", "First-Seen", "Timestamp"}) {
    const std::string value = without_blanks_behind_colons(form.get(name));
    if (!value.empty() && set_started(incident, value, name, warnings)) break;
  }
  const auto last = time_of(without_blanks_behind_colons(form.get("Last-Seen")));
  if (last && last->zoned && incident.started_at && last->at > *incident.started_at && last->at <= kDistantFuture)
    incident.ended_at = last->at;
}

std::string text_for_people(const Message& mail, const std::vector<YamlForm>& forms) {
  for (std::size_t i = 0; i < mail.parts().size(); ++i) {
    if (mail.parts()[i].inside_message || !mail.parts()[i].type.starts_with("text/")) continue;
    const bool is_form = std::any_of(forms.begin(), forms.end(), [&](const auto& form) { return form.part == i; });
    if (!is_form) return mail.text(i, kTextBytesMax);
  }
  return {};
}

void add_reporter(Reading& reading, const YamlDocument& form) {
  if (!reading.reporter.address.empty()) return;
  const auto found = parse_addresses(shorten(form.get("Reported-From"), 1'000));
  if (!found.empty()) reading.reporter.address = found.front().mail;
}

void read_form(Reading& reading, const YamlForm& form, std::size_t next_form, const Message& mail,
               std::string_view text, Warnings& warnings) {
  for (const std::string_view name : kRequired)
    if (!form.document.has(name)) warnings.add("{} is missing", name);
  std::vector<std::string> sources = form.document.get_all("Source");
  if (sources.size() > kSourcesMax) {
    warnings.add("More than {} sources in one form: the rest was not taken", kSourcesMax);
    sources.resize(kSourcesMax);
  }
  if (sources.empty()) sources.emplace_back();
  for (const std::string& source : sources) {
    Incident incident;
    add_kind(incident, form.document, warnings);
    add_source(incident, source, form.document, text, warnings);
    if (!incident.source_ip && !incident.url && !incident.domain) continue;
    add_ports(incident, form.document, warnings);
    add_times(incident, form.document, warnings);
    if (reading.incidents.size() < kEvidencePerIncidentMax * 4)
      add_parts_as_evidence(incident, mail, form.part + 1, next_form, form.part, warnings);
    if (const std::string id = form.document.get("Report-ID"); !id.empty())
      incident.reasons.push_back("report " + shorten(id, 120));
    mark(incident, form);
    reading.incidents.push_back(std::move(incident));
  }
  add_reporter(reading, form.document);
}

bool is_form(const YamlDocument& document) {
  std::size_t known = 0;
  for (const std::string_view name : kNames) known += document.has(name) ? 1U : 0U;
  return known >= kNamesMin && (document.has("Source") || document.has("Source-IP"));
}

Result<Reading> read(const Input& input) {
  const Message& mail = *input.message();
  Reading reading;
  Warnings warnings;
  std::vector<YamlForm> forms = find_forms(mail, kNames, kNamesMin, warnings);
  std::erase_if(forms, [](const YamlForm& form) { return !is_form(form.document); });
  const std::string text = text_for_people(mail, forms);
  const bool one = forms.size() == 1;
  for (std::size_t i = 0; i < forms.size(); ++i)
    read_form(reading, forms[i], i + 1 < forms.size() ? forms[i + 1].part : mail.parts().size(), mail,
              one ? text : std::string_view(), warnings);
  if (reading.incidents.empty()) return failure(Fault::malformed, "its form names no source");
  if (mail.multipart_type() == "multipart/signed" || equals_ignoring_case(trim(mail.header("X-XARF")), "secure"))
    for (Incident& incident : reading.incidents)
      incident.reasons.emplace_back("the report is signed; the signature was not verified");
  reading.outcome = Outcome::read;
  reading.warnings = std::move(warnings).take();
  return reading;
}

constexpr std::string_view kAttack =
    "From: reports@watch.example\nTo: abuse@hoster.example\nSubject: abuse report\nX-XARF: PLAIN\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSomebody at 192.0.2.150 knocks.\n"
    "--b\nContent-Type: text/plain; name=\"report.txt\"\n\n---\nReported-From: reports@watch.example\n"
    "Category: abuse\nReport-Type: login-attack\nService: ssh\nVersion: 0.2\nUser-Agent: Watch/1\n"
    "Date: Fri, 30 Jan 2026 07:19:02 +0100\nSource-Type: ip-address\nSource: 192.0.2.150\nPort: 22\n"
    "Report-ID: 1@watch.example\nSchema-URL: http://schema.example/abuse_login-attack_0.1.2.json\n"
    "Attachment: text/plain\n\n--b\nContent-Type: text/plain; name=\"logfile.log\"\n\n"
    "sshd: Failed password for root from 192.0.2.150\n--b--\n";
constexpr std::string_view kPage =
    "From: takedown@watch.example\nSubject: Issue 1\nX-ARF: yes\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nWe found phishing:\n\n"
    "http://shop.example.net/login/ [203.0.113.10]\n\n1 hop (198.51.100.1)\n"
    "--b\nContent-Type: text/plain; name=report.txt\n\n---\nAttachment: none\nCategory: fraud\n"
    "Date: 2026-01-12T06:40:56+00:00\nDomain: shop.example.net\nPort: 80\nReport-ID: 2@watch.example\n"
    "Report-Type: phishing\nReported-From: takedown@watch.example\nService: http\n"
    "Source: http://shop.example.net/login/\nSource-Type: uri\n--b--\n";
constexpr std::string_view kBroken =
    "From: robot@watch.example\nX-Arf: yes\nContent-Type: text/plain\n\nHello,\n\n---\n"
    "Reported-From:  robot@watch.example\nCategory:  info\nReport-Type: harvesting\nService:  postfix\n"
    "Date:  Sun, 04 Jan 2026 21: 09:11 +0200\nSource: 2001:db8::7\nSource-Type:  ip-address\n"
    "Schema-URL: http: //schema.example/x.json\n\tAttachment: \"text/plain\n";
constexpr std::string_view kBulk =
    "From: robot@watch.example\nX-XARF: BULK\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    "--b\nContent-Type: text/plain; name=report.txt\n\n---\nReported-From: a@watch.example\nCategory: abuse\n"
    "Report-Type: portscan\nSource-Type: ipv4\nSource: 192.0.2.1\nDate: 2026-01-01T00:00:00\n---\n"
    "Reported-From: a@watch.example\nCategory: malware\nReport-Type: malware\nSource-Type: ip-address\nSource:\n"
    "  - 192.0.2.2\n  - 192.0.2.3\nDate: 2026-01-01T00:00:00Z\n--b--\n";
constexpr std::string_view kMasked =
    "From: robot@watch.example\nX-XARF: PLAIN\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\nThe server with the IP 192.0.2.xxx\n--b\nContent-Type: text/plain\n\n---\n"
    "Reported-From: a@watch.example\nCategory: fraud\nReport-Type: phishing\nSource-Type: uri\n"
    "Source: http://shop.example.net/x\n--b--\n";

constexpr Example kExamples[] = {
    {"a login attack with its log", "message/rfc822", kAttack, Outcome::read, 1, "connection/login_attack",
     "192.0.2.150"},
    {"a URL; the text says where it is, the traceroute does not", "message/rfc822", kPage, Outcome::read, 1,
     "content/phishing", "203.0.113.10"},
    {"no YAML at all, in the body", "message/rfc822", kBroken, Outcome::read, 1, "messaging/spam", "2001:db8::7"},
    {"two forms, three sources", "message/rfc822", kBulk, Outcome::read, 3, "connection/port_scan", "192.0.2.1"},
    {"a masked address is none", "message/rfc822", kMasked, Outcome::read, 1, "content/phishing", ""},
};

}  // namespace

constinit const Format xarf_mail_format{
    .name = "xarf_mail",
    .title = "X-ARF 0.1 or 0.2",
    .explain =
        R"(A mail with a YAML form (Reported-From, Category, Report-Type, Source, Date, ...), in a part of its own, in
the body, or in a mail within the mail; several forms (BULK) and lists of sources give several incidents. It is known by
the form, not by the header X-ARF or X-XARF. YAML that breaks the rules is read line by line. Source is to blame; Port
is the attacked service's, or the page's. Where Source is a URL, the address is looked for in the text: behind the same
host's URL in brackets, or the only one called an IP address; the hops of a traceroute are neither. A notice to a
registrar gives no address. A signature (SECURE) is noted and not verified here.)",
    .recognise = recognise,
    .sure_max = 94,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
