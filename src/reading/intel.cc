// SPDX-License-Identifier: Apache-2.0
#include "reading/intel.h"

#include <algorithm>

#include "base/text.h"
#include "reading/rows/record.h"

namespace abate::reading {
namespace {

bool may_hold_json(const Message& mail, std::size_t at) {
  const Part& part = mail.parts()[at];
  return !part.inside_message && part.type != "message/rfc822" && looks_like_json(mail.content(at));
}

struct NamedKind {
  Kind kind;
  std::string why;
};

NamedKind kind_of(const Indicator& indicator) {
  for (const std::string& word : indicator.words)
    if (const auto kind = kind_in(word)) return {*kind, fmt::format("called {}", in_quotes(word))};
  if (indicator.otherwise) return {*indicator.otherwise, "no word names the kind: taken from the sort of indicator"};
  if (!indicator.urls.empty()) return {{"content/malware", ""}, "a page that is listed; no word says why"};
  return {{"reputation/threat_intelligence", ""}, "listed; no word says why"};
}

void set_times(Incident& incident, const Indicator& indicator, Warnings& warnings) {
  if (indicator.started.empty()) return;
  const auto started = cell_time(indicator.started);
  if (!started || started->at < kDistantPast || started->at > kDistantFuture)
    return warnings.add("{} is no time", in_quotes(indicator.started));
  if (!started->zoned) {
    incident.started_unzoned = started->at;
    return warnings.add("{} names no zone", in_quotes(indicator.started));
  }
  incident.started_at = started->at;
  const auto ended = cell_time(indicator.ended);
  if (ended && ended->zoned && ended->at >= started->at && ended->at <= kDistantFuture) incident.ended_at = ended->at;
}

void push(const Incident& base, const Indicator& indicator, Reading& reading, Warnings& warnings) {
  if (reading.incidents.size() > kIncidentsPerReportMax) return;  // one too many: the caller says so
  Incident& incident = reading.incidents.emplace_back(base);
  if (incident.url && !incident.domain)
    if (const auto host = host_of(*incident.url)) {
      incident.domain = domain_of(*host);
      if (!incident.source_ip)
        if (const auto address = parse_ip(*host); address && !is_impossible(*address)) incident.source_ip = *address;
    }
  incident.evidence.push_back(evidence_of(indicator.text, std::nullopt, "text/plain", "indicator", warnings));
}

}  // namespace

std::vector<IntelDocument> intel_documents(const Input& input, std::string_view mark, bool (*is_mine)(JsonValue root)) {
  std::vector<IntelDocument> found;
  const auto add = [&](const Passages& text, std::string where) {
    if (!looks_like_json(text.text()) || text.text().find(mark) == std::string_view::npos) return;
    if (const auto json = parse_json(text.text()); json && is_mine(json->root()))
      found.push_back({*json, std::move(where), JsonPassages(*json, text)});
  };
  const Message* mail = input.message();
  if (mail == nullptr) {
    add({input.bytes(), 0}, "JSON");
    return found;
  }
  for (std::size_t i = 0; i < mail->parts().size() && found.size() < kIntelPartsMax; ++i)
    if (may_hold_json(*mail, i)) add({*mail, i}, fmt::format("part {}", i + 1));
  return found;
}

bool speak_of_controller(const std::vector<std::string>& words) {
  bool controller = false;
  for (const std::string& each : words) {
    std::string plain = to_lower(each.substr(0, 1'000));
    controller = controller || plain.find("c&c") != plain.npos;
    std::ranges::replace_if(plain, [](char c) { return (c < 'a' || c > 'z') && (c < '0' || c > '9'); }, ' ');
    controller = controller || plain.find("command and control") != plain.npos;
    for (const std::string_view word : split(plain, ' ')) {
      if (word == "infected" || word == "bot" || word == "bots" || word == "drone" || word == "sinkhole") return false;
      controller = controller || word == "c2" || word == "cnc" || word == "controller";
    }
  }
  return controller;
}

void add_incidents(const Indicator& indicator, const JsonPassages& passages, Reading& reading, Warnings& warnings) {
  Incident base;
  const NamedKind named = kind_of(indicator);
  base.type = named.kind.type;
  base.category = named.kind.category();
  base.reasons.push_back("kind: " + named.why);
  base.confidence = indicator.confidence;
  base.count = indicator.count;
  base.source_port = indicator.port;
  passages.mark(base, indicator.read_from, indicator.place);
  set_times(base, indicator, warnings);
  std::vector<IpAddress> addresses;
  for (const std::string& text : indicator.addresses)
    if (const auto address = address_of(text.substr(0, text.find('/')), "address", warnings))
      if (std::ranges::find(addresses, *address) == addresses.end()) addresses.push_back(*address);
  if (addresses.size() == 1) base.source_ip = addresses.front();
  if (indicator.domains.size() == 1) base.domain = domain_of(indicator.domains.front());
  bool any = false;
  for (const std::string& text : indicator.urls) {
    const auto url = url_of(text);
    if (!url) {
      warnings.add("{} is no URL", in_quotes(text));
      continue;
    }
    Incident incident = base;
    incident.url = *url;
    push(incident, indicator, reading, warnings);
    any = true;
  }
  if (addresses.size() > 1 || (!any && !addresses.empty()))
    for (const IpAddress& address : addresses) {
      Incident incident = base;
      incident.source_ip = address;
      push(incident, indicator, reading, warnings);
      any = true;
    }
  if (any) return;
  for (const std::string& text : indicator.domains) {
    Incident incident = base;
    incident.domain = domain_of(text);
    if (incident.domain)
      push(incident, indicator, reading, warnings);
    else
      warnings.add("{} is no domain", in_quotes(text));
  }
}

}  // namespace abate::reading
