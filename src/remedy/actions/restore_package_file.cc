// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind restore_package_file_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(finding.detector == "program_file_changed" && finding.severity >= Severity::suspicious)) continue;
    Action action = action_about(restore_package_file_action, finding);
    action.effect = fmt::format("{} is the package's own again", finding.subject.path);
    action.risk = "";
    action.undo = "The changed file comes back from its sealed copy";
    action.proof = "The file has the checksum that its package names";
    action.is_default = finding.severity == Severity::malicious;
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  const std::string package = host.packages == nullptr ? "" : host.packages->package_of(action.subject.path);
  if (package.empty()) return Work{.by_hand = "Install the package that this file belongs to anew."};
  const bool rpm = host.packages->system() == "rpm";
  return Work{.by_hand = fmt::format("{} {}", rpm ? "dnf reinstall" : "apt-get install --reinstall", package)};
}

}  // namespace

constinit const ActionKind restore_package_file_action{
    .name = "restore_package_file",
    .requirement = "R20",
    .explain =
        R"TEXT(Puts a program file back as its package brought it: from the package cache where it is there, else it says what to install again.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
