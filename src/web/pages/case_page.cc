// SPDX-License-Identifier: Apache-2.0
#include "web/pages/case_page.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "desk/access.h"
#include "model/deadlines.h"
#include "web/pages/case_actions.h"
#include "web/pages/reply_panel.h"

namespace abate::web {

bool offered(const Ticket& ticket, const Principal& who, Move move) {
  return find_move(ticket.state, move) && desk::may(who, move);
}

bool chain_holds(const std::vector<Entry>& entries) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    if (entry_hash(entry) != entry.hash) return false;
    if (i > 0 && (entry.prev != entries[i - 1].hash || entry.seq != entries[i - 1].seq + 1)) return false;
    if (entry.seq == 1 && entry.prev != kFirstPrev) return false;
  }
  return true;
}

namespace {

void set_head(Part& main, const Ticket& ticket, Instant now) {
  main.set("ID", ticket.id).set_number("VERSION", ticket.version).set("CATEGORY", category_title(ticket.category));
  main.set("STATE", state_title(ticket.state, Reader::team)).set("STATE_TONE", state_tone(ticket.state));
  if (is_overdue(ticket, now)) main.show("IS_OVERDUE");
  main.set("SERVICE", ticket.service.id).set("SERVICE_NAME", ticket.service.name);
  main.set("CUSTOMER", ticket.customer.name).set("CUSTOMER_ID", ticket.customer.id);
  main.set("CUSTOMER_EMAIL", ticket.customer.email.empty() ? "no e-mail address" : ticket.customer.email);
  main.set("SERVICE_URL", "/tickets" + query_string({{"text", ticket.service.id}}));
  main.set_if("ASSIGNED", ticket.assigned_to);
  if (!ticket.merged_into.empty()) main.add("MERGED").set("MERGED_INTO", ticket.merged_into);
  for (const IpAddress& address : ticket.addresses) main.add("ADDRESS").set("ADDRESS_TEXT", address.to_string());
  set_time(main, "CREATED", ticket.created_at);
  if (ticket.opened_at) {
    Part opened = main.add("OPENED");
    set_time(opened, "OPENED_AT", *ticket.opened_at);
  }
}

void set_notice(Part& main, const CaseView& view) {
  main.set("NOTICE", notice_sentence(view.ticket)).set("NOTICE_TONE", notice_tone(view.ticket.notice));
  if (view.ticket.notice == NoticeStanding::undelivered) main.set_if("NOTICE_WHY", view.undelivered_why);
}

void add_incidents(Part& main, const CaseView& view, const Principal& who) {
  const bool split = offered(view.ticket, who, Move::split) && view.ticket.incident_count > 1;
  for (const desk::KeptIncident& kept : view.incidents) {
    const auto reporter = view.reporters.find(kept.report_id);
    Part row = main.add("INCIDENTS");
    add_incident(row, kept, Reader::team, reporter == view.reporters.end() ? nullptr : &reporter->second,
                 split ? "split-form" : "");
  }
  main.set("INCIDENT_COUNT", fmt::format("{}", view.ticket.incident_count));
  main.show_if(!view.incidents.empty(), "ANY_INCIDENT");
  if (!view.next_incidents.empty())
    main.add("MORE_INCIDENTS")
        .set("MORE_URL",
             fmt::format("/tickets/{}{}", view.ticket.id, query_string({{"incidents", view.next_incidents}})));
}

void add_thread(Part& main, const CaseView& view) {
  for (const Entry& entry : view.entries) {
    Part row = main.add("ENTRIES");
    add_entry(row, entry, Reader::team);
  }
  main.set("CHAIN_TONE", view.chain_whole ? "good" : "bad");
  main.set("CHAIN",
           view.chain_whole
               ? fmt::format("History whole: the hashes of {} {} follow from each other.", view.entries.size(),
                             view.entries.size() == 1 ? "entry" : "entries")
               : "The history is broken: a hash does not follow. Call an administrator; run abated history verify.");
  if (!view.next_entries.empty())
    main.add("MORE_ENTRIES")
        .set("MORE_ENTRIES_URL",
             fmt::format("/tickets/{}{}", view.ticket.id, query_string({{"entries", view.next_entries}})));
}

}  // namespace

std::string render(const Frame& frame, const CaseView& view) {
  Sheet sheet;
  Part main = framed(sheet, frame, "case.html");
  const Principal nobody;
  const Principal& who = frame.who ? *frame.who : nobody;
  set_head(main, view.ticket, frame.now);
  if (view.stuck) main.show("IS_STUCK");
  if (!view.to_weigh.empty()) main.show("NEEDS_A_LOOK");
  set_notice(main, view);
  add_clocks(main, clock_faces(view.ticket, view.terms, frame.now));
  if (const auto panel = panel_of(view.entries, view.ticket)) add_reply_panel(main, *panel, Reader::team);
  add_incidents(main, view, who);
  add_thread(main, view);
  add_actions(main, view, who);
  add_measures(main, view, who, frame.now);
  return sheet.render("layout.html");
}

}  // namespace abate::web
