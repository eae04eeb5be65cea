// SPDX-License-Identifier: Apache-2.0
#include "remedy/action_kind.h"
#include "remedy/injected.h"

namespace abate::remedy {

extern const ActionKind edit_config_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (finding.severity < Severity::suspicious || finding.subject.kind != SubjectKind::file ||
        finding.subject.line == 0 || !is_web_configuration(finding.subject.path))
      continue;
    Action action = action_about(edit_config_action, finding.subject, {finding.id});
    action.why = finding.why;
    action.effect = fmt::format("line {} of {} no longer counts; the rest of the file stays", finding.subject.line,
                                finding.subject.path);
    action.undo = "The line comes back as it was";
    action.proof = "The file is as abate left it, and the page no longer does what the line said";
    action.is_default = finding.severity == Severity::malicious;
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  TRY_ASSIGN(Change change, without_injected(host, action.subject));
  return Work{.changes = {std::move(change)}};
}

}  // namespace

constinit const ActionKind edit_config_action{
    .name = "edit_config",
    .requirement = "R20",
    .explain =
        R"TEXT(Takes a directive that a stranger added out of a site's configuration (.htaccess, .user.ini, php.ini): it becomes a comment, a rewrite rule together with its conditions. The rest of the file stays as it is, so that the site goes on working.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
