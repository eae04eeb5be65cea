// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind close_resolver_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(finding.role == "open_resolver" && finding.severity >= Severity::weak)) continue;
    Action action = action_about(close_resolver_action, finding);
    action.effect = fmt::format("{} answers strangers about its own zones only", finding.subject.path);
    action.risk = "";
    action.undo = "The former lines come back";
    action.proof = "A recursive question from outside is answered with REFUSED";
    action.is_default = true;
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host& host) { return close_door(host, action.subject); }

}  // namespace

constinit const ActionKind close_resolver_action{
    .name = "close_resolver",
    .requirement = "R22",
    .explain =
        R"TEXT(Lets a name server answer questions about foreign names for this machine's own networks only.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
