// SPDX-License-Identifier: Apache-2.0
// The ends of an open or claimed ticket: accepted as verified, or closed for a stated reason (R9, R34).
#include <algorithm>

#include "desk/measures.h"
#include "desk/notify.h"
#include "desk/refuse.h"
#include "desk/verify.h"
#include "model/deadlines.h"

namespace abate::desk {
namespace {

Result<void> end_case(Change& change, EntryKind kind, const std::string& reason, bool harmful = false,
                      const std::vector<std::string>& weighed = {}) {
  TRY_ASSIGN(const std::string why, checked_reason(reason));
  stop_clocks(change.ticket, change.terms, change.now);
  boost::json::object body{{"reason", why}, {"probation_until", format_rfc3339(*change.ticket.probation_until)}};
  if (!weighed.empty()) body["weighed"] = boost::json::array(weighed.begin(), weighed.end());
  if (harmful) TRY(mark_harmful(change, body));
  TRY(change.enter(kind, std::move(body)));
  TRY(lift_all(change, "the case is closed"));
  TRY(schedule_for_probation(change));
  return notify(change, NoticeKind::closed, why);
}

}  // namespace

Result<Ticket> accept_claim(Desk& desk, const Ask& ask, const std::string& reason,
                            const std::vector<std::string>& weighed) {
  return change_ticket(desk, ask, Move::accept, [&](Change& change) -> Result<void> {
    TRY_ASSIGN(const std::vector<std::string> waiting, incidents_to_weigh(change.store, change.ticket, change.terms));
    for (const std::string& id : waiting)
      if (std::ranges::find(weighed, id) == weighed.end())
        return failure(
            Fault::conflict,
            "{} shows harm that was done after the claim, and nobody has weighed it: send the claim back, or "
            "accept it with {} in 'weighed'",
            id, id);
    return end_case(change, EntryKind::accepted, reason, false, waiting);
  });
}

Result<Ticket> close_ticket(Desk& desk, const Ask& ask, const std::string& reason, bool harmful) {
  return change_ticket(desk, ask, Move::close,
                       [&](Change& change) { return end_case(change, EntryKind::closed, reason, harmful); });
}

}  // namespace abate::desk
