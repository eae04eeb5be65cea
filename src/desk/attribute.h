// SPDX-License-Identifier: Apache-2.0
// desk/attribute.h — whose was this address at that time (R4, B2), with the assignment that proves it.
#pragma once

#include "desk/desk.h"

namespace abate::desk {

// Asks the index for the verdict and the store for the assignments behind it. Two candidates of the same service are no
// ambiguity. Without a ledger, everything is not_ours or, within the provider's prefixes, unassigned.
Result<Attribution> attribute(Desk& desk, Transaction& transaction, const IpAddress& address, TimeSpan span);

// The same for whoever has no transaction of their own. Where an import replaced the ledger a moment ago, the index is
// loaded anew and asked again: the answer is the new ledger's, not an error.
constexpr int kLedgerTriesMax = 3;
Result<Attribution> attribution_of(Desk& desk, const IpAddress& address, TimeSpan span);

}  // namespace abate::desk
