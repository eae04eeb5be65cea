// SPDX-License-Identifier: Apache-2.0
// desk/policy_try.h — replays the past under another policy before it is switched on (B11): which tickets would have
// opened by themselves, which measures would have been taken or proposed, and how that differs from what happened.
//
// What people and customers did stays as it was (replies, claims, decisions); only what policy decides is played anew,
// by the same rules (model/deadlines.h, model/ladder.h). A notice counts as delivered unless it bounced. A reporter's
// record is judged as it stands today; what a policy would have ignored is not replayed. Nothing is written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "desk/ports/store.h"
#include "model/policy.h"

namespace abate::desk {

struct PolicyOutcome {
  bool opened = false;
  bool opened_by_itself = false;
  std::vector<std::string> measures;  // "suspend proposed at 2026-01-02T03:04:05Z"
  friend bool operator==(const PolicyOutcome&, const PolicyOutcome&) = default;
};

struct PolicyTrial {
  std::string ticket_id;
  std::string service_id;
  Category category = Category::other;
  PolicyOutcome was;    // as the history has it
  PolicyOutcome would;  // under the policy that is tried
};

Result<std::vector<PolicyTrial>> try_policy(Store& store, const Policy& policy, std::optional<Instant> since,
                                            Instant now);

}  // namespace abate::desk
