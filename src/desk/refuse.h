// SPDX-License-Identifier: Apache-2.0
// desk/refuse.h — a claim goes back, with the reason: by a person, by harm that was done after it (R9, R34), or by a
// probe that still found the harm (B6).
// Internal to the room.
#pragma once

#include <string>
#include <vector>

#include "desk/change.h"

namespace abate::desk {

// The fix clock goes on where it stood, and the customer is told why. `more` goes into the entry.
Result<void> refuse_now(Change& change, const std::string& reason, boost::json::object more = {});

// The newest of these that shows harm after the claim; null: none does. One that states no time shows nothing of it:
// what was done before the claim and is told late counts against nobody.
const KeptIncident* harm_after_claim(const Ticket& ticket, const Terms& terms,
                                     const std::vector<KeptIncident>& incidents);
// Refuses by itself where there is such a one.
Result<void> weigh_against_claim(Change& change, const std::vector<KeptIncident>& incidents);

}  // namespace abate::desk
