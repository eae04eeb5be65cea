// SPDX-License-Identifier: Apache-2.0
// desk/refuse.h — a claim goes back, with the reason: by a person, by harm that was done after it (R9, R34), or by a
// probe that still found the harm (B6).
// Internal to the room.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "desk/change.h"

namespace abate::desk {

// The fix clock goes on where it stood, and the customer is told why. `more` goes into the entry.
Result<void> refuse_now(Change& change, const std::string& reason, boost::json::object more = {});

// Is the reporter authenticated, and right often enough for what policy does by itself?
Result<bool> is_believed(Change& change, const Reporter& reporter);

// Harm that was done after the claim refuses it by itself, where policy takes the reporter's word; else the team is
// told in the thread that it is theirs to weigh. An incident that states no time shows nothing of it: what was done
// before the claim and is told late counts against nobody.
using ReportedBy = std::function<Result<Reporter>(const KeptIncident&)>;
Result<void> weigh_against_claim(Change& change, const std::vector<KeptIncident>& incidents, const ReportedBy& by);

// Of the ticket's incidents those that came after the claim, show harm done after it, and did not refuse it.
Result<std::vector<std::string>> incidents_to_weigh(Transaction& store, const Ticket& ticket, const Terms& terms);

}  // namespace abate::desk
