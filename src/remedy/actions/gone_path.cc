// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/site_rule.h"

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

Result<Work> work(const Action& action, const sweep::Host& host) {
  const sweep::Site* site = host.site_of(action.subject.path);
  if (site == nullptr) return failure(Fault::not_found, "no site serves {}", shown_name(action.subject.path));
  const std::string at = action.subject.path.substr(std::min(site->docroot.size(), action.subject.path.size()));
  return gone_rule(host, *site, at);
}

}  // namespace

constinit const ActionKind gone_path_action{
    .name = "gone_path",
    .requirement = "R24",
    .explain =
        R"TEXT(Answers a reported address with 410 Gone, so that search engines and filters forget it, also after its file is removed. Apache and LiteSpeed: a line of the site's .htaccess. nginx: a location of its server block, tried with nginx -t before it counts.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
