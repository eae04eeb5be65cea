// SPDX-License-Identifier: Apache-2.0

#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const Account& account : host.accounts) {
    if (account.uid != 0 || account.name == "root") continue;
    Subject subject;
    subject.kind = SubjectKind::account;
    subject.path = "/etc/passwd";
    subject.line = account.line;
    subject.name = account.name;
    Finding& finding =
        out.add(std::move(subject), fmt::format("{} has the number 0: it is root under another name", account.name));
    finding.at = account.password_changed_at;
    finding.ids.push_back(account.name);
    finding.role = "persistence";
  }
}

constexpr Example kExamples[] = {{"a second root", R"TREE(--- /etc/passwd
root:x:0:0::/root:/bin/sh
support:x:0:0::/home/s:/bin/bash
)TREE",
                                  1},
                                 {"one root", R"TREE(--- /etc/passwd
root:x:0:0::/root:/bin/sh
)TREE",
                                  0}};

}  // namespace

extern const Detector second_uid_zero_detector;
constinit const Detector second_uid_zero_detector{
    .id = "second_uid_zero",
    .area = Area::accounts,
    .severity = Severity::malicious,
    .title = "Another account with all rights",
    .explain =
        R"TEXT(Only root has the number 0. A second account with it is root under another name: the most lasting way back in.
False alarms: a few old appliances ship one (toor). Ask who made it.
What to do: lock it, end its sessions, look when it was made.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
