// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind close_proxy_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(finding.role == "open_proxy" && finding.severity >= Severity::weak)) continue;
    Action action = action_about(close_proxy_action, finding);
    action.effect = fmt::format("the proxy of {} serves this machine only", finding.subject.path);
    action.risk = "";
    action.undo = "The former lines come back";
    action.proof = "CONNECT and SOCKS5 without a password are refused from outside";
    action.is_default = true;
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host& host) { return close_door(host, action.subject); }

}  // namespace

constinit const ActionKind close_proxy_action{
    .name = "close_proxy",
    .requirement = "R22",
    .explain =
        R"TEXT(Closes a proxy to strangers: it listens on this machine only, or asks for a password, by its own configuration; checked before it counts.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
