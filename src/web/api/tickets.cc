// SPDX-License-Identifier: Apache-2.0
// /api/v1/tickets: looking at cases.
#include "web/api/tickets.h"

#include "desk/customer.h"
#include "desk/look.h"
#include "web/sign_in.h"

namespace abate::web {
namespace {

namespace json = boost::json;

Result<desk::TicketFilter> filter_of(const Request& request) {
  desk::TicketFilter filter;
  if (const std::string_view state = request.argument("state"); !state.empty()) {
    filter.state = parse_ticket_state(state);
    if (!filter.state) return failure(Fault::malformed, "'state': there is no state '{}'", state);
  }
  if (const std::string_view category = request.argument("category"); !category.empty()) {
    filter.category = parse_category(category);
    if (!filter.category) return failure(Fault::malformed, "'category': there is no category '{}'", category);
  }
  filter.service_id = request.argument("service");
  filter.customer_id = request.argument("customer");
  filter.text = request.argument("text");
  TRY_ASSIGN(filter.overdue, flag_argument(request, "overdue"));
  return filter;
}

Response list(const Api& api, const Request& request) {
  const Result<desk::TicketFilter> filter = filter_of(request);
  const Result<desk::Page> page = page_of(request);
  if (!filter || !page) return problem(!filter ? filter.error() : page.error());
  const auto listed = desk::see_tickets(api.desk, *request.who, *filter, *page);
  if (!listed) return problem(listed.error());
  json::array items;
  for (const Ticket& ticket : listed->items) {
    Result<json::object> form = ticket_form(api, request, ticket, kIncidentsInList);
    if (!form) return problem(form.error());
    items.push_back(*std::move(form));
  }
  return list_answer(std::move(items), listed->next);
}

Response one(const Api& api, const Request& request) {
  const std::string& id = request.captures.at("id");
  const Principal& who = *request.who;
  Result<Ticket> ticket = desk::see_ticket(api.desk, who, id);
  if (!ticket) return problem(ticket.error());
  // A person has looked; a program that fetches tickets for its own lists has not.
  if (who.is_customer() && who.is_named_person()) {
    if (const auto noted = desk::note_viewed(api.desk, who, id); !noted) return problem(noted.error());
    ticket = desk::see_ticket(api.desk, who, id);
    if (!ticket) return problem(ticket.error());
  }
  return ticket_answer(api, request, *ticket);
}

Response incidents(const Api& api, const Request& request) {
  const Result<desk::Page> page = page_of(request);
  if (!page) return problem(page.error());
  const auto listed = desk::see_incidents(api.desk, *request.who, request.captures.at("id"), *page);
  if (!listed) return problem(listed.error());
  json::array items;
  for (const desk::KeptIncident& kept : listed->items) items.push_back(kept_incident_json(kept, *request.who));
  return list_answer(std::move(items), listed->next);
}

}  // namespace

Result<json::object> ticket_form(const Api& api, const Request& request, const Ticket& ticket,
                                 std::size_t incidents_max) {
  const Principal& who = *request.who;
  desk::Page page;
  page.limit = incidents_max;
  TRY_ASSIGN(const auto listed, desk::in_read(api.desk.store, [&](desk::Transaction& store) {
               return store.incidents_of_ticket(ticket.id, page);
             }));
  json::array shown;
  for (const desk::KeptIncident& kept : listed.items) shown.push_back(kept_incident_json(kept, who));
  const std::shared_ptr<const Policy> policy = api.desk.policy.load();
  return wire::ticket_json({.ticket = ticket,
                            .terms = policy->of(ticket.category),
                            .incidents = std::move(shown),
                            .incidents_next = listed.next,
                            .now = api.desk.clock.now(),
                            .view = view_of(who),
                            .desk_url = api.desk.provider.load()->public_url,
                            .desk_token = std::string{who.is_link() ? bearer_token(request) : ""}});
}

Response ticket_answer(const Api& api, const Request& request, const Ticket& ticket) {
  const Result<json::object> form = ticket_form(api, request, ticket, kIncidentsInTicket);
  if (!form) return problem(form.error());
  Response out = json_answer(200, *form);
  out.headers.emplace_back("ETag", etag(ticket));
  return out;
}

void add_ticket_routes(Routes& routes, const Api& api) {
  routes.add("GET", "/api/v1/tickets", [&api](const Request& request) { return list(api, request); });
  routes.add("GET", "/api/v1/tickets/{id}", [&api](const Request& request) { return one(api, request); });
  routes.add("GET", "/api/v1/tickets/{id}/incidents", [&api](const Request& r) { return incidents(api, r); });
}

}  // namespace abate::web
