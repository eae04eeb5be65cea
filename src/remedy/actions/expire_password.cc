// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind expire_password_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(need.lets_in(finding) && finding.subject.kind == SubjectKind::account &&
          finding.severity >= Severity::suspicious))
      continue;
    Action action = action_about(expire_password_action, finding);
    action.effect = fmt::format("{} has to choose a new password at the next log-in", finding.subject.name);
    action.risk = "";
    action.undo = "The former state of the password comes back";
    action.proof = "The shadow entry says that the password is due";
    action.is_default = finding.severity == Severity::malicious || need.is_sure_entry(finding);
    actions.push_back(std::move(action));
  }
}

// 0 as the day of the last change asks for a new password at the next log-in (shadow(5)).
Result<Work> work(const Action& action, const sweep::Host& host) {
  TRY_ASSIGN(Change change,
             edit_shadow(host, action.subject.name, [](ShadowFields& fields) { fields[kShadowChangedOn] = "0"; }));
  return Work{.changes = {std::move(change)}};
}

}  // namespace

constinit const ActionKind expire_password_action{
    .name = "expire_password",
    .requirement = "R25",
    .explain =
        R"TEXT(Asks an account for a new password at the next log-in. For accounts whose password is known to a stranger but which must go on working.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
