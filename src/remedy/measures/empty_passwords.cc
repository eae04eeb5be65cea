// SPDX-License-Identifier: Apache-2.0
#include "remedy/edit.h"
#include "remedy/measure.h"

namespace abate::remedy {

extern const Measure empty_passwords_measure;

namespace {

void look(const Ground& ground, Advised& out) {
  bool seen = false;
  for (const sweep::Account& account : ground.host.accounts) {
    if (account.password != sweep::Account::Password::empty) continue;
    seen = true;
    Subject subject;
    subject.kind = SubjectKind::account;
    subject.name = account.name;
    const std::string why = fmt::format("{} has an empty password: whoever knows the name is in", account.name);
    if (account.uid == 0) {
      out.by_hand(subject, why, fmt::format("Give it a password at once: passwd {}", account.name));
      continue;
    }
    Action& action = out.advise(subject, why);
    action.effect = fmt::format("No password opens {} until it gets one (passwd {}); its keys go on working",
                                account.name, account.name);
    action.undo = "The empty password comes back";
  }
  if (!seen) out.already("no account has an empty password");
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  TRY_ASSIGN(Change change, edit_shadow(host, action.subject.name, lock_password));
  return Work{.changes = {std::move(change)}};
}

constexpr MeasureExample kExamples[] = {{"an empty field", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
deploy:x:1001:1001::/home/deploy:/bin/bash
--- /etc/shadow mode=0640
root:*:19000:0:99999:7:::
deploy::19000:0:99999:7:::
)x",
                                         Standing::advised},
                                        {"root's own", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /etc/shadow
root::19000:0:99999:7:::
)x",
                                         Standing::by_hand},
                                        {"all have one or none", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /etc/shadow
root:*:19000:0:99999:7:::
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure empty_passwords_measure{
    .name = "empty_passwords",
    .requirement = "R28",
    .title = "No empty password",
    .explain =
        R"TEXT(Locks the password of accounts whose password is empty (a ! before the hash in /etc/shadow): nobody gets in by it until somebody sets one with passwd. Keys go on working. root itself is left to you.
Undo: abate undo puts the line of /etc/shadow back.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
