// SPDX-License-Identifier: Apache-2.0
#include "web/pages/ticket_list_page.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "model/deadlines.h"
#include "web/pages/form.h"
#include "web/pages/parts.h"

namespace abate::web {
namespace {

// The one line about time that matters now.
void set_due(Part& row, const Ticket& ticket, Instant now) {
  if (ticket.state == TicketState::claimed) {
    row.set("DUE", "fix clock rests").set("DUE_TONE", "busy");
  } else if (const std::optional<Instant> by = deadline(ticket)) {
    const bool late = *by <= now;
    row.set("DUE", fmt::format("{} {}", ticket.answered_at ? "fix" : "respond",
                               late ? "overdue by " + duration_for_people(now - *by) : from_now(*by, now)));
    row.set("DUE_TONE", late ? "bad" : *by - now < std::chrono::hours{6} ? "warn" : "calm");
    set_time(row, "DUE_AT", *by);
  } else if (ticket.state == TicketState::closed && ticket.probation_until && *ticket.probation_until > now) {
    row.set("DUE", "probation ends " + from_now(*ticket.probation_until, now)).set("DUE_TONE", "calm");
  } else {
    row.set("DUE", "").set("DUE_TONE", "quiet");
  }
}

void add_row(Part& main, const Ticket& ticket, Reader reader, Instant now) {
  Part row = main.add("TICKET");
  row.set("ID", ticket.id).set("CATEGORY", category_title(ticket.category));
  row.set("STATE", state_title(ticket.state, reader)).set("STATE_TONE", state_tone(ticket.state));
  row.set("SERVICE", ticket.service.id).set("SERVICE_NAME", ticket.service.name).set("CUSTOMER", ticket.customer.name);
  row.set("COUNT", ticket.incident_count == 1 ? "1 incident" : fmt::format("{} incidents", ticket.incident_count));
  set_due(row, ticket, now);
  set_time(row, "SINCE", ticket.opened_at.value_or(ticket.created_at));
  row.set("SINCE_AGO", from_now(ticket.opened_at.value_or(ticket.created_at), now));
  for (const Measure& measure : ticket.measures)
    if (holds(measure.state)) row.add("HELD").set("HELD_MEASURE", measure_title(measure.kind));
  if (ticket.notice == NoticeStanding::undelivered && reader == Reader::team) row.show("UNDELIVERED");
}

void add_choice(Part& main, std::string_view section, std::string_view value, std::string_view label, bool chosen) {
  Part choice = main.add(section);
  choice.set("VALUE", value).set("LABEL", label);
  if (chosen) choice.show("CHOSEN");
}

std::string link_to(const TicketListView& view, const std::string& after) {
  return "/tickets" + query_string({{"state", view.state},
                                    {"category", view.category},
                                    {"overdue", view.overdue ? "1" : ""},
                                    {"text", view.text},
                                    {"after", after}});
}

}  // namespace

std::string render(const Frame& frame, const TicketListView& view) {
  Sheet sheet;
  Part main = framed(sheet, frame, "tickets.html");
  using enum TicketState;
  add_choice(main, "STATE_CHOICE", "", "Any state", view.state.empty());
  for (const TicketState state : {in_review, open, claimed, closed, dismissed})
    add_choice(main, "STATE_CHOICE", ticket_state_name(state), state_title(state, Reader::team),
               view.state == ticket_state_name(state));
  add_choice(main, "CATEGORY_CHOICE", "", "Any category", view.category.empty());
  for (const Category category : kCategories)
    add_choice(main, "CATEGORY_CHOICE", category_name(category), category_title(category),
               view.category == category_name(category));
  main.set("TEXT", view.text);
  if (view.overdue) main.show("OVERDUE");
  for (const Ticket& ticket : view.tickets) add_row(main, ticket, Reader::team, frame.now);
  main.show_if(!view.tickets.empty(), "TICKETS");
  set_pager(main, view.first ? "" : link_to(view, ""), view.next.empty() ? "" : link_to(view, view.next));
  return sheet.render("layout.html");
}

std::string render_own(const Frame& frame, const TicketListView& view) {
  Sheet sheet;
  Part main = framed(sheet, frame, "my_tickets.html");
  for (const Ticket& ticket : view.tickets) add_row(main, ticket, Reader::customer, frame.now);
  main.show_if(!view.tickets.empty(), "TICKETS");
  set_pager(main, view.first ? "" : link_to(view, ""), view.next.empty() ? "" : link_to(view, view.next));
  return sheet.render("layout.html");
}

}  // namespace abate::web
