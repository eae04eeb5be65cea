// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind update_application_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  if (!need.diagnosis.entry || need.diagnosis.entry->kind != EntryKind::vulnerable_application) return;
  std::vector<std::string> ids;
  for (const CauseStep& step : need.diagnosis.cause)
    if (step.step == Step::entry) ids.push_back(step.finding);
  const sweep::Site* site = need.host.site_of(need.diagnosis.entry->subject.path);
  Action action = action_about(update_application_action, need.diagnosis.entry->subject, std::move(ids));
  action.why = need.diagnosis.entry->says;
  action.effect = site != nullptr && !site->application.empty()
                      ? fmt::format("{} {}, its themes and plugins are brought up to date", site->application,
                                    site->application_version)
                      : "The application is brought up to date";
  action.undo = "From the backup that is made first";
  action.proof = "The version is one without this hole, and the request that came in is refused";
  actions.push_back(std::move(action));
}

Result<Work> work(const Action&, const sweep::Host&) {
  return Work{.by_hand = "Update it in its own administration pages, or take it away for good."};
}

}  // namespace

constinit const ActionKind update_application_action{
    .name = "update_application",
    .requirement = "R27",
    .explain =
        R"TEXT(Names the application or plugin through which strangers came in and what to update it to. Abate fetches nothing: it says what to do, and checks it afterwards.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
