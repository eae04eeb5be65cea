// SPDX-License-Identifier: Apache-2.0
#include "wire/ticket_json.h"

#include <boost/json/array.hpp>

#include "base/text.h"
#include "model/deadlines.h"
#include "model/ladder.h"

namespace abate::wire {
namespace {

namespace json = boost::json;

json::value time_or_null(const std::optional<Instant>& at) {
  return at ? json::value(format_rfc3339(*at)) : json::value(nullptr);
}
json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(make_valid_utf8(text));
}

json::object service_json(const Ticket& ticket) {
  json::array addresses;
  for (const IpAddress& address : ticket.addresses) addresses.emplace_back(address.to_string());
  return {{"id", make_valid_utf8(ticket.service.id)},
          {"name", make_valid_utf8(ticket.service.name)},
          {"addresses", std::move(addresses)}};
}

// For each step of the ladder, why it may not be taken now; null: it may.
json::array ladder_json(const Ticket& ticket, const Terms& terms, Instant now) {
  json::array out;
  for (const MeasureKind kind : terms.ladder) {
    const std::optional<std::string> why = why_not(ticket, terms, kind, false, now);
    out.push_back({{"measure", measure_name(kind)}, {"why_not", why ? json::value(*why) : json::value(nullptr)}});
  }
  return out;
}

void add_team_fields(json::object& out, const TicketForm& form) {
  const Ticket& ticket = form.ticket;
  out["customer"] = {{"id", make_valid_utf8(ticket.customer.id)},
                     {"name", make_valid_utf8(ticket.customer.name)},
                     {"email", make_valid_utf8(ticket.customer.email)}};
  out["notice"] = notice_standing_name(ticket.notice);
  out["assigned_to"] = text_or_null(ticket.assigned_to);
  out["ladder"] = ladder_json(ticket, form.terms, form.now);
  out["ladder_next_at"] = time_or_null(ticket.ladder_next_at);
  out["last_seq"] = ticket.last_seq;
  out["last_hash"] = ticket.last_hash;
}

}  // namespace

bool shown_to_customer(const Measure& measure) {
  return measure.state != MeasureState::proposed && measure.state != MeasureState::failed;
}

json::object measure_json(const Measure& measure, View view) {
  json::object out{{"measure", measure_name(measure.kind)},
                   {"state", measure_state_name(measure.state)},
                   {"reason", make_valid_utf8(measure.reason)},
                   {"since", format_rfc3339(measure.at)},
                   {"deliberate", measure.deliberate}};
  if (view == View::team) {
    out["number"] = measure.number;
    out["by"] = make_valid_utf8(measure.by);
  }
  return out;
}

json::object ticket_json(TicketForm form) {
  const Ticket& ticket = form.ticket;
  json::array measures;
  for (const Measure& measure : ticket.measures)
    if (form.view == View::team || shown_to_customer(measure)) measures.push_back(measure_json(measure, form.view));
  json::array actions;
  for (const std::string& action : ticket.required_actions) actions.emplace_back(make_valid_utf8(action));
  json::object out;
  out["schema"] = "abate.ticket/1";
  out["id"] = ticket.id;
  out["version"] = ticket.version;
  out["state"] = ticket_state_name(ticket.state);
  out["category"] = category_name(ticket.category);
  out["service"] = service_json(ticket);
  out["created_at"] = format_rfc3339(ticket.created_at);
  out["opened_at"] = time_or_null(ticket.opened_at);
  out["respond_by"] = time_or_null(ticket.respond_by);
  out["fix_by"] = time_or_null(ticket.fix_by);
  out["overdue"] = is_overdue(ticket, form.now);
  out["answered_at"] = time_or_null(ticket.answered_at);
  out["claimed_at"] = time_or_null(ticket.claimed_at);
  out["closed_at"] = time_or_null(ticket.closed_at);
  out["probation_until"] = time_or_null(ticket.probation_until);
  out["merged_into"] = text_or_null(ticket.merged_into);
  out["measures"] = std::move(measures);
  out["required_actions"] = std::move(actions);
  out["incident_count"] = ticket.incident_count;
  out["last_incident_at"] = time_or_null(ticket.last_incident_at);
  out["incidents"] = std::move(form.incidents);
  out["incidents_next"] = text_or_null(form.incidents_next);
  if (form.view == View::team) add_team_fields(out, form);
  if (!form.desk_url.empty()) out["desk"] = {{"url", form.desk_url}, {"token", text_or_null(form.desk_token)}};
  return out;
}

}  // namespace abate::wire
