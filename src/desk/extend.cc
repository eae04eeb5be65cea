// SPDX-License-Identifier: Apache-2.0
// Another term for one ticket (R8).
#include "desk/change.h"

namespace abate::desk {

Result<Ticket> extend_ticket(Desk& desk, const Ask& ask, Instant fix_by, const std::string& reason) {
  return change_ticket(desk, ask, Move::extend, [&](Change& change) -> Result<void> {
    TRY_ASSIGN(const std::string why, checked_reason(reason));
    if (fix_by <= change.now) return failure(Fault::malformed, "'fix_by' lies in the past: {}", format_rfc3339(fix_by));
    Ticket& ticket = change.ticket;
    const std::string former = ticket.fix_by ? format_rfc3339(*ticket.fix_by) : "";
    ticket.fix_by = fix_by;
    if (ticket.state == TicketState::claimed) ticket.fix_left = fix_by - change.now;
    // More time to fix is more time to answer: the ticket of somebody who asked for it by telephone is not overdue.
    if (!ticket.answered_at && ticket.respond_by && *ticket.respond_by < fix_by) ticket.respond_by = fix_by;
    ticket.overdue_for.reset();
    ticket.ladder_next_at.reset();
    TRY(change.enter(EntryKind::extended, {{"fix_by", format_rfc3339(fix_by)}, {"former", former}, {"reason", why}}));
    return {};
  });
}

}  // namespace abate::desk
