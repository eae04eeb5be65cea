// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind bind_to_loopback_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!((finding.role == "exposed_service" || finding.role == "reflector") && finding.severity >= Severity::weak))
      continue;
    Action action = action_about(bind_to_loopback_action, finding);
    action.effect = fmt::format("the service of {} is reached from this machine only", finding.subject.path);
    action.risk = "Other servers that use it must be let in by a firewall rule or a tunnel";
    action.undo = "The former address comes back";
    action.proof = "No socket of it listens on another address than loopback";
    action.is_default = need.in_cause(finding);
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host& host) { return close_door(host, action.subject); }

}  // namespace

constinit const ActionKind bind_to_loopback_action{
    .name = "bind_to_loopback",
    .requirement = "R22",
    .explain =
        R"TEXT(Lets a service listen on this machine only: databases, caches and control interfaces that nobody outside needs.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
