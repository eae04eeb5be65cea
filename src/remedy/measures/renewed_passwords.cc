// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/edit.h"
#include "remedy/measure.h"

namespace abate::remedy {

extern const Measure renewed_passwords_measure;

namespace {

bool is_old_kind(const sweep::Account& account) {
  return account.password == sweep::Account::Password::set &&
         (account.hash_method == "md5" || account.hash_method == "des" || account.hash_method.empty());
}

bool is_due(const sweep::Host& host, const sweep::Account& account) {
  for (const std::string_view line : sweep::lines_of(*host.tree, "/etc/shadow", kEditedBytesMax))
    if (line.starts_with(account.name + ":")) {
      const std::size_t hash = line.find(':', account.name.size() + 1);
      return hash != std::string_view::npos && line.substr(hash + 1).starts_with("0:");
    }
  return false;
}

void look(const Ground& ground, Advised& out) {
  bool seen = false;
  for (const sweep::Account& account : ground.host.accounts) {
    const bool named = std::ranges::find(ground.renew, account.name) != ground.renew.end();
    if ((!named && !is_old_kind(account)) || is_due(ground.host, account)) continue;
    seen = true;
    Subject subject;
    subject.kind = SubjectKind::account;
    subject.name = account.name;
    Action& action = out.advise(
        subject, named ? fmt::format("You named {}: its password is to be changed", account.name)
                       : fmt::format("The password of {} is kept in a way that is guessed in hours ({})", account.name,
                                     account.hash_method.empty() ? "an unknown one" : account.hash_method));
    action.effect = fmt::format("{} has to choose a new password at the next log-in", account.name);
    action.risk = "A program that logs in as this account stops until somebody has done so";
    action.undo = "The password is as before";
    action.is_default = named;
  }
  for (const std::string& name : ground.renew)
    if (ground.host.account(name) == nullptr) {
      Subject subject;
      subject.kind = SubjectKind::account;
      subject.name = name;
      out.by_hand(subject, "No account of this server has that name", "Change its password where it is kept.");
      seen = true;
    }
  if (!seen) out.already("passwords are kept by a strong hash");
}

// 0 as the day of the last change asks for a new password at the next log-in (shadow(5)).
Result<Work> work(const Action& action, const sweep::Host& host) {
  TRY_ASSIGN(Change change,
             edit_shadow(host, action.subject.name, [](ShadowFields& fields) { fields[kShadowChangedOn] = "0"; }));
  return Work{.changes = {std::move(change)}};
}

constexpr MeasureExample kExamples[] = {{"MD5", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
old:x:1001:1001::/home/old:/bin/bash
--- /etc/shadow mode=0640
root:*:19000:0:99999:7:::
old:$1$salt$hashhashhashhashhash0:12000:0:99999:7:::
)x",
                                         Standing::advised},
                                        {"yescrypt", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /etc/shadow
root:$y$j9T$x$y:19000:0:99999:7:::
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure renewed_passwords_measure{
    .name = "renewed_passwords",
    .requirement = "R28",
    .title = "Weak passwords are renewed",
    .explain =
        R"TEXT(Asks for a new password at the next log-in: for the accounts that you name (abate harden --renew NAME,…), and for those whose password is kept by an old hash (MD5, DES) that is guessed in hours. The date of the last change in /etc/shadow becomes 0; nothing else changes.
What can go wrong: programs that log in as that account stop. Undo: abate undo puts the date back.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
