// SPDX-License-Identifier: Apache-2.0
// desk/history.h — is the history whole? (B5)
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "desk/ports/store.h"

namespace abate::desk {

struct HistoryVerdict {
  std::uint64_t streams = 0;
  std::uint64_t entries = 0;
  // The first entry that is wrong and why: "T-2026-000012 entry 3: its hash does not follow from what it says".
  std::optional<std::string> broken;
};

// Walks every stream: numbers without a gap, each `prev` the hash before, each hash what the entry says, and the last
// one the head that the store keeps. What it cannot see: whole streams or their ends removed together with their heads.
Result<HistoryVerdict> verify_history(Store& store);

}  // namespace abate::desk
