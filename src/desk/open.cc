// SPDX-License-Identifier: Apache-2.0
// Opening: the terms begin, the customer is told (R5, R6, R8).
#include "desk/open.h"

#include "desk/notify.h"
#include "model/deadlines.h"

namespace abate::desk {

Result<void> open_now(Change& change) {
  change.ticket.state = TicketState::open;
  start_clocks(change.ticket, change.terms, change.now);
  change.ticket.required_actions = change.terms.required_actions;
  TRY(change.enter(EntryKind::opened, {{"respond_by", format_rfc3339(*change.ticket.respond_by)},
                                       {"fix_by", format_rfc3339(*change.ticket.fix_by)}}));
  return notify(change, NoticeKind::opened);
}

Result<Ticket> open_ticket(Desk& desk, const Ask& ask) { return change_ticket(desk, ask, Move::open, open_now); }

}  // namespace abate::desk
