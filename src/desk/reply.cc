// SPDX-License-Identifier: Apache-2.0
// A reply stops respond-by and never fix-by (R9, law 4).
#include "desk/reply.h"

#include "desk/customer.h"
#include "desk/notify.h"
#include "model/deadlines.h"
#include "model/ladder.h"

namespace abate::desk {

boost::json::object came_by(const Principal& who) {
  if (who.is_link()) return {{"by", "link"}};
  return {};
}

Result<void> customer_says(Change& change, const std::string& text, boost::json::object more) {
  note_answer(change.ticket, change.now);
  note_reached(change.ticket, change.terms, change.now);  // whoever answers has read it
  more["text"] = text;
  TRY(change.enter(EntryKind::reply, std::move(more)));
  return {};
}

Result<Ticket> reply(Desk& desk, const Ask& ask, const std::string& text, bool stuck) {
  return change_ticket(desk, ask, Move::reply, [&](Change& change) -> Result<void> {
    TRY_ASSIGN(const std::string says, checked_text(text));
    if (ask.who.is_customer()) {
      boost::json::object more = came_by(ask.who);
      if (stuck) more["stuck"] = true;
      return customer_says(change, says, std::move(more));
    }
    TRY(change.enter(EntryKind::reply, {{"text", says}}));
    return notify(change, NoticeKind::reply, says);
  });
}

}  // namespace abate::desk
