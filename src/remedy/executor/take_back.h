// SPDX-License-Identifier: Apache-2.0
// remedy/executor/take_back.h — takes an action back, change by change. Internal to the executor.
#pragma once

#include "remedy/executor/executor.h"
#include "remedy/executor/rows.h"

namespace abate::remedy {

// The last change first; each is journalled once it is back. Ends at the first that cannot be.
Result<void> take_back(const Where& where, const std::string& run, const RunRows::OfAction& action, Journal& journal,
                       const Seal& seal);

}  // namespace abate::remedy
