// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind remove_torrent_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(finding.role == "torrent")) continue;
    Action action = action_about(remove_torrent_action, finding);
    action.effect = fmt::format("{} is no longer shared", finding.subject.path);
    action.risk = "";
    action.undo = "The torrent comes back with its state";
    action.proof = "The infohash is in no client's state, and the port is closed";
    action.is_default = !finding.leads.empty();
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host&) {
  return Work{.changes = {remove_change(action.subject.path)}};
}

}  // namespace

constinit const ActionKind remove_torrent_action{
    .name = "remove_torrent",
    .requirement = "R24",
    .explain =
        R"TEXT(Takes a torrent out of its client, so that it is neither seeded nor fetched; the files stay for their owner to decide.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
