// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const Key& key : host.keys) {
    const Account* account = host.account(key.account);
    constexpr std::string_view kLegitimate[] = {"git",      "gitea",   "gitolite", "backup",  "borg",
                                                "ansible",  "jenkins", "nagios",   "monitor", "zabbix",
                                                "postgres", "rsync",   "deploy",   "barman",  "gitlab-runner"};
    if (account == nullptr || account->uid == 0 || account->uid >= 1000) continue;
    if (std::ranges::find(kLegitimate, account->name) != std::end(kLegitimate)) continue;
    Subject subject;
    subject.kind = SubjectKind::key;
    subject.path = key.path;
    subject.line = key.line;
    subject.name = key.account;
    Finding& finding = out.add(std::move(subject),
                               fmt::format("A key lets somebody log in as {}, an account of a service", key.account));
    if (const Result<Stat> stat = host.tree->stat_through_links(key.path)) finding.at = stat->modified;
    finding.uid = account->uid;
    finding.evidence.push_back(
        fmt::format("{}:{}: {} {} {}", key.path, key.line, key.type, key.fingerprint, key.comment));
    finding.ids = {key.account, key.fingerprint};
    finding.role = "persistence";
  }
}

constexpr Example kExamples[] = {{"www-data", R"TREE(--- /etc/passwd
root:x:0:0::/root:/bin/sh
www-data:x:33:33::/var/www:/usr/sbin/nologin
anna:x:1000:1000::/home/anna:/bin/bash
--- /var/www/.ssh/authorized_keys uid=33
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB x
)TREE",
                                  1},
                                 {"a person", R"TREE(--- /etc/passwd
root:x:0:0::/root:/bin/sh
www-data:x:33:33::/var/www:/usr/sbin/nologin
anna:x:1000:1000::/home/anna:/bin/bash
--- /home/anna/.ssh/authorized_keys uid=1000
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB anna@laptop
)TREE",
                                  0}};

}  // namespace

extern const Detector key_for_system_account_detector;
constinit const Detector key_for_system_account_detector{
    .id = "key_for_system_account",
    .area = Area::accounts,
    .severity = Severity::malicious,
    .title = "A key lets somebody log in as a service",
    .explain =
        R"TEXT(An authorized_keys for the web server's, the mail server's or another service's account is put there by whoever came in through that service: nobody logs in as www-data.
What to do: take the key out, and find how it came in by the file's time.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
