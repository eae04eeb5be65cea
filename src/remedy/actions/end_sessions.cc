// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind end_sessions_action;

namespace {

// An account without a shell lets nobody in: what it did came another way.
bool lets_in(const Need& need, const Finding& finding) {
  const sweep::Account* account = need.host.account(finding.subject.name);
  return account == nullptr || account->can_log_in();
}

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(lets_in(need, finding) && finding.subject.kind == SubjectKind::account &&
          finding.severity == Severity::malicious))
      continue;
    Action action = action_about(end_sessions_action, finding);
    action.effect = fmt::format("all sessions of {} end", finding.subject.name);
    action.risk = "";
    action.undo = "Cannot be undone; who is meant to be there logs in again";
    action.proof = "No process and no session of the account is left";
    action.is_default = need.host.live;
    actions.push_back(std::move(action));
  }
}

// "" where nobody logged in (the kernel's number of no user).
std::string session_owner(const sweep::Host& host) {
  const std::string uid = sweep::read_or_nothing(*host.tree, "/proc/self/loginuid");
  return uid == "4294967295" ? "" : std::string{trim(uid)};
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  if (!host.live) return Work{.by_hand = "Nothing to do on a mounted disk: no session runs on it."};
  const std::string& name = action.subject.name;
  const sweep::Account* account = host.account(name);
  if (account == nullptr) return Work{.by_hand = fmt::format("End the sessions of {} in its application.", name)};
  // All of root's processes are the server itself; and who asks must not end the session that they ask from.
  if (account->uid == 0 || session_owner(host) == std::to_string(account->uid))
    return Work{.by_hand =
                    fmt::format("List the sessions of {} (who, loginctl list-sessions) and end those that are not "
                                "yours: loginctl terminate-session ID.",
                                name)};
  Change change;
  change.kind = ChangeKind::run;
  change.argv = {"pkill", "-KILL", "-U", std::to_string(account->uid)};
  change.says = "all processes of " + name + " end";
  return Work{.changes = {std::move(change)}};
}

}  // namespace

constinit const ActionKind end_sessions_action{
    .name = "end_sessions",
    .requirement = "R25",
    .explain =
        R"TEXT(Ends what runs under an account that a stranger came in with: log-in sessions, screens, left-behind programs.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
