// SPDX-License-Identifier: Apache-2.0
// Feedback reports: RFC 5965, authentication failures (RFC 6591, with the ports of RFC 6692), CFBL (RFC 9477), and what
// feedback loops send that is none of these.
#include "base/text.h"
#include "reading/format.h"
#include "reading/passages.h"
#include "reading/received.h"
#include "reading/values.h"

namespace abate::reading {
extern const Format arf_format;
namespace {

constexpr std::size_t kProseBytesMax = 4 * 1024;
constexpr std::size_t kRawSearchBytesMax = 64 * 1024;
constexpr std::size_t kUrlsNamedMax = 10;

struct Kind {
  std::string_view feedback_type;
  std::string_view type;
  double confidence;  // of the kind; an address from a weaker source lowers it
};
// opt-out and the rest are not of RFC 5965 and are sent all the same: the recipient did not want the mail.
constexpr std::array kKinds{
    Kind{"abuse", "messaging/spam", 0.9},          Kind{"fraud", "content/phishing", 0.85},
    Kind{"virus", "content/malware", 0.85},        Kind{"other", "messaging/spam", 0.5},
    Kind{"auth-failure", "messaging/spam", 0.6},   Kind{"dkim", "messaging/spam", 0.5},
    Kind{"opt-out", "messaging/spam", 0.7},        Kind{"opt-out-list", "messaging/spam", 0.7},
    Kind{"miscategorized", "messaging/spam", 0.4}, Kind{"complaint", "messaging/spam", 0.8},
};

// The feedback loop of Outlook.com sends no feedback report: a mail with this subject and the complained-about mail.
constexpr std::string_view kJmrpSubject = "complaint about message from";

bool is_jmrp(const Message& mail) {
  return mail.find("message/rfc822") && contains_ignoring_case(mail.header("Subject"), kJmrpSubject);
}

// Where a broken mail has the fields without a part of their own.
std::string_view loose_fields(std::string_view bytes) {
  const std::string_view area = bytes.substr(0, kRawSearchBytesMax);
  for (std::size_t at = 0; at < area.size();) {
    if (starts_with_ignoring_case(area.substr(at), "Feedback-Type:")) return area.substr(at);
    const auto end = area.find_first_of("\r\n", at);
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  return {};
}

std::string_view feedback_type(std::string_view content) {
  const std::string_view fields = loose_fields(content);
  const auto colon = fields.find(':');
  return colon == std::string_view::npos ? ""
                                         : trim(fields.substr(colon + 1, fields.find_first_of("\r\n") - colon - 1));
}

Fields feedback_fields(const Input& input) {
  const Message& mail = *input.message();
  if (const auto part = mail.find("message/feedback-report")) return Fields::parse(mail.content(*part), false);
  return Fields::parse(loose_fields(input.bytes()), true);
}

// A feedback report that somebody forwards as an attached mail is read as that mail.
bool lies_in_attached_mail(const Message& mail, std::string_view bytes, std::string_view fields) {
  if (fields.empty()) return false;
  const auto at = static_cast<std::size_t>(fields.data() - bytes.data());
  return std::ranges::any_of(mail.parts(), [&](const Part& part) {
    return part.type == "message/rfc822" && part.range && at > part.range->offset &&
           at < part.range->offset + part.range->length;
  });
}

int recognise(const Input& input) {
  const Message* mail = input.message();
  if (mail == nullptr) return 0;
  if (const auto part = mail->find("message/feedback-report"))
    return equals_ignoring_case(feedback_type(mail->content(*part)), "xarf") ? 0 : 95;
  if (is_jmrp(*mail)) return 75;
  const std::string_view found = loose_fields(input.bytes());
  if (lies_in_attached_mail(*mail, input.bytes(), found)) return 0;
  const Fields loose = Fields::parse(found, true);
  if (equals_ignoring_case(loose.get_raw("Feedback-Type"), "xarf")) return 0;
  return loose.has("Feedback-Type") && (loose.has("User-Agent") || loose.has("Version")) ? 70 : 0;
}

const Fields kNoFields;

struct Found {  // gathered before the incident is made
  Fields fields;
  std::optional<std::size_t> original;          // the part with the reported mail or its headers
  const Fields* original_headers = &kNoFields;  // owned by the Message
  std::string prose;                            // the report's first text, on one line
  std::optional<Handover> handover;
};

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text)
    if (static_cast<unsigned char>(c) > ' ')
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  return line;
}

Found gather(const Input& input) {
  const Message& mail = *input.message();
  Found found;
  found.fields = feedback_fields(input);
  for (const std::string_view type : {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})
    if (!found.original) found.original = mail.find(type);
  if (found.original) found.original_headers = &mail.inner_headers(*found.original);
  return found;
}

// "... received from IP 192.0.2.1 on Tue, 5 Oct 2021 17:37:02 +1300." What stands behind "from", or "".
std::string_view after_from(std::string_view prose) {
  for (const std::string_view words : {"received from", "message from", "from IP"})
    if (const auto at = prose.find(words); at != std::string_view::npos) return prose.substr(at + words.size(), 200);
  return {};
}

void load_prose(Found& found, const Input& input) {
  if (!found.prose.empty()) return;
  const Message& mail = *input.message();
  for (const std::string_view type : {"text/plain", "text/html"})
    if (found.prose.empty())
      if (const auto part = mail.find(type)) found.prose = one_line(mail.text(*part, kProseBytesMax));
}

struct Source {
  std::optional<IpAddress> address;
  std::string reason;
  double certainty = 1;  // factor on the confidence
};

Source find_source(Found& found, const Input& input, Warnings& warnings) {
  for (const char* name : {"Source-IP", "Source"})
    if (found.fields.has(name))
      if (auto address = address_of(found.fields.get(name), name, warnings))
        return {*address, fmt::format("{} field", name), 1.0};
  if (found.fields.has("Feedback-Type") && !found.fields.has("Source-IP"))
    warnings.add_sentence("Source-IP is missing");
  const auto in_subject = ip_in(input.message()->header("Subject"));
  if (in_subject && !is_impossible(*in_subject)) return {*in_subject, "the subject names it", 0.9};
  load_prose(found, input);
  const auto in_prose = ip_in(after_from(found.prose).substr(0, 80));
  if (in_prose && !is_impossible(*in_prose)) return {*in_prose, "the text says \"from\" it", 0.9};
  // Yahoo writes X-Apparently-To and X-Originating-IP itself; the Received fields below may be the sender's own hops.
  if (found.original_headers->has("X-Apparently-To")) {
    const auto told = ip_in(found.original_headers->get("X-Originating-IP"));
    if (told && !is_impossible(*told) && !is_private(*told)) return {*told, "X-Originating-IP, which Yahoo wrote", 0.7};
  }
  found.handover = find_handover(*found.original_headers);
  if (found.handover)
    return {found.handover->from, "the first public address in the reported mail's Received fields", 0.7};
  return {};
}

// The longest run of words behind " on " that is a time.
bool started_from_prose(Incident& incident, std::string_view prose) {
  std::string_view rest = after_from(prose);
  const auto on = rest.find(" on ");
  if (on == std::string_view::npos) return false;
  rest = rest.substr(on + 4, 60);
  while (!rest.empty()) {
    while (rest.ends_with('.') || rest.ends_with(' ')) rest.remove_suffix(1);
    Warnings unheard;
    if (time_of(rest)) return set_started(incident, rest, "The time in the text", unheard);
    const auto blank = rest.rfind(' ');
    rest = rest.substr(0, blank == std::string_view::npos ? 0 : blank);
  }
  return false;
}

void find_time(Incident& incident, Found& found, const Input& input, Warnings& warnings) {
  for (const char* name : {"Arrival-Date", "Received-Date"})
    if (found.fields.has(name) && set_started(incident, found.fields.get(name), name, warnings)) {
      incident.reasons.push_back(fmt::format("time: {} field", name));
      return;
    }
  if (found.fields.has("Feedback-Type")) warnings.add_sentence("Arrival-Date is missing");
  load_prose(found, input);
  if (started_from_prose(incident, found.prose)) {
    incident.reasons.emplace_back("time: the text of the report");
    return;
  }
  if (!found.handover) found.handover = find_handover(*found.original_headers);
  // Where the address is known from elsewhere, the field must name the same.
  if (incident.source_ip && found.handover && found.handover->from != *incident.source_ip) return;
  if (found.handover && !found.handover->date.empty() &&
      set_started(incident, found.handover->date, "Received", warnings))
    incident.reasons.emplace_back("time: the Received field that names the address");
}

void add_places(Incident& incident, const Fields& fields, Warnings& warnings) {
  std::size_t named = 0;
  for (const std::string& value : fields.get_all("Reported-URI")) {
    const auto url = url_of(value);
    if (!url && !starts_with_ignoring_case(value, "mailto:") && value.find(':') != std::string::npos)
      warnings.add("Reported-URI is no URL: {}", in_quotes(value));
    if (!url) continue;
    if (!incident.url)
      incident.url = url;
    else if (++named <= kUrlsNamedMax)
      incident.reasons.push_back("also reported: " + *url);
  }
  const std::string domain = fields.get("Reported-Domain");
  incident.domain = domain_of(domain);
  if (!domain.empty() && !incident.domain) warnings.add("Reported-Domain is no domain: {}", in_quotes(domain));
}

// RFC 9477 lets a report hold no more than the identifier that the sender gave its mail; then who sent it must do.
void add_sender_domain(Incident& incident, const Found& found) {
  for (const char* name : {"DKIM-Domain", "Original-Mail-From"}) {
    const std::string value = found.fields.get(name);
    const auto mails = parse_addresses(value);
    const std::string& text = mails.empty() ? value : mails.front().mail;
    incident.domain = domain_of(std::string_view(text).substr(text.rfind('@') + 1));
    if (incident.domain) return incident.reasons.push_back(fmt::format("domain: {} field", name));
  }
  const auto from = parse_addresses(found.original_headers->get("From"));
  if (from.empty()) return;
  incident.domain = domain_of(std::string_view(from.front().mail).substr(from.front().mail.rfind('@') + 1));
  if (incident.domain) incident.reasons.emplace_back("domain: From of the reported message");
}

std::optional<std::int64_t> number_in(const Fields& fields, std::string_view name, Warnings& warnings) {
  const std::string_view text = fields.get_raw(name);
  if (text.empty()) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || value > 1'000'000'000) {
      warnings.add("{} is no number: {}", name, in_quotes(text));
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
  }
  return value;
}

