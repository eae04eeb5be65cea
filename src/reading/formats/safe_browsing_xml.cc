// SPDX-License-Identifier: Apache-2.0
// Google's Safe Browsing alerts for network administrators: XML that lists URLs, in the body of a mail or alone.
#include "base/text.h"
#include "reading/format.h"
#include "reading/passages.h"
#include "reading/values.h"
#include "reading/xml.h"

namespace abate::reading {
extern const Format safe_browsing_xml_format;
namespace {

constexpr std::size_t kSearchBytesMax = std::size_t{8} << 20;
constexpr std::string_view kRoot = "<notification_message";

struct Found {
  Passages passages;
  std::size_t at;  // of the XML in their text
  std::string where;
  [[nodiscard]] std::string_view text() const { return passages.text().substr(at); }
};

std::optional<Found> find(const Input& input) {
  const auto cut = [](const Passages& passages, std::string where) -> std::optional<Found> {
    const auto at = passages.text().substr(0, kSearchBytesMax).find(kRoot);
    if (at == std::string_view::npos) return std::nullopt;
    return Found{passages, at, std::move(where)};
  };
  const Message* mail = input.message();
  if (mail == nullptr) return cut({input.bytes(), 0}, "XML");
  for (std::size_t i = 0; i < mail->parts().size(); ++i)
    if (auto found = cut({*mail, i}, fmt::format("part {}", i + 1))) return found;
  return std::nullopt;
}

int recognise(const Input& input) {
  const Message* mail = input.message();
  if (mail == nullptr ? !looks_like_xml(input.bytes()) : mail->find("message/feedback-report").has_value()) return 0;
  const auto found = find(input);
  return found && found->text().find("<url_info") != std::string_view::npos ? 94 : 0;
}

// Nobody says in the mail what the numbers mean; Google's lists began with phishing (0) and malware (1), and newer
// ones are named. Where no word tells, phishing stands for "a page that deceives", with little confidence.
struct Kind {
  std::string_view type;
  double confidence;
};
Kind kind_of(const std::string& list_type) {
  for (const std::string_view word : {"malware", "unwanted", "uws", "compromise"})
    if (contains_ignoring_case(list_type, word)) return {"content/malware", 0.9};
  for (const std::string_view word : {"phish", "social", "deceptive"})
    if (contains_ignoring_case(list_type, word)) return {"content/phishing", 0.9};
  return {"content/phishing", 0.5};
}

Result<Reading> read(const Input& input) {
  const auto found = find(input);
  if (!found) return failure(Fault::malformed, "no list is found");
  TRY_ASSIGN(const Xml xml, parse_xml(found->text()));
  Reading reading;
  Warnings warnings;
  if (!xml.ok() && xml.root().child("list").exists() == false) warnings.add_sentence("The XML is broken");
  std::size_t row = 0;
  for (const XmlNode& list : xml.root().children("list")) {
    const std::string list_type = list.attribute("type");
    const Kind kind = kind_of(list_type);
    if (kind.confidence < 0.9)
      warnings.add("The mail does not say what list type {} means: read as phishing", in_quotes(list_type));
    for (const XmlNode& info : list.children("url_info")) {
      if (reading.incidents.size() > kIncidentsPerReportMax) break;
      ++row;
      Incident incident;
      incident.type = kind.type;
      incident.category = category_of_type(incident.type);
      incident.confidence = kind.confidence;
      incident.url = url_of(info.attribute("url"));
      incident.source_ip = address_of(info.attribute("ip"), "ip", warnings);
      if (incident.source_ip) incident.reasons.emplace_back("address: ip of the row");
      const auto host = incident.url ? host_of(*incident.url) : std::nullopt;
      if (host) incident.domain = domain_of(*host);
      if (const auto address = host ? parse_ip(*host) : failure(Fault::not_found, "");
          !incident.source_ip && address && !is_impossible(*address)) {
        incident.source_ip = *address;
        incident.reasons.emplace_back("address: the host of the URL");
      }
      if (!incident.source_ip && !incident.url) continue;
      auto place = xml.range_of(info, found->text());
      if (place) place->offset += found->at;
      found->passages.mark(incident, fmt::format("{}, row {}", found->where, row), place);
      reading.incidents.push_back(std::move(incident));
    }
  }
  if (reading.incidents.empty()) return failure(Fault::malformed, "its list is empty");
  warnings.add_sentence("The rows name no time");
  reading.outcome = Outcome::read;
  reading.warnings = std::move(warnings).take();
  return reading;
}

constexpr std::string_view kMail =
    "From: noreply@lists.example\nSubject: Safe Browsing Report\n\n<notification_message asn=\"64500\" "
    "date=\"2026-01-01\">\n <list type=\"0\">\n  <url_info url=\"http://a.example.net/\" ip=\"192.0.2.23\" />\n "
    "</list>\n"
    " <list type=\"malware\">\n  <url_info url=\"http://192.0.2.26:2222/x\" />\n </list>\n</notification_message>\n";
constexpr std::string_view kBroken =
    "<notification_message><list type=\"social engineering\"><url_info url=\"https://b.example.net/?a=1&b=2\" "
    "ip=\"2001:db8::2\"/><url_info ip=\"0.0.0.0\"/>";
constexpr Example kExamples[] = {
    {"two lists in a mail; the host of a URL is the address", "message/rfc822", kMail, Outcome::read, 2,
     "content/phishing", "192.0.2.23"},
    {"alone, cut off, a stray ampersand", "application/xml", kBroken, Outcome::read, 1, "content/phishing",
     "2001:db8::2"},
};

}  // namespace

constinit const Format safe_browsing_xml_format{
    .name = "safe_browsing_xml",
    .title = "a Safe Browsing alert (XML)",
    .explain =
        R"(XML with notification_message, list and url_info, as Google sends it to the administrators of a network. Each
row is an incident; the address is the row's ip, else the host of its URL where that is an address. The lists have
numbers whose meaning the mail does not say: read as phishing with little confidence. The date of the report is no time
of a row.)",
    .recognise = recognise,
    .sure_max = 94,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
