// SPDX-License-Identifier: Apache-2.0
// remedy/action_kind.h — what an action is. One file in remedy/actions is one kind; CMake finds it.
//
// A kind proposes actions as data: what would change, what users will notice, how it is undone, what proves it. Nothing
// here acts, opens or writes: only the executor does. What could hurt is `is_default` only where its finding is
// malicious or the diagnosis names it; everything else waits for the person's yes. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnosis.h"
#include "model/plan.h"
#include "remedy/change.h"
#include "sweep/kit/host.h"

namespace abate::remedy {

struct Need {  // what a plan is made from
  const sweep::Host& host;
  const std::vector<Finding>& findings;
  const Diagnosis& diagnosis;

  [[nodiscard]] const Finding* finding(std::string_view id) const;
  [[nodiscard]] bool in_cause(const Finding& finding) const;  // a step of the cause names it
  // The way in itself, told at 0.9 or surer.
  [[nodiscard]] bool is_sure_entry(const Finding& finding) const;
  // Can somebody come in as the account that it names? One without a shell lets nobody in, but where a service that
  // asks for its password only (FTP, a panel) was the way.
  [[nodiscard]] bool lets_in(const Finding& finding) const;
};

struct ActionKind {
  std::string_view name;         // "quarantine_file": the contract's word
  std::string_view requirement;  // "R20"
  std::string_view explain;      // `abate explain NAME`
  void (*propose)(const Need& need, std::vector<Action>& actions);
  // What this action changes, from the server as it is now. Pure: only the executor makes it so.
  Result<Work> (*work)(const Action& action, const sweep::Host& host);
};

// All of remedy/actions, by name. Made by CMake.
std::span<const ActionKind* const> action_kinds();

// An action of this kind about the finding's subject, with id, kind and requirement filled in.
Action action_about(const ActionKind& kind, const Finding& finding);
Action action_about(const ActionKind& kind, Subject subject, std::vector<std::string> findings);

// By the action's kind, which may be a measure's name (measure.h). malformed for one that this version does not know.
Result<Work> work_of(const Action& action, const sweep::Host& host);
// Says for each action what it changes, what is left to a person, and what the files are like now.
void foresee(Plan& plan, const sweep::Host& host);
// stale, where a file of the action is neither what it was when the plan was made nor what `changed_by_us` (in order)
// made of that.
Result<void> check_unchanged(const Action& action, const sweep::Host& host,
                             const std::vector<OwnChange>& changed_by_us);

// Ordered: what stops the harm first, then the cause, then the rest; each id once. Warns where only the symptom goes
// (R26).
Plan make_plan(const Need& need, Instant now);

}  // namespace abate::remedy
