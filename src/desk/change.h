// SPDX-License-Identifier: Apache-2.0
// desk/change.h — the one way in which a ticket changes (law 3): judged, changed, entered and saved in one transaction.
// Internal to the room.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <boost/json.hpp>

#include "desk/team.h"
#include "model/entry.h"
#include "model/policy.h"

namespace abate::desk {

// A ticket that is being changed. Its helpers only collect; `change_ticket` or `save` writes.
struct Change {
  Desk& desk;
  Transaction& store;
  const Principal& who;
  Ticket& ticket;
  const Terms& terms;
  Instant now;

  // Appends an entry by `who`.
  Result<Entry> enter(EntryKind kind, boost::json::object body = {});
  // Writes the ticket with a new version; `bookkeeping` leaves the version alone.
  Result<void> save(bool bookkeeping = false);
};

// Judges in the order that desk/team.h promises, runs `work`, moves the state and saves.
Result<Ticket> change_ticket(Desk& desk, const Ask& ask, Move move, const std::function<Result<void>(Change&)>& work);

// Marks the reports of the ticket as harmful, and says so in the entry's body.
Result<void> mark_harmful(Change& change, boost::json::object& body);

// A new ticket in review, inserted, with the next number of the year.
Result<Ticket> make_ticket(Desk& desk, Transaction& store, const Service& service, const Customer& customer,
                           Category category);

// For the desk's own loops: reads the ticket and runs `work`, which must save.
Result<void> touch(Desk& desk, Transaction& store, const std::string& ticket_id,
                   const std::function<Result<void>(Change&)>& work);

// A reason that a person gives: not empty, not too long, valid text.
Result<std::string> checked_reason(const std::string& reason);
Result<std::string> checked_text(const std::string& text);

// The principal behind what the desk does by itself.
const Principal& the_system();

}  // namespace abate::desk
