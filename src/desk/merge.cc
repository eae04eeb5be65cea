// SPDX-License-Identifier: Apache-2.0
// Merging two tickets of one service, and splitting incidents off again.
#include <algorithm>

#include "desk/access.h"
#include "desk/change.h"
#include "desk/measures.h"
#include "desk/refuse.h"
#include "model/merging.h"

namespace abate::desk {
namespace {

Result<std::vector<KeptIncident>> all_incidents(Transaction& store, const std::string& ticket_id) {
  std::vector<KeptIncident> out;
  Page page{{}, kPageMax};
  do {
    TRY_ASSIGN(Listed<KeptIncident> listed, store.incidents_of_ticket(ticket_id, page));
    std::ranges::move(listed.items, std::back_inserter(out));
    page.after = listed.next;
  } while (!page.after.empty());
  return out;
}

// What a ticket remembers of its incidents, anew.
void recount(Ticket& ticket, const std::vector<KeptIncident>& incidents) {
  ticket.incident_count = 0;
  ticket.addresses.clear();
  ticket.last_incident_at.reset();
  for (const KeptIncident& kept : incidents) remember(ticket, kept.incident, kept.seen_at);
}

Result<void> absorb(Change& into, const Ticket& from, const std::string& reason) {
  TRY(next_state(into.ticket.state, Move::add_incident));
  TRY_ASSIGN(const std::vector<KeptIncident> incidents, all_incidents(into.store, into.ticket.id));
  recount(into.ticket, incidents);
  TRY(into.enter(EntryKind::merged, {{"from", from.id}, {"reason", reason}}));
  // What was reported to the other ticket speaks against a claim made in this one as if it had come here.
  TRY(weigh_against_claim(into, incidents, [&](const KeptIncident& kept) -> Result<Reporter> {
    TRY_ASSIGN(const Report report, into.store.report(kept.report_id));
    return report.reading.reporter;
  }));
  return into.save();
}

}  // namespace

Result<Ticket> merge_ticket(Desk& desk, const Ask& ask, const std::string& into, const std::string& reason) {
  return change_ticket(desk, ask, Move::merge, [&](Change& change) -> Result<void> {
    TRY_ASSIGN(const std::string why, checked_reason(reason));
    if (into == change.ticket.id) return failure(Fault::malformed, "'into' names the ticket itself");
    Result<Ticket> other = change.store.ticket(into);
    if (!other) return failure(Fault::malformed, "'into' names no ticket: {}", into);
    if (other->service.id != change.ticket.service.id)
      return failure(Fault::conflict, "{} is about another service", into);
    TRY(change.store.move_all_incidents(change.ticket.id, into));
    Change target{desk, change.store, ask.who, *other, desk.policy.load()->of(other->category), change.now};
    TRY(absorb(target, change.ticket, why));
    TRY(lift_all(change, fmt::format("the case goes on in {}", into)));
    change.ticket.merged_into = into;
    change.ticket.closed_at = change.now;
    recount(change.ticket, {});
    TRY(change.enter(EntryKind::merged, {{"into", into}, {"reason", why}}));
    return {};
  });
}

Result<Ticket> split_ticket(Desk& desk, const Ask& ask, const std::vector<std::string>& incident_ids,
                            const std::string& reason) {
  return change_ticket(desk, ask, Move::split, [&](Change& change) -> Result<void> {
    TRY_ASSIGN(const std::string why, checked_reason(reason));
    TRY_ASSIGN(const std::vector<KeptIncident> incidents, all_incidents(change.store, change.ticket.id));
    std::vector<KeptIncident> leaving, staying;
    for (const KeptIncident& kept : incidents)
      (std::ranges::find(incident_ids, kept.id) != incident_ids.end() ? leaving : staying).push_back(kept);
    if (leaving.empty() || leaving.size() != incident_ids.size())
      return failure(Fault::malformed, "'incidents' must name incidents of {}, each once", change.ticket.id);
    if (staying.empty()) return failure(Fault::conflict, "a ticket cannot lose its last incident: dismiss or merge it");

    TRY_ASSIGN(Ticket fresh, make_ticket(desk, change.store, change.ticket.service, change.ticket.customer,
                                         leaving.front().incident.category));
    recount(fresh, leaving);
    TRY(change.store.move_incidents(incident_ids, fresh.id));
    Change born{desk, change.store, ask.who, fresh, desk.policy.load()->of(fresh.category), change.now};
    TRY(born.enter(EntryKind::split, {{"from", change.ticket.id}, {"reason", why}}));
    TRY(born.save());
    recount(change.ticket, staying);
    boost::json::array ids;
    for (const std::string& id : incident_ids) ids.emplace_back(id);
    TRY(change.enter(EntryKind::split, {{"into", fresh.id}, {"incidents", std::move(ids)}, {"reason", why}}));
    return {};
  });
}

}  // namespace abate::desk
