// SPDX-License-Identifier: Apache-2.0
#include "model/lead.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"
#include "model/words.h"

namespace abate {
namespace {

constexpr std::array kKinds{Word{LeadKind::address, "address"},   Word{LeadKind::remote, "remote"},
                            Word{LeadKind::port, "port"},         Word{LeadKind::url, "url"},
                            Word{LeadKind::domain, "domain"},     Word{LeadKind::path, "path"},
                            Word{LeadKind::queue_id, "queue_id"}, Word{LeadKind::message_id, "message_id"},
                            Word{LeadKind::user, "user"},         Word{LeadKind::hash, "hash"},
                            Word{LeadKind::infohash, "infohash"}, Word{LeadKind::subject, "subject"},
                            Word{LeadKind::script, "script"},     Word{LeadKind::time, "time"}};

constexpr std::size_t kValueBytesMax = 2000;

class Collector {
 public:
  void add(LeadKind kind, std::string_view value, std::string_view from) {
    value = trim(value);
    if (value.empty() || value.size() > kValueBytesMax || leads_.size() >= kLeadsMax) return;
    const auto same = [&](const Lead& lead) { return lead.kind == kind && lead.value == value; };
    if (std::ranges::none_of(leads_, same)) leads_.push_back({kind, std::string{value}, std::string{from}});
  }
  std::vector<Lead> take() { return std::move(leads_); }

