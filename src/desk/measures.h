// SPDX-License-Identifier: Apache-2.0
// desk/measures.h — proposing, taking and lifting measures on a ticket that is being changed (R10–R12, law 5).
// Internal to the room.
#pragma once

#include "desk/change.h"

namespace abate::desk {

// Puts a measure in front of a person.
Result<void> propose(Change& change, MeasureKind kind, const std::string& reason);
// Decided: entered, and an order for each enforcer in the outbox. The law was judged by the caller.
Result<void> take(Change& change, MeasureKind kind, const std::string& reason, bool deliberate);
// Not in force any more: what waits is withdrawn, what holds is ordered off. `not_found` where there is none.
Result<void> lift(Change& change, MeasureKind kind, const std::string& reason);
// All that can be lifted; a terminated service stays terminated.
Result<void> lift_all(Change& change, const std::string& reason);

// The outcome of the orders, as the courier has it.
Result<void> order_done(Change& change, std::uint32_t number, bool on);
Result<void> order_given_up(Change& change, std::uint32_t number, bool on, const std::string& why);

}  // namespace abate::desk
