// SPDX-License-Identifier: Apache-2.0
// desk/customer.h — what a customer does with their ticket (R9, R35). The order of judgement is that of desk/team.h.
#pragma once

#include <string>

#include "desk/team.h"

namespace abate::desk {

// A reply stops respond-by and never fix-by. By the team it is the team's answer, and a notice goes to the customer.
Result<Ticket> reply(Desk& desk, const Ask& ask, const std::string& text);
// "It is fixed": the fix clock rests until the desk accepts or refuses.
Result<Ticket> claim(Desk& desk, const Ask& ask, const std::string& text);
// The customer looked at it: entered once, so that the team knows. Not a change that needs a version.
Result<void> note_viewed(Desk& desk, const Principal& who, const std::string& ticket_id);

}  // namespace abate::desk
