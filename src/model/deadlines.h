// SPDX-License-Identifier: Apache-2.0
// model/deadlines.h — the two clocks of a ticket (R8, R9, law 4).
//
// Respond-by stops at the first reply. Fix-by stops only at closing; it rests while a claim waits for the desk and goes
// on where it stood when the claim fails. An unanswered ticket is overdue at respond-by, an answered one at fix-by; a
// claim counts as an answer. Pure: "now" is always given.
#pragma once

#include <optional>

#include "model/policy.h"
#include "model/ticket.h"

namespace abate {

void start_clocks(Ticket& ticket, const Terms& terms, Instant now);    // at opening
void note_answer(Ticket& ticket, Instant now);                         // a reply: respond-by stops, fix-by goes on
void rest_fix_clock(Ticket& ticket, Instant now);                      // a claim
void resume_fix_clock(Ticket& ticket, Instant now);                    // the claim failed
void stop_clocks(Ticket& ticket, const Terms& terms, Instant now);     // closing: probation begins
void restart_clocks(Ticket& ticket, const Terms& terms, Instant now);  // reopened: new terms, unanswered again

// The deadline after which the ticket is overdue now; empty unless it is open.
std::optional<Instant> deadline(const Ticket& ticket);
bool is_overdue(const Ticket& ticket, Instant now);

struct Due {
  enum class Kind : std::uint8_t { reminder, overdue, ladder };
  Kind kind;
  Instant at;
  friend bool operator==(const Due&, const Due&) = default;
};
// The next thing that the clock has to do for this ticket, also when its time has passed already; empty: nothing.
// A reminder whose time lies before the opening, or before a later reminder that is due too, is not sent. Probation
// needs no wake-up: merging.h compares times when harm returns.
std::optional<Due> next_due(const Ticket& ticket, const Terms& terms, Instant now);

}  // namespace abate
