// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind rebuild_server_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  if (need.diagnosis.verdict != SweepVerdict::rebuild) return;
  std::vector<std::string> ids;
  for (const Finding& finding : need.findings)
    if (finding.severity == Severity::malicious && need.in_cause(finding)) ids.push_back(finding.id);
  Subject subject;
  subject.kind = SubjectKind::package;
  subject.name = "the whole server";
  Action action = action_about(rebuild_server_action, std::move(subject), std::move(ids));
  action.why = "Programs that everything stands on were changed: what they say cannot be believed";
  action.effect = "A new server from fresh packages takes over; data is carried across, programs are not";
  action.undo = "The old disk is kept until the new server has proved itself";
  action.proof = "A sweep of the new server finds nothing, and the old one is off";
  actions.push_back(std::move(action));
}

Result<Work> work(const Action&, const sweep::Host&) {
  return Work{.by_hand =
                  "Set up a new server, bring over data only (no programs, no settings of the system), change every "
                  "password and key."};
}

}  // namespace

constinit const ActionKind rebuild_server_action{
    .name = "rebuild_server",
    .requirement = "R26",
    .explain =
        R"TEXT(Says that this server cannot be trusted any more, and leads to a new one: what to save, what not, what to change.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
