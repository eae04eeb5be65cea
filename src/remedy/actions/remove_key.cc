// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind remove_key_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(finding.subject.kind == SubjectKind::key && finding.severity >= Severity::suspicious)) continue;
    Action action = action_about(remove_key_action, finding);
    action.effect =
        fmt::format("the key in line {} of {} opens nothing any more", finding.subject.line, finding.subject.path);
    action.risk = "Whoever used it in good faith is locked out";
    action.undo = "The line comes back where it was";
    action.proof = "The key is in no authorized_keys of this server";
    action.is_default = finding.severity == Severity::malicious;
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  if (action.subject.line == 0) return Work{.changes = {remove_change(action.subject.path)}};
  TRY_ASSIGN(Change change, comment_line(host, action.subject.path, action.subject.line));
  return Work{.changes = {std::move(change)}};
}

}  // namespace

constinit const ActionKind remove_key_action{
    .name = "remove_key",
    .requirement = "R25",
    .explain =
        R"TEXT(Takes a line out of an authorized_keys. Never the last key of the account that asks, unless a password or console is left.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