void add_numbers(Incident& incident, const Fields& fields, Warnings& warnings) {
  if (const auto count = number_in(fields, "Incidents", warnings); count && *count > 0)
    incident.count = static_cast<std::uint32_t>(*count);
  if (const auto port = number_in(fields, "Source-Port", warnings)) {
    incident.source_port = port_of(*port);
    if (!incident.source_port) warnings.add_sentence("Source-Port is no port");
  }
}

void add_evidence(Incident& incident, const Found& found, const Message& mail, Warnings& warnings) {
  const auto add = [&](std::size_t index, std::string_view type, std::string_view description) {
    const Part& part = mail.parts()[index];
    const std::string_view bytes = mail.content(index);
    if (bytes.empty()) return;
    const auto range = part.transfer == Transfer::verbatim ? part.range : std::nullopt;
    incident.evidence.push_back(evidence_of(bytes, range, type, description, warnings));
  };
  if (found.original) {
    const bool whole = mail.parts()[*found.original].type == "message/rfc822";
    add(*found.original, whole ? "message/rfc822" : "text/rfc822-headers",
        whole ? "reported message" : "headers of the reported message");
  } else {
    warnings.add_sentence("The reported message is not attached");
  }
  if (const auto part = mail.find("message/feedback-report")) add(*part, "message/feedback-report", "feedback report");
}

