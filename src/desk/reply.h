// SPDX-License-Identifier: Apache-2.0
// desk/reply.h — what a customer says, whichever way it came: page, API or mail. Internal to the room.
#pragma once

#include "desk/change.h"

namespace abate::desk {

Result<void> customer_says(Change& change, const std::string& text, boost::json::object more);

}  // namespace abate::desk
