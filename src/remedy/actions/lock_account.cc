// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind lock_account_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(need.lets_in(finding) && finding.subject.kind == SubjectKind::account &&
          finding.severity == Severity::malicious && finding.subject.name != "root"))
      continue;
    Action action = action_about(lock_account_action, finding);
    action.effect = fmt::format("{} cannot log in until its password is set anew", finding.subject.name);
    action.risk = "Its owner cannot log in either: tell them first";
    action.undo = "Unlocked as before";
    action.proof = "A log-in with the former password is refused";
    action.is_default = finding.severity == Severity::malicious;
    actions.push_back(std::move(action));
  }
}

// "!" before the hash refuses the password; day 1 as the end of the account refuses its keys too (shadow(5)).
Result<Work> work(const Action& action, const sweep::Host& host) {
  TRY_ASSIGN(Change change, edit_shadow(host, action.subject.name, [](ShadowFields& fields) {
               lock_password(fields);
               fields[kShadowEndsOn] = "1";
             }));
  return Work{.changes = {std::move(change)}};
}

}  // namespace

constinit const ActionKind lock_account_action{
    .name = "lock_account",
    .requirement = "R25",
    .explain =
        R"TEXT(Locks an account that a stranger came in with: its password is locked, and its keys are kept but not read. Running sessions end by end_sessions.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
