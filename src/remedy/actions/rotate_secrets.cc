// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"

namespace abate::remedy {

extern const ActionKind rotate_secrets_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  std::vector<std::string> ids;
  for (const CauseStep& step : need.diagnosis.cause)
    if (step.step == Step::entry || step.step == Step::foothold) ids.push_back(step.finding);
  if (ids.empty() || !need.diagnosis.entry || need.diagnosis.entry->kind == EntryKind::open_configuration ||
      need.diagnosis.entry->kind == EntryKind::by_owner)
    return;
  const sweep::Site* site = need.host.site_of(need.diagnosis.entry->subject.path);
  Action action =
      action_about(rotate_secrets_action, site != nullptr ? file_subject(site->docroot) : need.diagnosis.entry->subject,
                   std::move(ids));
  action.why = "Whoever was in could read every secret that lies there";
  action.effect = "Everybody has to log in again; programs that use these passwords need the new ones";
  action.undo = "The former values come back from the sealed copy";
  action.proof = "The former values open nothing any more";
  actions.push_back(std::move(action));
}

}  // namespace

constinit const ActionKind rotate_secrets_action{
    .name = "rotate_secrets",
    .requirement = "R28",
    .explain =
        R"TEXT(Changes what a stranger could read: salts and database passwords of the site, mail passwords, API keys, the keys in the account's home. Salts of a CMS are renewed at once; of the others it says what and how.)TEXT",
    .propose = propose};

}  // namespace abate::remedy
