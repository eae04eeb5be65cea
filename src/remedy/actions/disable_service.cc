// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind disable_service_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!((finding.role == "exposed_service" || finding.role == "proxyware" || finding.role == "tunnel" ||
           finding.role == "reflector" || finding.role == "exit_relay") &&
          finding.severity >= Severity::weak))
      continue;
    Action action = action_about(disable_service_action, finding);
    action.effect = fmt::format("the service of {} is off", finding.subject.path);
    action.risk = "";
    action.undo = "Enabled and started as before";
    action.proof = "Nothing listens on its port";
    action.is_default = finding.severity == Severity::malicious;
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host& host) { return mask_unit(host, action.subject); }

}  // namespace

constinit const ActionKind disable_service_action{
    .name = "disable_service",
    .requirement = "R30",
    .explain = R"TEXT(Switches a service off that nobody needs, or that must not be reachable until it is safe.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
