// SPDX-License-Identifier: Apache-2.0
// desk/open.h — opening a ticket that is being changed: for the use case and for policy's automatic opening.
// Internal to the room.
#pragma once

#include "desk/change.h"

namespace abate::desk {

Result<void> open_now(Change& change);
// Harm came back, or a person says so: new terms, unanswered again.
Result<void> reopen_now(Change& change, const std::string& reason);

}  // namespace abate::desk
