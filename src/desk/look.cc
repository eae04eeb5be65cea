// SPDX-License-Identifier: Apache-2.0
#include "desk/look.h"

#include <algorithm>

#include "desk/access.h"
#include "desk/refuse.h"

namespace abate::desk {
namespace {

Result<void> team_only(const Principal& who) {
  if (who.is_team()) return {};
  return failure(Fault::refused, "this is shown to the Abuse Team only");
}

// A token of scope `reports` reads its own; for anything else of theirs the answer is as if it were not there.
Result<void> may_see_report(const Principal& who, const Report& report) {
  if (who.is_team()) return {};
  if (who.kind == Principal::Kind::token && who.scope == Scope::reports) {
    if (report.token == who.name) return {};
    return failure(Fault::not_found, "there is no report {}", report.id);
  }
  return team_only(who);
}

Result<void> may_read_reports(const Principal& who) {
  if (who.kind == Principal::Kind::token && who.scope == Scope::reports) return {};
  return team_only(who);
}

}  // namespace

bool shown_to_customer(EntryKind kind) {
  switch (kind) {
    case EntryKind::note:
    case EntryKind::assigned:
    case EntryKind::reported:
    case EntryKind::measure_proposed:
    case EntryKind::measure_failed:
    case EntryKind::received: return false;
    default: return true;
  }
}

Result<Ticket> see_ticket(Desk& desk, const Principal& who, const std::string& id) {
  if (!who.is_team() && !who.is_customer()) return failure(Fault::refused, "this token's scope does not reach tickets");
  return in_read(desk.store, [&](Transaction& store) -> Result<Ticket> {
    TRY_ASSIGN(const Ticket ticket, store.ticket(id));
    TRY(may_see(who, ticket));
    return ticket;
  });
}

Result<Listed<Ticket>> see_tickets(Desk& desk, const Principal& who, TicketFilter filter, const Page& page) {
  if (!who.is_team() && !who.is_customer()) return failure(Fault::refused, "this token's scope does not reach tickets");
  if (who.is_link()) return failure(Fault::refused, "this link reaches one ticket only: {}", who.ticket_id);
  filter.now = desk.clock.now();
  if (who.is_customer()) {
    if (!filter.customer_id.empty() && filter.customer_id != who.customer_id) return Listed<Ticket>{};
    filter.customer_id = who.customer_id;
    filter.hide_in_review = true;
  }
  return in_read(desk.store, [&](Transaction& store) { return store.tickets(filter, page); });
}

Result<Listed<Entry>> see_entries(Desk& desk, const Principal& who, const std::string& ticket_id, const Page& page) {
  return in_read(desk.store, [&](Transaction& store) -> Result<Listed<Entry>> {
    TRY_ASSIGN(const Ticket ticket, store.ticket(ticket_id));
    TRY(may_see(who, ticket));
    TRY_ASSIGN(Listed<Entry> listed, store.entries(ticket_id, page));
    if (who.is_customer()) std::erase_if(listed.items, [](const Entry& e) { return !shown_to_customer(e.kind); });
    return listed;
  });
}

Result<Listed<KeptIncident>> see_incidents(Desk& desk, const Principal& who, const std::string& ticket_id,
                                           const Page& page) {
  return in_read(desk.store, [&](Transaction& store) -> Result<Listed<KeptIncident>> {
    TRY_ASSIGN(const Ticket ticket, store.ticket(ticket_id));
    TRY(may_see(who, ticket));
    return store.incidents_of_ticket(ticket_id, page);
  });
}

Result<std::vector<std::string>> see_incidents_to_weigh(Desk& desk, const Principal& who,
                                                        const std::string& ticket_id) {
  TRY(team_only(who));
  const std::shared_ptr<const Policy> policy = desk.policy.load();
  return in_read(desk.store, [&](Transaction& store) -> Result<std::vector<std::string>> {
    TRY_ASSIGN(const Ticket ticket, store.ticket(ticket_id));
    return incidents_to_weigh(store, ticket, policy->of(ticket.category));
  });
}

Result<Report> see_report(Desk& desk, const Principal& who, const std::string& id) {
  TRY(may_read_reports(who));
  return in_read(desk.store, [&](Transaction& store) -> Result<Report> {
    TRY_ASSIGN(const Report report, store.report(id));
    TRY(may_see_report(who, report));
    return report;
  });
}

Result<std::string> see_report_bytes(Desk& desk, const Principal& who, const std::string& id) {
  TRY(see_report(desk, who, id));
  return in_read(desk.store, [&](Transaction& store) { return store.report_bytes(id); });
}

Result<std::vector<KeptIncident>> see_report_incidents(Desk& desk, const Principal& who, const std::string& id) {
  TRY(see_report(desk, who, id));
  return in_read(desk.store, [&](Transaction& store) { return store.incidents_of_report(id); });
}

Result<Listed<Report>> see_reports(Desk& desk, const Principal& who, ReportFilter filter, const Page& page) {
  TRY(may_read_reports(who));
  if (!who.is_team()) filter.token = who.name;
  return in_read(desk.store, [&](Transaction& store) { return store.reports(filter, page); });
}

}  // namespace abate::desk
