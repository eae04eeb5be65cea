// SPDX-License-Identifier: Apache-2.0
// "It is fixed" (R9): the fix clock rests until the desk has decided.
#include "desk/change.h"
#include "desk/customer.h"
#include "desk/verify.h"
#include "model/deadlines.h"
#include "model/ladder.h"

namespace abate::desk {

Result<Ticket> claim(Desk& desk, const Ask& ask, const std::string& text) {
  return change_ticket(desk, ask, Move::claim, [&](Change& change) -> Result<void> {
    TRY_ASSIGN(const std::string says, checked_text(text));
    rest_fix_clock(change.ticket, change.now);
    note_reached(change.ticket, change.terms, change.now);  // whoever claims has read it
    for (Measure& measure : change.ticket.measures)
      if (measure.state == MeasureState::proposed) {
        measure.state = MeasureState::lifted;
        measure.at = change.now;
        TRY(change.enter(EntryKind::measure_lifted,
                         {{"measure", measure_name(measure.kind)},
                          {"number", measure.number},
                          {"why", "the proposal fell: the customer says that it is fixed"}}));
      }
    boost::json::object body = came_by(ask.who);
    body["text"] = says;
    TRY(change.enter(EntryKind::claim, std::move(body)));
    return schedule_for_claim(change);
  });
}

}  // namespace abate::desk
