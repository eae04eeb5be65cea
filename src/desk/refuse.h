// SPDX-License-Identifier: Apache-2.0
// desk/refuse.h — a claim goes back with its reason: for the use case, and for a probe that still found the harm.
// Internal to the room.
#pragma once

#include <string>

#include "desk/change.h"

namespace abate::desk {

Result<void> refuse_now(Change& change, const std::string& reason);

}  // namespace abate::desk
