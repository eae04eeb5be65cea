// SPDX-License-Identifier: Apache-2.0
// model/ladder.h — the law of measures (R10, R11, R12, law 5), in one function.
#pragma once

#include <optional>
#include <string>

#include "model/policy.h"
#include "model/ticket.h"

namespace abate {

// The first step of the ladder that was not yet proposed, or was lifted since; empty at its end.
std::optional<MeasureKind> next_step(const Ticket& ticket, const Terms& terms);

// Why `kind` may not be taken now, as a sentence for the team; empty when it may. Without `deliberate` it asks for:
// the notice delivered, the deadline passed, the kind on the category's ladder. `terminate` is always deliberate.
std::optional<std::string> why_not(const Ticket& ticket, const Terms& terms, MeasureKind kind, bool deliberate,
                                   Instant now);

// The customer knows: a notice arrived, or they wrote to us. Where the notice before had not arrived, or this one only
// after the deadline, they learn of it only now: the ladder leaves them a whole term to respond first. A bounce that is
// late has that long to come, too.
void note_reached(Ticket& ticket, const Terms& terms, Instant now);

}  // namespace abate
