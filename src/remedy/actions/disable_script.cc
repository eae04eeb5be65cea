// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind disable_script_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(finding.severity == Severity::suspicious && finding.subject.kind == SubjectKind::file &&
          (finding.role == "shell" || finding.role == "mailer" || finding.role == "dropper" ||
           finding.role == "proxy" || finding.role == "kit")))
      continue;
    Action action = action_about(disable_script_action, finding);
    action.effect = fmt::format("{} no longer runs", finding.subject.path);
    action.risk = "";
    action.undo = "The former mode comes back";
    action.proof = "The web server answers 403 for it";
    action.is_default = need.in_cause(finding);
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host&) {
  return Work{.changes = {restrict_change(action.subject.path, 0)}};
}

}  // namespace

constinit const ActionKind disable_script_action{
    .name = "disable_script",
    .requirement = "R21",
    .explain =
        R"TEXT(Takes the right to run or be served from a script that is under suspicion, and leaves it in its place: mode 0. For files that a person should look at first.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
