// SPDX-License-Identifier: Apache-2.0
// The three ends of an open or claimed ticket: accepted as verified, closed for a stated reason, or refused (R9, R34).
#include "desk/measures.h"
#include "desk/notify.h"
#include "model/deadlines.h"

namespace abate::desk {
namespace {

Result<void> end_case(Change& change, EntryKind kind, const std::string& reason, bool harmful = false) {
  TRY_ASSIGN(const std::string why, checked_reason(reason));
  stop_clocks(change.ticket, change.terms, change.now);
  boost::json::object body{{"reason", why}, {"probation_until", format_rfc3339(*change.ticket.probation_until)}};
  if (harmful) TRY(mark_harmful(change, body));
  TRY(change.enter(kind, std::move(body)));
  TRY(lift_all(change, "the case is closed"));
  return notify(change, NoticeKind::closed, why);
}

}  // namespace

Result<Ticket> accept_claim(Desk& desk, const Ask& ask, const std::string& reason) {
  return change_ticket(desk, ask, Move::accept,
                       [&](Change& change) { return end_case(change, EntryKind::accepted, reason); });
}

Result<Ticket> close_ticket(Desk& desk, const Ask& ask, const std::string& reason, bool harmful) {
  return change_ticket(desk, ask, Move::close,
                       [&](Change& change) { return end_case(change, EntryKind::closed, reason, harmful); });
}

Result<Ticket> refuse_claim(Desk& desk, const Ask& ask, const std::string& reason) {
  return change_ticket(desk, ask, Move::refuse, [&](Change& change) -> Result<void> {
    TRY_ASSIGN(const std::string why, checked_reason(reason));
    change.ticket.state = TicketState::open;  // before the notice is written: it names the deadline that goes on
    resume_fix_clock(change.ticket, change.now);
    boost::json::object body{{"reason", why}};
    if (change.ticket.fix_by) body["fix_by"] = format_rfc3339(*change.ticket.fix_by);
    TRY(change.enter(EntryKind::refused, std::move(body)));
    return notify(change, NoticeKind::refused, why);
  });
}

}  // namespace abate::desk
