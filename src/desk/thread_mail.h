// SPDX-License-Identifier: Apache-2.0
// desk/thread_mail.h — mail that is about a ticket of ours rather than a report: bounces and answers (B3, R35).
//
// A mail speaks for the customer only when its From is the account's address *and* it bears our token; a ticket id in
// the subject is no proof, only a suggestion for a person. Automation is never answered. Internal to the room.
#pragma once

#include <optional>

#include "desk/change.h"

namespace abate::desk {

struct Threaded {
  bool needs_person = false;
  std::string reason;      // what became of the mail: "a reply in T-2026-000012"
  std::string suggestion;  // a ticket's id
};

// Empty: nothing in it points to a ticket of ours; it is treated as a report.
Result<std::optional<Threaded>> follow_thread(Desk& desk, Transaction& store, const Unread& report,
                                              const MailFacts& mail);

}  // namespace abate::desk