 private:
  std::vector<Lead> leads_;
};

bool is_id(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'; }

// "by HOST (Postfix, from userid 33) id 4XyZ", "by HOST with esmtpa (Exim 4.96) id 1t8k9Q-0001aB-2C": the word after "
// id ".
void received(std::string_view line, Collector& out) {
  for (std::size_t at = line.find(" id "); at != std::string_view::npos; at = line.find(" id ", at + 4)) {
    const std::string_view rest = line.substr(at + 4);
    const std::size_t end = static_cast<std::size_t>(std::ranges::find_if_not(rest, is_id) - rest.begin());
    const bool long_enough = end >= 6 && end <= 40;
    if (long_enough &&
        std::ranges::any_of(rest.substr(0, end), [](char c) { return std::isdigit(static_cast<unsigned char>(c)); }))
      out.add(LeadKind::queue_id, rest.substr(0, end), "Received");
  }
  if (const std::size_t uid = line.find("from userid "); uid != std::string_view::npos) {
    const std::string_view rest = line.substr(uid + 12);
    out.add(LeadKind::user, fmt::format("uid {}", rest.substr(0, rest.find_first_not_of("0123456789"))), "Received");
  }
  if (const std::size_t who = line.find("Authenticated sender: "); who != std::string_view::npos) {
    const std::string_view rest = line.substr(who + 22);
    out.add(LeadKind::user, rest.substr(0, rest.find_first_of(") \t")), "Received");
  }
}

void header(std::string_view name, std::string_view value, Collector& out) {
  const std::string field = to_lower(name);
  if (field == "received")
    received(value, out);
  else if (field == "message-id") {
    value = trim(value);
    if (value.starts_with('<')) value.remove_prefix(1);
    if (value.ends_with('>')) value.remove_suffix(1);
    out.add(LeadKind::message_id, value, "Message-ID");
  } else if (field == "subject")
    out.add(LeadKind::subject, value, "Subject");
  else if (field == "x-php-originating-script" || field == "x-php-script")
    out.add(LeadKind::script, value, name);
  else if (field == "x-authenticated-sender" || field == "x-authenticated-user" || field == "x-sender-id") {
    value = trim(value);
    out.add(LeadKind::user, value.substr(value.rfind(' ') == std::string_view::npos ? 0 : value.rfind(' ') + 1), name);
  } else if (field == "x-source-dir" || field == "x-source-args")
    out.add(LeadKind::script, value, name);
}

// Header fields wherever they stand in an excerpt: reported mails come whole, cut, or quoted with "> ".
void mail(std::string_view text, Collector& out) {
  std::string name, value;
  const auto flush = [&] {
    if (!name.empty()) header(name, value, out);
    name.clear();
    value.clear();
  };
  std::size_t lines = 0;
  for (std::string_view line : split(text, '\n')) {
    if (++lines > 2000) break;
    while (line.starts_with('>')) line.remove_prefix(line.starts_with("> ") ? 2 : 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with(' ') || line.starts_with('\t')) {
      if (!name.empty() && value.size() < kValueBytesMax) value.append(" ").append(trim(line));
      continue;
    }
    flush();
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon > 40) continue;
    if (line.substr(0, colon).find_first_of(" \t\"'/") != std::string_view::npos) continue;
    name = line.substr(0, colon);
    value = trim(line.substr(colon + 1));
  }
  flush();
}

// Runs of 32, 40 or 64 hex digits that stand alone.
void hashes(std::string_view text, Category category, Collector& out) {
  for (std::size_t at = 0; at < text.size();) {
    const auto hex = [&](std::size_t i) {
      return i < text.size() && std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
    };
    if (!hex(at)) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (hex(at)) ++at;
    const std::size_t length = at - begin;
    const bool alone = (begin == 0 || !std::isalnum(static_cast<unsigned char>(text[begin - 1]))) &&
                       (at == text.size() || !std::isalnum(static_cast<unsigned char>(text[at])));
    if (!alone || (length != 32 && length != 40 && length != 64)) continue;
    const bool torrent = category == Category::illegal_content && length == 40;
    out.add(torrent ? LeadKind::infohash : LeadKind::hash, to_lower(text.substr(begin, length)), "evidence");
  }
}

void url(std::string_view text, Collector& out) {
  out.add(LeadKind::url, text, "URL");
  const std::size_t host = text.find("://");
  if (host == std::string_view::npos) return;
  const std::string_view rest = text.substr(host + 3);
  const std::size_t slash = rest.find_first_of("/?#");
  std::string_view name = rest.substr(0, slash);
  if (const std::size_t at = name.rfind('@'); at != std::string_view::npos) name.remove_prefix(at + 1);
  if (!name.starts_with('[')) name = name.substr(0, name.find(':'));
  if (!parse_ip(name)) out.add(LeadKind::domain, to_lower(name), "URL");
  if (slash != std::string_view::npos && rest[slash] == '/')
    out.add(LeadKind::path, rest.substr(slash, rest.find_first_of("?#") - slash), "URL");
}

// Times with a zone that an excerpt names: "2026-10-12T03:41:10Z".
void times(std::string_view text, std::vector<Instant>& out) {
  constexpr std::size_t kTimesMax = 5000;
  for (std::size_t at = text.find('T'); at != std::string_view::npos && out.size() < kTimesMax;
       at = text.find('T', at + 1)) {
    if (at < 10 || at + 9 >= text.size() || text[at + 3] != ':') continue;
    const std::string_view rest = text.substr(at - 10);
    const std::size_t end = rest.find_first_not_of("0123456789-:T.+Z");
    if (const Result<Instant> time = parse_rfc3339(rest.substr(0, end))) out.push_back(*time);
  }
}

// Many reporters stamp the report and leave the time of the harm to its log lines: where those are all days older than
// the stamp, they are the span.
std::optional<TimeSpan> span_of_evidence(const std::vector<Incident>& incidents, const TimeSpan& stamped) {
  constexpr std::chrono::hours kDay{24};
  std::vector<Instant> all;
  for (const Incident& incident : incidents)
    for (const Evidence& evidence : incident.evidence) times(evidence.bytes, all);
  std::erase_if(all, [&](Instant time) { return time > stamped.end || time < stamped.begin - 90 * kDay; });
  if (all.empty() || *std::ranges::max_element(all) > stamped.begin - kDay) return std::nullopt;
  return TimeSpan{*std::ranges::min_element(all), *std::ranges::max_element(all)};
}

}  // namespace

std::string_view lead_kind_name(LeadKind kind) { return word_of(kKinds, kind); }

std::string Lead::text() const { return fmt::format("{}:{}", lead_kind_name(kind), value); }

std::vector<Lead> leads_of(const std::vector<Incident>& incidents) {
  Collector out;
  for (const Incident& incident : incidents) {
    if (incident.source_ip) out.add(LeadKind::address, incident.source_ip->to_string(), "source_ip");
    if (incident.source_port) out.add(LeadKind::port, fmt::format("{}", *incident.source_port), "source_port");
    if (incident.destination_ip) out.add(LeadKind::remote, incident.destination_ip->to_string(), "destination_ip");
    if (incident.url) url(*incident.url, out);
    if (incident.domain) out.add(LeadKind::domain, to_lower(*incident.domain), "domain");
    if (incident.started_at) out.add(LeadKind::time, format_rfc3339(*incident.started_at), "started_at");
    for (const Evidence& evidence : incident.evidence) {
      mail(evidence.bytes, out);
      hashes(evidence.bytes, incident.category, out);
    }
  }
  return out.take();
}

Case case_of(std::string ticket, std::vector<Incident> incidents) {
  Case found;
  found.ticket = std::move(ticket);
  if (!incidents.empty()) {
    found.category = incidents.front().category;
    found.type = incidents.front().type;
  }
  for (const Incident& incident : incidents) {
    if (incident.source_ip && std::ranges::find(found.addresses, *incident.source_ip) == found.addresses.end())
      found.addresses.push_back(*incident.source_ip);
    const TimeSpan unzoned = incident.started_unzoned ? span_of_unzoned(*incident.started_unzoned) : TimeSpan{};
    const std::optional<Instant> begin = incident.started_at        ? incident.started_at
                                         : incident.started_unzoned ? std::optional{unzoned.begin}
                                                                    : std::nullopt;
    if (!begin) continue;
    const Instant end = incident.ended_at.value_or(incident.started_at ? *begin : unzoned.end);
    if (!found.span) found.span = TimeSpan{*begin, end};
    found.span->begin = std::min(found.span->begin, *begin);
    found.span->end = std::max(found.span->end, end);
  }
  if (found.span)
    if (const std::optional<TimeSpan> older = span_of_evidence(incidents, *found.span)) {
      found.reported_at = found.span->begin;
      found.span = older;
    }
  found.leads = leads_of(incidents);
  found.incidents = std::move(incidents);
  return found;
}

}  // namespace abate