Kind kind_of(const Fields& fields, Warnings& warnings) {
  std::string name = to_lower(fields.get("Feedback-Type"));
  name = name.substr(0, name.find_first_of(" ;,"));
  if (name.empty()) {
    if (!fields.all().empty()) warnings.add_sentence("Feedback-Type is missing: read as abuse");
    return kKinds[0];
  }
  for (const Kind& kind : kKinds)
    if (kind.feedback_type == name) return kind;
  warnings.add("Feedback-Type {} is not known: read as other", in_quotes(name));
  return kKinds[3];
}

Result<Reading> read(const Input& input) {
  Found found = gather(input);
  Reading reading;
  Warnings warnings;
  if (equals_ignoring_case(found.fields.get_raw("Feedback-Type"), "not-spam")) {
    reading.outcome = Outcome::not_a_report;
    reading.warnings.emplace_back("Feedback-Type is not-spam: somebody says that a mail was no spam");
    return reading;
  }
  const Kind kind = kind_of(found.fields, warnings);
  for (const char* name : {"User-Agent", "Version"})
    if (!found.fields.all().empty() && !found.fields.has(name)) warnings.add("{} is missing", name);
  Incident incident;
  incident.type = kind.type;
  incident.category = category_of_type(incident.type);
  const Source source = find_source(found, input, warnings);
  incident.source_ip = source.address;
  incident.confidence = kind.confidence * source.certainty;
  if (source.address) incident.reasons.push_back("address: " + source.reason);
  find_time(incident, found, input, warnings);
  add_places(incident, found.fields, warnings);
  if (!incident.source_ip && !incident.url && !incident.domain) {
    add_sender_domain(incident, found);
    incident.confidence = std::min(incident.confidence, 0.3);
  }
  add_numbers(incident, found.fields, warnings);
  add_evidence(incident, found, *input.message(), warnings);
  incident.read_from = found.fields.all().empty() ? "subject and reported message" : "feedback report";
  const auto part = input.message()->find("message/feedback-report");
  if (part && input.message()->parts()[*part].transfer != Transfer::verbatim)  // else its evidence is a range
    Passages(*input.message(), *part)
        .mark(incident, "feedback report", ByteRange{0, input.message()->content(*part).size()});
  if (const std::string failed = found.fields.get("Auth-Failure"); !failed.empty())
    incident.reasons.push_back("authentication failed: " + shorten(failed, 80));
  if (!incident.source_ip && !incident.url && !incident.domain) {
    reading.outcome = Outcome::unreadable;
    warnings.add_sentence("Neither an address nor a URL or domain is named");
  } else {
    if (!incident.source_ip) warnings.add_sentence("No address is named: only a URL or a domain");
    reading.outcome = Outcome::read;
    reading.incidents.push_back(std::move(incident));
  }
  reading.warnings = std::move(warnings).take();
  return reading;
}

