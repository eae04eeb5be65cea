// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind update_packages_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  std::vector<std::string> ids;
  for (const Finding& finding : need.findings)
    if (finding.detector == "outdated_packages" || finding.detector == "end_of_life") ids.push_back(finding.id);
  if (ids.empty()) return;
  Subject subject;
  subject.kind = SubjectKind::package;
  subject.name = "security updates";
  Action action = action_about(update_packages_action, std::move(subject), std::move(ids));
  action.why = "Known holes are closed by updates that are already there";
  action.effect = "Services are restarted; a new kernel needs a reboot";
  action.undo = "The former versions are named in the journal and can be installed again";
  action.proof = "The package lists name no security update that is not installed";
  action.is_default = false;
  actions.push_back(std::move(action));
}

Result<Work> work(const Action&, const sweep::Host& host) {
  const bool rpm = host.packages != nullptr && host.packages->system() == "rpm";
  return Work{.by_hand = rpm ? "Run: dnf upgrade --refresh  Then what still runs the old files: dnf needs-restarting"
                             : "Run: apt-get update && apt-get upgrade  Then restart what was updated (needrestart "
                               "lists it), or the server."};
}

}  // namespace

constinit const ActionKind update_packages_action{
    .name = "update_packages",
    .requirement = "R27",
    .explain = R"TEXT(Installs the security updates that the system's own package lists name.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
