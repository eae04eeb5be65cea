// SPDX-License-Identifier: Apache-2.0
#include "wire/case_json.h"

#include <algorithm>

#include <boost/json/parse.hpp>

#include "base/json_fields.h"

namespace abate::wire {

namespace json = boost::json;

namespace {

constexpr std::size_t kTicketBytesMax = std::size_t{32} << 20;
constexpr std::size_t kIncidentsMax = 2000;
constexpr std::size_t kRequiredActionsMax = 100;

template <class T>
std::optional<T> optional(Result<T> result) {
  return result ? std::optional<T>{*std::move(result)} : std::nullopt;
}

std::optional<std::uint16_t> port_of(const json::object& form, std::string_view key) {
  const json::value* value = form.if_contains(key);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  const std::int64_t port = value->get_int64();
  return port > 0 && port <= 65535 ? std::optional{static_cast<std::uint16_t>(port)} : std::nullopt;
}

std::optional<std::string> word_of(const json::object& form, std::string_view key) {
  std::string text = text_of(form, key);
  return text.empty() ? std::nullopt : std::optional{std::move(text)};
}

Incident incident_of(const json::object& form) {
  Incident incident;
  incident.category = parse_category(text_of(form, "category")).value_or(Category::other);
  incident.type = text_of(form, "type");
  incident.source_ip = optional(parse_ip(text_of(form, "source_ip")));
  incident.source_port = port_of(form, "source_port");
  incident.destination_ip = optional(parse_ip(text_of(form, "destination_ip")));
  incident.destination_port = port_of(form, "destination_port");
  incident.protocol = word_of(form, "protocol");
  incident.url = word_of(form, "url");
  incident.domain = word_of(form, "domain");
  incident.started_at = optional(parse_rfc3339(text_of(form, "started_at")));
  incident.ended_at = optional(parse_rfc3339(text_of(form, "ended_at")));
  for (const json::value& one : list_of(form, "evidence")) {
    if (!one.is_object() || incident.evidence.size() >= kEvidencePerIncidentMax) continue;
    Evidence evidence;
    evidence.content_type = text_of(one.get_object(), "content_type");
    evidence.bytes = text_of(one.get_object(), "text").substr(0, kEvidenceBytesMax);
    evidence.sha256 = text_of(one.get_object(), "sha256");
    incident.evidence.push_back(std::move(evidence));
  }
  return incident;
}

}  // namespace

bool looks_like_ticket(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{' &&
         text.substr(0, 64 * 1024).find("abate.ticket/") != std::string_view::npos;
}

Result<TicketCase> read_ticket(std::string_view text) {
  if (text.size() > kTicketBytesMax) return failure(Fault::too_big, "a ticket of more than {} bytes", kTicketBytesMax);
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view{text.data(), text.size()}, error, {}, {.max_depth = 32});
  if (error || !value.is_object())
    return failure(Fault::malformed, "the ticket is not JSON: {}", error ? error.message() : "no object");
  const json::object& form = value.get_object();
  if (text_of(form, "schema") != "abate.ticket/1")
    return failure(Fault::malformed, "the ticket's schema is '{}', and this program reads 'abate.ticket/1'",
                   text_of(form, "schema"));
  std::vector<Incident> incidents;
  for (const json::value& one : list_of(form, "incidents"))
    if (one.is_object() && incidents.size() < kIncidentsMax) incidents.push_back(incident_of(one.get_object()));
  TicketCase ticket;
  ticket.found = case_of(text_of(form, "id"), std::move(incidents));
  if (const std::optional<Category> category = parse_category(text_of(form, "category")))
    ticket.found.category = *category;
  for (const json::value& one : list_of(object_of(form, "service"), "addresses")) {
    const Result<IpAddress> address =
        one.is_string() ? parse_ip(std::string_view{one.get_string()}) : failure(Fault::malformed, "no text");
    if (address && std::ranges::find(ticket.found.addresses, *address) == ticket.found.addresses.end())
      ticket.found.addresses.push_back(*address);
  }
  ticket.found.reported_at = optional(parse_rfc3339(text_of(form, "opened_at")));
  ticket.respond_by = optional(parse_rfc3339(text_of(form, "respond_by")));
  ticket.fix_by = optional(parse_rfc3339(text_of(form, "fix_by")));
  for (const json::value& one : list_of(form, "required_actions"))
    if (one.is_string() && ticket.required_actions.size() < kRequiredActionsMax)
      ticket.required_actions.emplace_back(one.get_string());
  const json::object& desk = object_of(form, "desk");
  if (std::string token = text_of(desk, "token"); !token.empty())  // a team's or a customer's own view leads nowhere
    ticket.desk = {text_of(desk, "url"), std::move(token)};
  return ticket;
}

}  // namespace abate::wire
