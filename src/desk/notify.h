// SPDX-License-Identifier: Apache-2.0
// desk/notify.h — puts a notice to the customer into the outbox, in the transaction of the decision (R6, B3).
// Internal to the room.
#pragma once

#include <string>

#include "desk/change.h"
#include "model/notice.h"

namespace abate::desk {

// `says`: the words of a person or the rule that this notice carries on: a reason, a reply's text; may be empty.
// Enters notice_queued. A customer without an address gets none: the ticket is then marked undelivered.
Result<void> notify(Change& change, NoticeKind kind, const std::string& says = {});

// R35: tells somebody who wrote past the thread where it lives; once a week for an address.
Result<void> point_to_thread(Desk& desk, Transaction& store, const std::string& address, const Ticket& ticket);
constexpr std::chrono::days kPointerPause{7};

// The address that a customer's answer goes to, and the one that a bounce comes back to.
std::string reply_address(const Provider& provider, const std::string& reply_token);
std::string bounce_address(const Provider& provider, const std::string& notice_token);

}  // namespace abate::desk
