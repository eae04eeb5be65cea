// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind lock_mailbox_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(finding.subject.kind == SubjectKind::mailbox && finding.severity >= Severity::suspicious)) continue;
    Action action = action_about(lock_mailbox_action, finding);
    action.effect = fmt::format("{} can neither send nor read until it gets a new password; mail still arrives",
                                finding.subject.name);
    action.risk = "";
    action.undo = "The former password entry comes back";
    action.proof = "A log-in with the former password is refused, and nothing more is sent as it";
    action.is_default = finding.severity == Severity::malicious;
    actions.push_back(std::move(action));
  }
}

// A mailbox is a system account, or a line of a password file; one in a database is for a person.
Result<Work> work(const Action& action, const sweep::Host& host) {
  const std::string& name = action.subject.name;
  if (host.account(name) != nullptr) {
    TRY_ASSIGN(Change change, edit_shadow(host, name, lock_password));
    return Work{.changes = {std::move(change)}};
  }
  for (const char* path :
       {"/etc/dovecot/users", "/etc/dovecot/passwd", "/etc/dovecot/passwd.db", "/etc/exim4/passwd"}) {
    std::uint32_t number = 0;
    for (const std::string_view line : sweep::lines_of(*host.tree, path)) {
      ++number;
      if (!line.starts_with(name + ":")) continue;
      TRY_ASSIGN(Change change, comment_line(host, path, number));
      return Work{.changes = {std::move(change)}};
    }
  }
  return Work{.by_hand =
                  fmt::format("Set a new password for the mailbox {} where mailboxes are kept (panel, database), "
                              "and end its sessions.",
                              name)};
}

}  // namespace

constinit const ActionKind lock_mailbox_action{
    .name = "lock_mailbox",
    .requirement = "R25",
    .explain =
        R"TEXT(Locks a mailbox that strangers send with: its password no longer lets in. Mail still arrives.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
