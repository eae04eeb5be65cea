// SPDX-License-Identifier: Apache-2.0
#include "desk/notify.h"
#include "desk/open.h"
#include "model/deadlines.h"

namespace abate::desk {

Result<void> reopen_now(Change& change, const std::string& reason) {
  if (!change.ticket.merged_into.empty())
    return failure(Fault::conflict, "{} was merged into {}: go on there", change.ticket.id, change.ticket.merged_into);
  change.ticket.state = TicketState::open;
  restart_clocks(change.ticket, change.terms, change.now);
  TRY(change.enter(EntryKind::reopened, {{"reason", reason},
                                         {"respond_by", format_rfc3339(*change.ticket.respond_by)},
                                         {"fix_by", format_rfc3339(*change.ticket.fix_by)}}));
  return notify(change, NoticeKind::reopened, reason);
}

Result<Ticket> reopen_ticket(Desk& desk, const Ask& ask, const std::string& reason) {
  return change_ticket(desk, ask, Move::reopen, [&](Change& change) -> Result<void> {
    TRY_ASSIGN(const std::string why, checked_reason(reason));
    return reopen_now(change, why);
  });
}

}  // namespace abate::desk
