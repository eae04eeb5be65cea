// SPDX-License-Identifier: Apache-2.0
// remedy/executor/keep_firewall.h — the second half of firewall_on: the rules that are on trial (remedy/firewall.h) are
// made to last, once a person says that they still get in.
#pragma once

#include "base/result.h"

namespace abate::remedy {

// Loads the rules that last, and leaves kFirewallKept, without which they are not loaded at the start. stale: nothing
// is on trial any more; refused by nft: says why.
Result<void> keep_firewall();
// Before a trial begins: an earlier confirmation counts no more.
void forget_firewall();
// Was it confirmed, perhaps from another session?
bool is_kept();

}  // namespace abate::remedy
