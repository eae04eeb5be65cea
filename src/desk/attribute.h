// SPDX-License-Identifier: Apache-2.0
// desk/attribute.h — whose was this address at that time (R4, B2), with the assignment that proves it.
#pragma once

#include "desk/desk.h"

namespace abate::desk {

// Asks the index for the verdict and the store for the assignments behind it. Two candidates of the same service are no
// ambiguity. Without a ledger, everything is not_ours or, within the provider's prefixes, unassigned.
Result<Attribution> attribute(Desk& desk, Transaction& transaction, const IpAddress& address, TimeSpan span);

}  // namespace abate::desk
