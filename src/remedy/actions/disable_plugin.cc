// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind disable_plugin_action;

namespace {

// "/…/wp-content/plugins/NAME", "" for a file of no plugin or theme.
std::string plugin_of(const std::string& path) {
  for (const std::string_view place :
       {"/wp-content/plugins/", "/wp-content/themes/", "/modules/", "/components/", "/sites/all/modules/"}) {
    const std::size_t at = path.find(place);
    if (at == std::string::npos) continue;
    const std::size_t end = path.find('/', at + place.size());
    return path.substr(0, end);
  }
  return {};
}

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(!plugin_of(finding.subject.path).empty() &&
          (need.in_cause(finding) || finding.role == "vulnerable_application" || finding.role == "endpoint")))
      continue;
    Action action = action_about(disable_plugin_action, finding);
    action.effect = fmt::format("the plugin {} is off; pages lose what it did", plugin_of(finding.subject.path));
    action.risk = "";
    action.undo = "The folder gets its owner and mode back";
    action.proof = "The endpoint answers 403 or 404";
    action.is_default = need.in_cause(finding);
    action.subject = file_subject(plugin_of(finding.subject.path));
    action.id = action_id(action);
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host&) {
  return Work{.changes = {restrict_change(action.subject.path, 0)}};
}

}  // namespace

constinit const ActionKind disable_plugin_action{
    .name = "disable_plugin",
    .requirement = "R23",
    .explain =
        R"TEXT(Takes a plugin out of service by closing its folder to the web server: its application finds it missing and goes on without it. Settings and data stay.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
