// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind close_relay_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(finding.role == "open_relay" && finding.severity >= Severity::weak)) continue;
    Action action = action_about(close_relay_action, finding);
    action.effect =
        fmt::format("{} passes on mail of this machine and of people who log in only", finding.subject.path);
    action.risk = "Devices that sent without a password (printers, scanners) must be named or given one";
    action.undo = "The former line comes back";
    action.proof = "A test on loopback: a stranger's mail is answered with 5xx Relay access denied";
    action.is_default = true;
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host& host) { return close_door(host, action.subject); }

}  // namespace

constinit const ActionKind close_relay_action{
    .name = "close_relay",
    .requirement = "R22",
    .explain =
        R"TEXT(Closes a mail server that passes on strangers' mail: the line that opens it gets a value that serves this machine and its users only; checked by the server's own checker, rolled back if that fails.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
