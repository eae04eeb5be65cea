// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind disable_unit_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(finding.severity >= Severity::suspicious && finding.subject.kind == SubjectKind::unit)) continue;
    Action action = action_about(disable_unit_action, finding);
    action.effect = fmt::format("{} does not run and does not start again",
                                finding.subject.name.empty() ? finding.subject.path : finding.subject.name);
    action.risk = "";
    action.undo = "Unmasked, enabled and started as before";
    action.proof = "systemctl is-active and is-enabled say no; the autostart list names it no more";
    action.is_default = finding.severity == Severity::malicious;
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host& host) { return mask_unit(host, action.subject); }

}  // namespace

constinit const ActionKind disable_unit_action{
    .name = "disable_unit",
    .requirement = "R21",
    .explain =
        R"TEXT(Stops a systemd unit, disables and masks it; its files are sealed when they belong to no package.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
