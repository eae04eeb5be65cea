// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"
#include "remedy/package_cache.h"

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
  if (const std::optional<std::string> bytes = cached_file(host, action.subject.path))
    return Work{.changes = {write_change(
                    action.subject.path, *bytes,
                    fmt::format("{} becomes the file of package {}, as apt kept it", action.subject.path, package))}};
  if (package.empty()) return Work{.by_hand = "Install the package that this file belongs to anew."};
  const bool rpm = host.packages->system() == "rpm";
  return Work{.by_hand =
                  fmt::format("{} {}", rpm ? "dnf reinstall" : "apt-get install --reinstall", shown_name(package))};
}

}  // namespace

constinit const ActionKind restore_package_file_action{
    .name = "restore_package_file",
    .requirement = "R20",
    .explain =
        R"TEXT(Puts a program file back as its package brought it: from the package that apt kept in /var/cache/apt/archives, where its bytes have the checksum that dpkg names for them; else it says what to install again.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
