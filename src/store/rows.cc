// SPDX-License-Identifier: Apache-2.0
#include "store/rows.h"

#include <boost/json.hpp>

#include "store/json.h"

namespace abate::store {
namespace json = boost::json;
namespace {

json::value write_optional(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}
json::value write_optional(const std::optional<Instant>& at) {
  return at ? json::value(to_micros(*at)) : json::value(nullptr);
}
json::value write_optional(const std::optional<IpAddress>& ip) {
  return ip ? json::value(ip->to_string()) : json::value(nullptr);
}
json::value write_optional(const std::optional<std::uint16_t>& port) {
  return port ? json::value(*port) : json::value(nullptr);
}

json::array write_list(const std::vector<std::string>& strings) { return json::array(strings.begin(), strings.end()); }

json::object write_mail(const MailFacts& mail) {
  json::object out{
      {"from", mail.from_address}, {"name", mail.from_name},        {"to", write_list(mail.recipients)},
      {"subject", mail.subject},   {"message_id", mail.message_id}, {"references", write_list(mail.references)},
      {"text", mail.text},         {"automatic", mail.automatic}};
  if (mail.bounce)
    out["bounce"] = json::object{{"recipient", mail.bounce->recipient},
                                 {"action", mail.bounce->action},
                                 {"status", mail.bounce->status},
                                 {"diagnostic", mail.bounce->diagnostic}};
  return out;
}

MailFacts read_mail(const json::object& in) {
  MailFacts mail{.from_address = string_of(in, "from"),
                 .from_name = string_of(in, "name"),
                 .recipients = strings_of(in, "to"),
                 .subject = string_of(in, "subject"),
                 .message_id = string_of(in, "message_id"),
                 .references = strings_of(in, "references"),
                 .text = string_of(in, "text"),
                 .automatic = flag_of(in, "automatic"),
                 .bounce = {}};
  if (const json::object* bounce = object_of(in, "bounce"))
    mail.bounce = Bounce{string_of(*bounce, "recipient"), string_of(*bounce, "action"), string_of(*bounce, "status"),
                         string_of(*bounce, "diagnostic")};
  return mail;
}

json::object write_assignment(const Assignment& a) {
  return {{"range", format_range(a.range)},   {"from", to_micros(a.from)},      {"until", write_optional(a.until)},
          {"service", a.service.id},          {"service_name", a.service.name}, {"customer", a.customer.id},
          {"customer_name", a.customer.name}, {"email", a.customer.email}};
}

Assignment read_assignment(const json::object& in) {
  Assignment out{.range = {},
                 .from = time_of(in, "from").value_or(kDistantPast),
                 .until = time_of(in, "until"),
                 .service = {string_of(in, "service"), string_of(in, "service_name")},
                 .customer = {string_of(in, "customer"), string_of(in, "customer_name"), string_of(in, "email")}};
  if (const Result<IpRange> range = parse_range(string_of(in, "range"))) out.range = *range;
  return out;
}

json::object write_attribution(const desk::Attribution& a) {
  json::object out{{"verdict", static_cast<int>(a.verdict)},
                   {"span", json::array{to_micros(a.span.begin), to_micros(a.span.end)}},
                   {"ledger", a.ledger_version}};
  if (a.assignment) out["assignment"] = write_assignment(*a.assignment);
  if (!a.candidates.empty()) {
    json::array candidates;
    for (const Assignment& candidate : a.candidates) candidates.push_back(write_assignment(candidate));
    out["candidates"] = std::move(candidates);
  }
  return out;
}

desk::Attribution read_attribution(const json::object& in) {
  desk::Attribution out;
  out.verdict = static_cast<Verdict>(integer_of(in, "verdict").value_or(static_cast<int>(Verdict::not_ours)) & 3);
  out.ledger_version = static_cast<std::uint64_t>(integer_of(in, "ledger").value_or(0));
  if (const json::array* span = array_of(in, "span"); span != nullptr && span->size() == 2)
    out.span = {from_micros(integer_in((*span)[0])), from_micros(integer_in((*span)[1]))};
  if (const json::object* assignment = object_of(in, "assignment")) out.assignment = read_assignment(*assignment);
  if (const json::array* candidates = array_of(in, "candidates"))
    for (const json::value& each : *candidates)
      if (each.is_object()) out.candidates.push_back(read_assignment(each.get_object()));
  return out;
}

json::array write_range(const ByteRange& range) { return {range.offset, range.length}; }

json::array write_evidence(const std::vector<Evidence>& evidence) {
  json::array out;
  for (const Evidence& each : evidence) {
    json::object row{{"type", each.content_type}, {"says", each.description}, {"sha256", each.sha256}};
    if (each.range) row["range"] = write_range(*each.range);
    out.push_back(std::move(row));
  }
  return out;
}

std::optional<ByteRange> range_of(const json::object& in, std::string_view name) {
  const json::array* range = array_of(in, name);
  if (range == nullptr || range->size() != 2) return std::nullopt;
  return ByteRange{static_cast<std::size_t>(integer_in((*range)[0])),
                   static_cast<std::size_t>(integer_in((*range)[1]))};
}

std::vector<Evidence> read_evidence(const json::array& in) {
  std::vector<Evidence> out;
  for (const json::value& each : in) {
    if (!each.is_object()) continue;
    const json::object& row = each.get_object();
    Evidence evidence{string_of(row, "type"), string_of(row, "says"), {}, string_of(row, "sha256"), {}};
    evidence.range = range_of(row, "range");
    out.push_back(std::move(evidence));
  }
  return out;
}

}  // namespace

std::string write_reading(const Reading& reading) {
  json::object out{{"format", reading.format},
                   {"outcome", outcome_name(reading.outcome)},
                   {"reporter", json::object{{"address", reading.reporter.address},
                                             {"name", write_optional(reading.reporter.name)},
                                             {"authenticated", reading.reporter.authenticated},
                                             {"disclosure", reading.reporter.disclosure}}},
                   {"warnings", write_list(reading.warnings)}};
  if (!reading.reporter.keys.empty()) {
    json::array keys;
    for (const DnsText& key : reading.reporter.keys) keys.push_back({{"name", key.name}, {"text", key.text}});
    out["reporter"].get_object()["keys"] = std::move(keys);
  }
  if (reading.mail) out["mail"] = write_mail(*reading.mail);
  return json::serialize(out);
}

Result<Reading> read_reading(std::string_view text) {
  TRY_ASSIGN(const json::value value, parse_column(text));
  Reading out;
  if (!value.is_object()) return out;
  const json::object& in = value.get_object();
  out.format = string_of(in, "format");
  out.outcome = parse_outcome(string_of(in, "outcome")).value_or(Outcome::unreadable);
  out.warnings = strings_of(in, "warnings");
  if (const json::object* reporter = object_of(in, "reporter")) {
    out.reporter = {string_of(*reporter, "address"),
                    maybe_string_of(*reporter, "name"),
                    string_of(*reporter, "authenticated"),
                    flag_of(*reporter, "disclosure"),
                    {}};
    if (const json::array* keys = array_of(*reporter, "keys"))
      for (const json::value& key : *keys)
        if (key.is_object())
          out.reporter.keys.push_back({string_of(key.get_object(), "name"), string_of(key.get_object(), "text")});
  }
  if (const json::object* mail = object_of(in, "mail")) out.mail = read_mail(*mail);
  return out;
}

std::string write_incident(const desk::KeptIncident& kept) {
  const Incident& i = kept.incident;
  json::object out{{"category", category_name(i.category)},
                   {"type", i.type},
                   {"source_ip", write_optional(i.source_ip)},
                   {"source_port", write_optional(i.source_port)},
                   {"destination_ip", write_optional(i.destination_ip)},
                   {"destination_port", write_optional(i.destination_port)},
                   {"protocol", write_optional(i.protocol)},
                   {"url", write_optional(i.url)},
                   {"domain", write_optional(i.domain)},
                   {"started_at", write_optional(i.started_at)},
                   {"ended_at", write_optional(i.ended_at)},
                   {"started_unzoned", write_optional(i.started_unzoned)},
                   {"confidence", i.confidence},
                   {"count", i.count},
                   {"evidence", write_evidence(i.evidence)},
                   {"reasons", write_list(i.reasons)},
                   {"read_from", i.read_from},
                   {"attribution", write_attribution(kept.attribution)}};
  if (i.read_range) out["read_range"] = write_range(*i.read_range);
  if (!i.read_text.empty()) out["read_text"] = i.read_text;
  return json::serialize(out);
}

Result<void> read_incident(std::string_view text, desk::KeptIncident& into) {
  TRY_ASSIGN(const json::value value, parse_column(text));
  if (!value.is_object()) return {};
  const json::object& in = value.get_object();
  Incident& i = into.incident;
  i.category = parse_category(string_of(in, "category")).value_or(Category::other);
  i.type = string_of(in, "type");
  i.source_ip = address_of(in, "source_ip");
  i.source_port = port_of(in, "source_port");
  i.destination_ip = address_of(in, "destination_ip");
  i.destination_port = port_of(in, "destination_port");
  i.protocol = maybe_string_of(in, "protocol");
  i.url = maybe_string_of(in, "url");
  i.domain = maybe_string_of(in, "domain");
  i.started_at = time_of(in, "started_at");
  i.ended_at = time_of(in, "ended_at");
  i.started_unzoned = time_of(in, "started_unzoned");
  i.confidence = real_of(in, "confidence").value_or(0.5);
  i.count = static_cast<std::uint32_t>(integer_of(in, "count").value_or(1));
  if (const json::array* evidence = array_of(in, "evidence")) i.evidence = read_evidence(*evidence);
  i.reasons = strings_of(in, "reasons");
  i.read_from = string_of(in, "read_from");
  i.read_range = range_of(in, "read_range");
  i.read_text = string_of(in, "read_text");
  if (const json::object* attribution = object_of(in, "attribution")) into.attribution = read_attribution(*attribution);
  return {};
}

std::string write_addresses(const std::vector<IpAddress>& addresses) {
  std::string out;
  out.reserve(addresses.size() * 16);
  for (const IpAddress& address : addresses)
    out.append(reinterpret_cast<const char*>(address.bytes().data()), address.bytes().size());
  return out;
}

std::vector<IpAddress> read_addresses(std::string_view bytes) {
  std::vector<IpAddress> out;
  out.reserve(bytes.size() / 16);
  for (; bytes.size() >= 16; bytes.remove_prefix(16))
    out.push_back(IpAddress::from_bytes(
        std::span<const std::uint8_t, 16>{reinterpret_cast<const std::uint8_t*>(bytes.data()), 16}));
  return out;
}

std::string write_times(const std::vector<Instant>& times) {
  json::array out;
  for (const Instant at : times) out.emplace_back(to_micros(at));
  return json::serialize(out);
}

std::vector<Instant> read_times(std::string_view text) {
  std::vector<Instant> out;
  if (const Result<json::value> value = parse_column(text); value && value->is_array())
    for (const json::value& each : value->get_array()) out.push_back(from_micros(integer_in(each)));
  return out;
}

std::string write_strings(const std::vector<std::string>& strings) { return json::serialize(write_list(strings)); }

std::vector<std::string> read_strings(std::string_view text) {
  const Result<json::value> value = parse_column(text);
  return value && value->is_array() ? strings_in(value->get_array()) : std::vector<std::string>{};
}

}  // namespace abate::store
