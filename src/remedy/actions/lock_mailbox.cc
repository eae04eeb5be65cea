// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/mailbox.h"

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

Result<Work> work(const Action& action, const sweep::Host& host) {
  return lock_mailbox_work(host, action.subject.name);
}

}  // namespace

constinit const ActionKind lock_mailbox_action{
    .name = "lock_mailbox",
    .requirement = "R25",
    .explain =
        R"TEXT(Locks a mailbox that strangers send with: its password no longer lets in. Mail still arrives. Passwords in files (the system's, Dovecot's, Exim's, cPanel's, DirectAdmin's) are locked at once; for those in a database it says the statement.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
