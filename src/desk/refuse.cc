// SPDX-License-Identifier: Apache-2.0
#include "desk/refuse.h"

#include "desk/notify.h"
#include "model/deadlines.h"

namespace abate::desk {
namespace {

std::optional<Instant> stated_time(const Incident& incident) {
  return incident.ended_at ? incident.ended_at : incident.started_at;
}

}  // namespace

Result<void> refuse_now(Change& change, const std::string& reason, boost::json::object more) {
  TRY_ASSIGN(change.ticket.state, next_state(change.ticket.state, Move::refuse));  // the notice names the deadline
  resume_fix_clock(change.ticket, change.now);
  more["reason"] = reason;
  if (change.ticket.fix_by) more["fix_by"] = format_rfc3339(*change.ticket.fix_by);
  TRY(change.enter(EntryKind::refused, std::move(more)));
  return notify(change, NoticeKind::refused, reason);
}

Result<Ticket> refuse_claim(Desk& desk, const Ask& ask, const std::string& reason) {
  return change_ticket(desk, ask, Move::refuse, [&](Change& change) -> Result<void> {
    TRY_ASSIGN(const std::string why, checked_reason(reason));
    return refuse_now(change, why);
  });
}

const KeptIncident* harm_after_claim(const Ticket& ticket, const Terms& terms,
                                     const std::vector<KeptIncident>& incidents) {
  const KeptIncident* newest = nullptr;
  if (ticket.state != TicketState::claimed || !ticket.claimed_at) return newest;
  for (const KeptIncident& kept : incidents) {
    const std::optional<Instant> at = stated_time(kept.incident);
    if (at && *at > *ticket.claimed_at + terms.claim_slack &&
        (newest == nullptr || *at > *stated_time(newest->incident)))
      newest = &kept;
  }
  return newest;
}

Result<void> weigh_against_claim(Change& change, const std::vector<KeptIncident>& incidents) {
  const KeptIncident* const kept = harm_after_claim(change.ticket, change.terms, incidents);
  if (kept == nullptr) return {};
  const Instant at = *stated_time(kept->incident);
  const std::string where =
      kept->incident.source_ip ? fmt::format(" from {}", kept->incident.source_ip->to_string()) : std::string{};
  const std::string reason = fmt::format(
      "A new incident was reported: {}{}, {}. That is after you told us that it is fixed, so something is still at "
      "work. It is in the ticket as {}.",
      category_title(kept->incident.category), where, format_for_people(at), kept->id);
  Change by_itself{change.desk, change.store, the_system(), change.ticket, change.terms, change.now};
  return refuse_now(by_itself, reason, {{"incident", kept->id}, {"incident_at", format_rfc3339(at)}});
}

}  // namespace abate::desk
