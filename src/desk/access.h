// SPDX-License-Identifier: Apache-2.0
// desk/access.h — who may see and do what (law 6), in one place. Pure; thread-safe.
#pragma once

#include "base/result.h"
#include "model/actor.h"
#include "model/ticket.h"

namespace abate::desk {

// not_found where a customer asks for what is not theirs or is not shown yet; refused where a program's scope has
// nothing to do with tickets.
Result<void> may_see(const Principal& who, const Ticket& ticket);
// refused, with what it would take.
Result<void> may(const Principal& who, Move move);
Result<void> may_terminate(const Principal& who);

}  // namespace abate::desk