constexpr std::string_view kSpam =
    "From: Feedback Loop <fbl@reporter.example>\r\nTo: abuse@hoster.example\r\nSubject: FW: Great offer\r\n"
    "Date: Thu, 8 Mar 2026 17:40:36 +0000\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/report; report-type=feedback-report; boundary=\"b1\"\r\n\r\n"
    "--b1\r\nContent-Type: text/plain\r\n\r\nThis is an email abuse report.\r\n"
    "--b1\r\nContent-Type: message/feedback-report\r\n\r\n"
    "Feedback-Type: abuse\r\nUser-Agent: Loop/1.0\r\nVersion: 1\r\nSource-IP: 192.0.2.1\r\n"
    "Arrival-Date: Thu, 8 Mar 2026 14:00:00 -0500\r\nReported-Domain: example.net\r\n"
    "Reported-URI: http://example.net/earn-money.html\r\nIncidents: 3\r\n\r\n"
    "--b1\r\nContent-Type: message/rfc822\r\n\r\n"
    "From: <spammer@example.net>\r\nReceived: from mx.example.net (mx.example.net [192.0.2.1])\r\n"
    "\tby in.reporter.example with SMTP; Thu, 8 Mar 2026 14:00:01 -0500\r\nSubject: Earn money\r\n\r\n"
    "Spam Spam Spam\r\n--b1--\r\n";
constexpr std::string_view kNotSpam =
    "From: fbl@reporter.example\nMIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=feedback-report; boundary=b2\n\n"
    "--b2\nContent-Type: message/feedback-report\n\n"
    "Feedback-Type: not-spam\nUser-Agent: Loop/1.0\nVersion: 1\nSource-IP: 192.0.2.7\n--b2--\n";
constexpr std::string_view kNoSourceIp =
    "From: feedback@arf.reporter.example\nSubject: FW:Hello\nMIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=\"feedback-report\"; boundary=b3\n\n"
    "--b3\nContent-Type: message/feedback-report\n\n"
    "Feedback-Type: abuse\nUser-Agent: Y/1.0\nVersion: 0.1\nReceived-Date: Tue, 10 Jul 2026 18:50:18 -0700\n\n"
    "--b3\nContent-Type: message/rfc822\n\n"
    "Received: from relay.reporter.example (relay [10.0.0.9]) by box.reporter.example; Tue, 10 Jul 2026 18:50:19 "
    "-0700\n"
    "Received: from 127.0.0.1  (EHLO www.example.org) (198.51.100.96)\n  by mta1.reporter.example with SMTP;"
    " Tue, 10 Jul 2026 18:50:17 -0700\n"
    "Received: from evil (evil [203.0.113.3]) by www.example.org; Tue, 10 Jul 2026 18:50:00 -0700\n"
    "Subject: Hello\n\nHi\n--b3--\n";
