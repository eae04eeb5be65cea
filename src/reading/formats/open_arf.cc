// SPDX-License-Identifier: Apache-2.0
// YAML forms of a URL that was found (uri, ip, first_seen, signature): Cyscon's Open-ARF and what is built like it.
#include "base/text.h"
#include "reading/format.h"
#include "reading/values.h"
#include "reading/xarf_form.h"
#include "reading/xarf_words.h"

namespace abate::reading {
extern const Format open_arf_format;
namespace {

constexpr std::size_t kNamesMin = 3;
constexpr std::array<std::string_view, 14> kNames{"uri",        "url",         "ip",           "ip_address", "domain",
                                                  "first_seen", "last_seen",   "last_scan",    "signature",  "asn",
                                                  "country",    "file_sha256", "feedback_url", "malware"};

bool is_form(const YamlDocument& form) {
  std::size_t known = 0;
  for (const std::string_view name : kNames) known += form.has(name) ? 1U : 0U;
  const bool place = form.has("uri") || form.has("url") || form.has("domain");
  const bool what = form.has("signature") || form.has("malware") || form.has("first_seen") || form.has("last_seen");
  return known >= kNamesMin && place && what;
}

bool is_attached_form(const Message& mail, std::size_t part) {
  return !mail.parts()[part].name.empty() || mail.parts()[part].attached || part > 0;
}

std::vector<YamlForm> forms_of(const Message& mail, Warnings& warnings) {
  std::vector<YamlForm> forms = find_forms(mail, kNames, kNamesMin, warnings);
  std::erase_if(forms,
                [&](const YamlForm& form) { return !is_form(form.document) || !is_attached_form(mail, form.part); });
  return forms;
}

int recognise(const Input& input) {
  const Message* mail = input.message();
  if (mail == nullptr || mail->find("message/feedback-report")) return 0;
  bool any = false;
  for (std::size_t i = 0; i < mail->parts().size() && !any; ++i)
    any = may_hold_form(mail->parts()[i]) && is_attached_form(*mail, i) &&
          find_form(mail->content(i), kNames, kNamesMin) == 0;
  if (!any) return 0;
  Warnings unheard;
  if (forms_of(*mail, unheard).empty()) return 0;
  return mail->has_header("Open-Arf") ? 92 : 80;
}

struct Word {
  std::string_view part;
  std::string_view kind;
};
constexpr std::array kWords{Word{"phish", "phishing"},    Word{"fraud", "phishing"},  Word{"defac", "defacement"},
                            Word{"botnet", "botnet"},     Word{"c2", "botnet"},       Word{"malware", "malware"},
                            Word{"trojan", "malware"},    Word{"exploit", "malware"}, Word{"virus", "malware"},
                            Word{"malicious", "malware"}, Word{"spam", "spam"}};

XarfKind kind_of(std::string_view signature, std::string_view file_name, std::string_view subject) {
  for (const std::string_view text : {signature, file_name, subject})
    for (const Word& word : kWords)
      if (contains_ignoring_case(text, word.part))
        if (const auto kind = xarf_kind(word.kind)) return *kind;
  return {"reputation/threat_intelligence", Category::other};
}

void add_times(Incident& incident, const YamlDocument& form, Warnings& warnings) {
  bool dated = false;
  for (const char* name : {"first_seen", "last_seen", "last_scan", "date"})
    if (!dated && form.has(name)) dated = set_started(incident, form.get(name), name, warnings);
  const auto last = time_of(form.get("last_seen"));
  if (last && last->zoned && incident.started_at && last->at > *incident.started_at && last->at <= kDistantFuture)
    incident.ended_at = last->at;
}

Result<Reading> read(const Input& input) {
  const Message& mail = *input.message();
  Reading reading;
  Warnings warnings;
  for (const YamlForm& form : forms_of(mail, warnings)) {
    const YamlDocument& document = form.document;
    Incident incident;
    for (const char* name : {"uri", "url"})
      if (!incident.url) incident.url = url_of(without_blanks_behind_colons(document.get(name)));
    for (const char* name : {"ip", "ip_address"})
      if (!incident.source_ip) incident.source_ip = address_of(document.get(name), name, warnings);
    if (incident.source_ip) incident.reasons.emplace_back("address: ip");
    incident.domain = domain_of(document.get("domain"));
    if (const auto host = incident.url ? host_of(*incident.url) : std::nullopt; host && !incident.domain)
      incident.domain = domain_of(*host);
    if (!incident.source_ip && !incident.url && !incident.domain) continue;
    std::string signature = document.get("signature");
    if (signature.empty()) signature = document.get("malware");
    const XarfKind kind = kind_of(signature, mail.parts()[form.part].name, mail.header("Subject"));
    incident.type = kind.type;
    incident.category = kind.category;
    incident.confidence = 0.9;
    if (!signature.empty()) incident.reasons.push_back("signature: " + shorten(signature, 160));
    if (const std::string hash = document.get("file_sha256"); !hash.empty())
      incident.reasons.push_back("SHA-256 of the file: " + shorten(hash, 80));
    add_times(incident, document, warnings);
    mark(incident, form);
    const Part& part = mail.parts()[form.part];
    const auto range = part.transfer == Transfer::verbatim ? part.range : std::nullopt;
    incident.evidence.push_back(evidence_of(mail.content(form.part), range, "text/plain", part.name, warnings));
    reading.incidents.push_back(std::move(incident));
  }
  if (reading.incidents.empty()) return failure(Fault::malformed, "its form names no place");
  reading.outcome = Outcome::read;
  reading.warnings = std::move(warnings).take();
  return reading;
}

constexpr std::string_view kMalware =
    "From: reports@watch.example\nSubject: Malicious content\nOpen-Arf: YES\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlease see below.\n"
    "--b\nContent-Type: text/plain; name=\"MALWARE-report.txt\"\n\n---\nuri: http://files.example.net/a.exe\n"
    "asn: AS64500\ncountry: NL\ndomain: files.example.net\nip: 192.0.2.13\n"
    "first_seen: 2026-01-23 04:04:18 +0200\nsignature: SAMPLE.MALWARE.GEN\nlast_seen: 2026-01-23 05:04:18 +0200\n...\n"
    "--b--\n";
constexpr std::string_view kPage =
    "From: reports@watch.example\nSubject: report\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlease see below.\n"
    "--b\nContent-Type: text/plain; name=\"report.txt\"\n\nurl: http://files.example.net/login\n"
    "ip: 2001:db8::5\ndomain: files.example.net\nfirst_seen: 2026-01-23T04:04:18Z\nsignature: Phish.Bank\n--b--\n";
constexpr Example kExamples[] = {
    {"a malware URL", "message/rfc822", kMalware, Outcome::read, 1, "content/malware", "192.0.2.13"},
    {"a phishing page, no marker", "message/rfc822", kPage, Outcome::read, 1, "content/phishing", "2001:db8::5"},
};

}  // namespace

constinit const Format open_arf_format{
    .name = "open_arf",
    .title = "Open-ARF",
    .explain =
        R"(An attached YAML form with uri, ip, domain, first_seen, last_seen and signature, as Cyscon sends it. The kind
comes from the signature's words, else from the form's file name, else from the subject. first_seen to last_seen is the
time of the harm.)",
    .recognise = recognise,
    .sure_max = 92,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
