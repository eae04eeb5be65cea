// SPDX-License-Identifier: Apache-2.0

#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const Account& account : host.accounts) {
    if (account.password != Account::Password::empty || !account.can_log_in()) continue;
    Subject subject;
    subject.kind = SubjectKind::account;
    subject.path = "/etc/passwd";
    subject.line = account.line;
    subject.name = account.name;
    Finding& finding = out.add(std::move(subject), fmt::format("{} can log in with an empty password", account.name));
    finding.uid = account.uid;
    finding.ids.push_back(account.name);
  }
}

constexpr Example kExamples[] = {{"empty", R"TREE(--- /etc/passwd
anna:x:1000:1000::/home/anna:/bin/bash
--- /etc/shadow
anna::20000:0:99999:7:::
)TREE",
                                  1},
                                 {"locked", R"TREE(--- /etc/passwd
anna:x:1000:1000::/home/anna:/bin/bash
--- /etc/shadow
anna:!:20000:0:99999:7:::
)TREE",
                                  0}};

}  // namespace

extern const Detector empty_password_detector;
constinit const Detector empty_password_detector{
    .id = "empty_password",
    .area = Area::accounts,
    .severity = Severity::weak,
    .title = "An account needs no password",
    .explain =
        R"TEXT(Whoever knows the name is in. It is called malicious when the account can log in and has an empty password that was set, not merely none.
What to do: give it a password or lock it.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
