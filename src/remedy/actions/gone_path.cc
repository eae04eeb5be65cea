// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"

namespace abate::remedy {

extern const ActionKind gone_path_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (finding.severity != Severity::malicious || finding.subject.kind != SubjectKind::file || finding.leads.empty())
      continue;
    const sweep::Site* site = need.host.site_of(finding.subject.path);
    if (site == nullptr) continue;
    Action action = action_about(gone_path_action, finding);
    action.effect = fmt::format("the web server answers 410 for {}", finding.subject.path.substr(site->docroot.size()));
    action.undo = "The rule is taken out again";
    action.proof = "The reported address answers 410 through the local virtual host";
    actions.push_back(std::move(action));
  }
}

}  // namespace

constinit const ActionKind gone_path_action{
    .name = "gone_path",
    .requirement = "R24",
    .explain =
        R"TEXT(Answers a reported address with 410 Gone, so that search engines and filters forget it, also after its file is removed.)TEXT",
    .propose = propose};

}  // namespace abate::remedy