constexpr std::string_view kYahoo =
    "From: feedback@arf.reporter.example\nSubject: FW:Hello\nMIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=\"feedback-report\"; boundary=b7\n\n"
    "--b7\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: Y/1.0\nVersion: 0.1\n\n"
    "--b7\nContent-Type: message/rfc822\n\nFrom Hello Tue Jul 10 18:50:15 2026\n"
    "X-Apparently-To: user@reporter.example via 192.0.2.197\nX-Originating-IP: [198.51.100.149]\n"
    "Received: by luna.example.net with SMTP mgrt 1;\n Wed, 11 Jul 2026 01:50:15 +0000\n"
    "Received: from www.example.com (Unknown [203.0.113.196]) by mxa.example.org; Wed, 11 Jul 2026 01:50:15 "
    "-0000\n\nHi\n"
    "--b7--\n";
constexpr std::string_view kJmrp =
    "From: <staff@loop.example>\nSubject:  complaint about message from 198.51.100.22\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b4\n\n--b4\nContent-Type: message/rfc822\n\n"
    "X-HmXmrOriginalRecipient: user@example.org\n"
    "Received: from smtp.example.com ([203.0.113.245]) by r.loop.example with Microsoft SMTPSVC;"
    " Fri, 1 May 2026 10:00:00 +0000\nSubject: Offer\n\nBuy\n--b4--\n";
constexpr std::string_view kAuthFailure =
    "From: dmarc@reporter.example\nSubject: FW: Bill\nMIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=feedback-report; boundary=b5\n\n"
    "--b5\nContent-Type: text/plain\n\nThis is an authentication failure report for an email message received from IP\n"
    "203.0.113.135 on Tue,  5 Oct 2026 17:37:02 +1300 (NZDT).\n"
    "--b5\nContent-Type: message/feedback-report\n\n"
    "Feedback-Type: auth-failure\nVersion: 1\nUser-Agent: Filter/1.3\nAuth-Failure: dmarc\n"
    "Source-IP: 203.0.113.135 (mx.example.org)\nSource-Port: 40000\nReported-Domain: example.org\n\n"
    "--b5\nContent-Type: text/rfc822-headers\n\nFrom: a@example.org\nSubject: Bill\n--b5--\n";
constexpr std::string_view kDummyAddress =
    "From: fbl@reporter.example\nMIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=feedback-report; boundary=b6\n\n"
    "--b6\nContent-Type: message/feedback-report\n\n"
    "Feedback-Type: abuse\nUser-Agent: L/1\nVersion: 1\nSource-IP: 0.0.0.0\n--b6--\n";
constexpr std::string_view kLoose =
    "From: fbl@reporter.example\nSubject: report\n\nFeedback-Type: virus\nUser-Agent: L/1\nVersion: 1\n"
    "Source-IP: [IPv6:2001:db8::25]\nArrival-Date: Fri, 2 Jan 2026 03:04:05\n";

constexpr Example kExamples[] = {
    {"RFC 5965 with all fields", "message/rfc822", kSpam, Outcome::read, 1, "messaging/spam", "192.0.2.1"},
    {"somebody says it was no spam", "message/rfc822", kNotSpam, Outcome::not_a_report, 0, "", ""},
    {"no Source-IP: the hop that the reporter's own host wrote", "message/rfc822", kNoSourceIp, Outcome::read, 1,
     "messaging/spam", "198.51.100.96"},
    {"no Source-IP: what Yahoo wrote about who connected", "message/rfc822", kYahoo, Outcome::read, 1, "messaging/spam",
     "198.51.100.149"},
    {"no feedback report at all, the subject names the address", "message/rfc822", kJmrp, Outcome::read, 1,
     "messaging/spam", "198.51.100.22"},
    {"an authentication failure, the host name behind the address", "message/rfc822", kAuthFailure, Outcome::read, 1,
     "messaging/spam", "203.0.113.135"},
    {"a dummy address opens nothing", "message/rfc822", kDummyAddress, Outcome::unreadable, 0, "", ""},
    {"the fields without a part of their own", "message/rfc822", kLoose, Outcome::read, 1, "content/malware",
     "2001:db8::25"},
};

}  // namespace

constinit const Format arf_format{
    .name = "arf",
    .title = "a feedback report (ARF)",
    .explain =
        R"(Feedback loops and filters complain about single mails: multipart/report with a part message/feedback-report
(RFC 5965), authentication failures (RFC 6591), complaints by CFBL (RFC 9477). All types open an incident but not-spam.
Where Source-IP is missing (Yahoo, Outlook.com and others leave it out) the address is taken from the subject, the text,
or the topmost Received field of the reported mail that names a public address; the reasons say which. A mail of
Outlook.com's loop has no feedback report: its subject names the address. Fields that are missing become warnings.)",
    .recognise = recognise,
    .sure_max = 95,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
