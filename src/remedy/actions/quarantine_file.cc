// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind quarantine_file_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(finding.severity == Severity::malicious && finding.subject.kind == SubjectKind::file &&
          finding.role != "system_file" && finding.detector != "program_file_changed" && finding.role != "torrent"))
      continue;
    Action action = action_about(quarantine_file_action, finding);
    action.effect = fmt::format("{} is gone; pages that need it stop working", finding.subject.path);
    action.risk = "Evidence stays in the sealed copy";
    action.undo = "The sealed copy goes back with its owner, mode, times and attributes";
    action.proof = "The path is gone, and no file with this hash is left on the disk";
    action.is_default = finding.severity == Severity::malicious;
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host&) {
  return Work{.changes = {remove_change(action.subject.path)}};
}

}  // namespace

constinit const ActionKind quarantine_file_action{
    .name = "quarantine_file",
    .requirement = "R20",
    .explain =
        R"TEXT(Moves a file out of reach: a sealed, encrypted copy with owner, mode, times and attributes goes into the state folder, outside of any docroot; the original is removed. Undo puts it back byte for byte.
Of a phishing kit the victims' data is sealed too and never printed.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
