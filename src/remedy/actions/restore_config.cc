// SPDX-License-Identifier: Apache-2.0
#include "remedy/action_kind.h"
#include "remedy/injected.h"

namespace abate::remedy {

extern const ActionKind restore_config_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (finding.severity < Severity::suspicious || finding.subject.kind != SubjectKind::file ||
        !is_of_application(need.host, finding.subject.path))
      continue;
    Action action = action_about(restore_config_action, finding.subject, {finding.id});
    action.why = finding.why;
    action.effect = fmt::format("{} does what it did before the stranger's line came into it", finding.subject.path);
    action.undo = "The file comes back as it is now";
    action.proof = "The file is as abate left it, and a new sweep finds nothing in it";
    action.is_default = finding.severity == Severity::malicious;
    actions.push_back(std::move(action));
  }
}

std::string from_elsewhere(const sweep::Host& host, const std::string& path) {
  const sweep::Site* site = host.site_of(path);
  std::string how = fmt::format("Put {} back from a backup that was made before the break-in.", shown_name(path));
  const bool is_core = sweep::file_name(path) != "wp-config.php" && path.find("/wp-content/") == std::string::npos;
  if (site != nullptr && site->application == "wordpress" && is_core)
    how += fmt::format(" Or fetch WordPress' own files anew: wp core download --force --skip-content{} --path={}",
                       site->application_version.empty() ? "" : " --version=" + site->application_version,
                       shown_name(site->docroot));
  return how;
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  Result<Change> change = without_injected(host, action.subject);
  if (change) return Work{.changes = {std::move(*change)}};
  if (change.error().fault != Fault::not_found && action.subject.line != 0) return std::unexpected{change.error()};
  return Work{.by_hand = from_elsewhere(host, action.subject.path)};
}

}  // namespace

constinit const ActionKind restore_config_action{
    .name = "restore_config",
    .requirement = "R20",
    .explain =
        R"TEXT(Takes a stranger's line out of a file that an application cannot do without (wp-config.php, index.php, a theme's functions.php): where the line is plainly one whole statement it becomes a comment, a block in front of the file goes. Where it is not, it says where the file can be had again; until then quarantine_file takes it away as a whole.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
