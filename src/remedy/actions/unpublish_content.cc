// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"
#include "remedy/site_rule.h"

namespace abate::remedy {

extern const ActionKind unpublish_content_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(finding.subject.kind == SubjectKind::file && !finding.leads.empty() &&
          (need.host.ticket.category == Category::illegal_content) && finding.role != "torrent"))
      continue;
    Action action = action_about(unpublish_content_action, finding);
    action.effect = fmt::format("{} is no longer served", finding.subject.path);
    action.risk = "";
    action.undo = "Served as before";
    action.proof = "The reported address answers 410";
    action.is_default = true;
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  const std::string& path = action.subject.path;
  const sweep::Site* site = host.site_of(path);
  Work work;
  if (site != nullptr && path.size() > site->docroot.size()) {
    const Result<Work> gone = gone_rule(host, *site, path.substr(site->docroot.size()));
    if (gone)
      work = *gone;
    else
      work.by_hand = gone.error().what;
  }
  work.changes.insert(work.changes.begin(), restrict_change(path, 0));
  return work;
}

}  // namespace

constinit const ActionKind unpublish_content_action{
    .name = "unpublish_content",
    .requirement = "R24",
    .explain =
        R"TEXT(Takes content from the web without opening, copying or deleting it: its path answers 410, its mode is 0. For what may not be shown and may have to be kept.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
