// SPDX-License-Identifier: Apache-2.0
#include "desk/access.h"

namespace abate::desk {

Result<void> may_see(const Principal& who, const Ticket& ticket) {
  if (who.is_team()) return {};
  if (!who.is_customer()) return failure(Fault::refused, "this token's scope does not reach tickets");
  if (who.is_link() && who.ticket_id != ticket.id) return failure(Fault::not_found, "there is no ticket {}", ticket.id);
  const bool shown = ticket.state != TicketState::in_review && ticket.state != TicketState::dismissed;
  if (!shown || who.customer_id.empty() || ticket.customer.id != who.customer_id)
    return failure(Fault::not_found, "there is no ticket {}", ticket.id);
  return {};
}

Result<void> may(const Principal& who, Move move) {
  if (who.is_customer()) {
    if (move == Move::reply || move == Move::claim || move == Move::prove) return {};
    return failure(Fault::refused, "a customer may reply, claim and post proofs; '{}' is for the Abuse Team",
                   move_name(move));
  }
  if (!who.is_team()) return failure(Fault::refused, "this token's scope does not reach tickets");
  if (move == Move::claim && who.kind != Principal::Kind::system)
    return failure(Fault::refused, "only the customer can say that it is fixed; the Abuse Team closes, with a reason");
  if (move == Move::prove && who.kind != Principal::Kind::system)
    return failure(Fault::refused, "proofs come from the customer's server, by the customer's own token");
  if ((move == Move::measure || move == Move::lift) && !who.may_lead())
    return failure(Fault::refused, "measures are decided by a lead");
  return {};
}

Result<void> may_terminate(const Principal& who) {
  if (!who.is_named_person() || !who.may_lead())
    return failure(Fault::refused, "a service is terminated only by a lead who has signed in as a person");
  return {};
}

}  // namespace abate::desk
