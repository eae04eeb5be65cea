// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind remove_sudoers_line_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(finding.detector.starts_with("sudoers_") && finding.severity >= Severity::suspicious)) continue;
    Action action = action_about(remove_sudoers_line_action, finding);
    action.effect = fmt::format("the right in line {} of {} is gone", finding.subject.line, finding.subject.path);
    action.risk = "";
    action.undo = "The line comes back";
    action.proof = "sudo -l of the account names it no more";
    action.is_default = finding.severity == Severity::malicious;
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  TRY_ASSIGN(Change change, comment_line(host, action.subject.path, action.subject.line));
  return Work{.changes = {std::move(change)}, .check = {"visudo", "-c"}};
}

}  // namespace

constinit const ActionKind remove_sudoers_line_action{
    .name = "remove_sudoers_line",
    .requirement = "R25",
    .explain =
        R"TEXT(Takes a line out of sudoers that gives an account rights which it should not have; checked with visudo -c before it counts.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
