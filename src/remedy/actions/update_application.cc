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

// "/…/wp-content/plugins/NAME/…" -> NAME
std::string part_of(const std::string& path, std::string_view place) {
  const std::size_t at = path.find(place);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + place.size();
  return path.substr(begin, path.find('/', begin) - begin);
}

// In the words of the application's own tool, as the site's own account.
std::string command_of(const sweep::Site& site, const std::string& path) {
  const std::string folder = shown_name(site.docroot);
  if (site.application == "wordpress") {
    const std::string as = site.account.empty() ? "" : fmt::format("sudo -u {} ", shown_name(site.account));
    const std::string plugin = part_of(path, "/wp-content/plugins/");
    const std::string theme = part_of(path, "/wp-content/themes/");
    if (!plugin.empty()) return fmt::format("{}wp plugin update {} --path={}", as, shown_name(plugin), folder);
    if (!theme.empty()) return fmt::format("{}wp theme update {} --path={}", as, shown_name(theme), folder);
    return fmt::format("{0}wp core update --path={1} && {0}wp plugin update --all --path={1}", as, folder);
  }
  if (site.application == "drupal") return fmt::format("cd {} && composer update 'drupal/*' && drush updatedb", folder);
  if (site.application == "joomla") return fmt::format("php {}/cli/joomla.php core:update", folder);
  return {};
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  const sweep::Site* site = host.site_of(action.subject.path);
  const std::string command = site == nullptr ? "" : command_of(*site, action.subject.path);
  return Work{.by_hand = fmt::format("Update it in its own administration pages{}, or take it away for good.",
                                     command.empty() ? "" : ", or run: " + command)};
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
