// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind stop_process_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(finding.severity >= Severity::suspicious && finding.subject.kind == SubjectKind::process)) continue;
    Action action = action_about(stop_process_action, finding);
    action.effect = fmt::format("the program {} ends", finding.subject.name);
    action.risk = "What it has in memory is lost";
    action.undo = "Cannot be undone; its program is kept as a sealed copy";
    action.proof = "No process runs that program, and none comes back within a minute";
    action.is_default = finding.severity == Severity::malicious;
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  if (!host.live) return Work{.by_hand = "Nothing to do on a mounted disk: no process runs on it."};
  const auto found = std::ranges::find(host.processes, action.subject.pid, &sweep::Process::pid);
  if (found == host.processes.end() || found->exe.empty()) return Work{};
  Change change;
  change.kind = ChangeKind::end_process;
  change.pid = found->pid;
  change.path = found->exe + (found->exe_deleted ? " (deleted)" : "");
  change.says = fmt::format("process {} and all that it started end", found->pid);
  return Work{.changes = {std::move(change)}};
}

}  // namespace

constinit const ActionKind stop_process_action{
    .name = "stop_process",
    .requirement = "R21",
    .explain =
        R"TEXT(Freezes a process and all that it started, seals a copy of its program, and ends them. What would start it again is an action of its own. Never what this very session runs beneath.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
