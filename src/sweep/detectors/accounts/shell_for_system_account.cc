// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  constexpr std::string_view kNames[] = {"www-data",
                                         "apache",
                                         "nginx",
                                         "mail",
                                         "news",
                                         "uucp",
                                         "proxy",
                                         "backup",
                                         "list",
                                         "irc",
                                         "nobody",
                                         "games",
                                         "man",
                                         "lp",
                                         "daemon",
                                         "bin",
                                         "sys",
                                         "sshd",
                                         "mysql",
                                         "postfix",
                                         "dovecot",
                                         "redis",
                                         "ftp",
                                         "named",
                                         "bind",
                                         "memcache",
                                         "messagebus",
                                         "ntp",
                                         "_apt",
                                         "systemd-network",
                                         "systemd-resolve"};
  for (const Account& account : host.accounts) {
    if (std::ranges::find(kNames, account.name) == std::end(kNames) || !account.can_log_in() ||
        account.password != Account::Password::set)
      continue;
    Subject subject;
    subject.kind = SubjectKind::account;
    subject.path = "/etc/passwd";
    subject.line = account.line;
    subject.name = account.name;
    Finding& finding = out.add(
        std::move(subject), fmt::format("{} is an account of a service, and has a password and a shell", account.name));
    finding.severity = Severity::malicious;
    finding.at = account.password_changed_at;
    finding.uid = account.uid;
    finding.ids.push_back(account.name);
    finding.role = "persistence";
  }
}

constexpr Example kExamples[] = {{"the web server's account", R"TREE(--- /etc/passwd
www-data:x:33:33::/var/www:/bin/bash
--- /etc/shadow
www-data:$6$a$b:20700:0:99999:7:::
)TREE",
                                  1},
                                 {"as it should be", R"TREE(--- /etc/passwd
www-data:x:33:33::/var/www:/usr/sbin/nologin
--- /etc/shadow
www-data:*:19000:0:99999:7:::
)TREE",
                                  0}};

}  // namespace

extern const Detector shell_for_system_account_detector;
constinit const Detector shell_for_system_account_detector{
    .id = "shell_for_system_account",
    .area = Area::accounts,
    .severity = Severity::malicious,
    .title = "An account of a service can log in",
    .explain =
        R"TEXT(Accounts of services (web server, database, mail) have no shell and no password. One that got both lets somebody in where nobody looks.
What to do: take the shell away, lock the password, look who gave them.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
