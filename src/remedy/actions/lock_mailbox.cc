// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"

namespace abate::remedy {

extern const ActionKind lock_mailbox_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(finding.subject.kind == SubjectKind::mailbox && finding.severity >= Severity::suspicious)) continue;
    Action action = action_about(lock_mailbox_action, finding);
    action.effect = fmt::format("{} can neither send nor read until it gets a new password; mail still arrives",
                                finding.subject.name);
    action.risk = "";
    action.undo = "The former password entry comes back";
    action.proof = "A log-in with the former password is refused, and nothing more is sent as it";
    action.is_default = finding.severity == Severity::malicious;
    actions.push_back(std::move(action));
  }
}

}  // namespace

constinit const ActionKind lock_mailbox_action{
    .name = "lock_mailbox",
    .requirement = "R25",
    .explain =
        R"TEXT(Locks a mailbox that strangers send with: its password no longer lets in, its sessions end. Mail still arrives.)TEXT",
    .propose = propose};

}  // namespace abate::remedy
