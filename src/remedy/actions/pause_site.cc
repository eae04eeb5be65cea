// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/site_rule.h"

namespace abate::remedy {

extern const ActionKind pause_site_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  if (!need.diagnosis.entry || (need.diagnosis.entry->kind != EntryKind::vulnerable_application &&
                                need.diagnosis.entry->kind != EntryKind::stolen_password))
    return;
  const sweep::Site* site = need.host.site_of(need.diagnosis.entry->subject.path);
  if (site == nullptr) return;
  std::vector<std::string> ids;
  for (const CauseStep& step : need.diagnosis.cause)
    if (step.step == Step::entry) ids.push_back(step.finding);
  Action action = action_about(pause_site_action, file_subject(site->docroot), std::move(ids));
  action.why = need.diagnosis.entry->says;
  action.effect =
      fmt::format("visitors of {} see a maintenance page", site->names.empty() ? site->docroot : site->names.front());
  action.undo = "The site is served as before";
  action.proof = "Every address of the site answers 503";
  action.is_default = false;  // a site that stands still hurts its owner: only where the person says so
  actions.push_back(std::move(action));
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  const sweep::Site* site = host.site_of(action.subject.path);
  if (site == nullptr) return failure(Fault::not_found, "no site serves {}", shown_name(action.subject.path));
  return pause_rule(host, *site);
}

}  // namespace

constinit const ActionKind pause_site_action{
    .name = "pause_site",
    .requirement = "R23",
    .explain =
        R"TEXT(Answers a whole site with 503 until its hole is closed. For sites whose application cannot be updated at once.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
