// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "remedy/measure.h"
#include "remedy/sshd_edit.h"

namespace abate::remedy {

extern const Measure ssh_root_by_key_measure;

namespace {

bool is_closed(const std::string& value) { return value != "yes"; }

// Once root's password lets nobody in any more: who still can?
std::vector<std::string> ways_left(const sweep::Host& host, const sweep::Sshd& sshd) {
  return ways_to_root(host, sshd, {.passwords = true, .root_password = false});
}

void look(const Ground& ground, Advised& out) {
  const sweep::Host& host = ground.host;
  const sweep::Sshd sshd{*host.tree};
  if (!sshd.configured()) return out.already("no OpenSSH server is set up here");
  if (is_closed(sshd.value("permitrootlogin"))) return out.already("root cannot log in over SSH by password");
  if (sshd.value("passwordauthentication") == "no" && sshd.value("kbdinteractiveauthentication") == "no")
    return out.already("SSH takes no passwords at all");
  Subject subject = file_subject(sweep::Sshd::kPath);
  subject.kind = SubjectKind::config;
  const std::vector<std::string> ways = ways_left(host, sshd);
  if (ways.empty())
    return out.by_hand(subject, "root can log in over SSH by password, and its name is known to everybody",
                       "Make an account of your own that may use sudo (adduser NAME; adduser NAME sudo), or a key for "
                       "root, log in with it once, then run abate harden again.");
  Action& action = out.advise(subject, "root can log in over SSH by password, and its name is known to everybody");
  action.effect = "root logs in over SSH by key only; open sessions stay";
  action.risk = fmt::format("Programs that log in as root by password stop. These ways stay: {}", join(ways, "; "));
}

Result<Work> work(const Action&, const sweep::Host& host) {
  if (ways_left(host, sweep::Sshd{*host.tree}).empty())
    return failure(Fault::refused, "nobody else surely gets in who can become root: it stays as it is");
  return set_sshd(host, {{"PermitRootLogin", "prohibit-password"}});
}

constexpr MeasureExample kExamples[] = {{"an administrator with sudo", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
anna:x:1000:1000::/home/anna:/bin/bash
--- /etc/shadow
root:$y$j9T$x$y:19000:0:99999:7:::
anna:$y$j9T$x$y:19000:0:99999:7:::
--- /etc/group
sudo:x:27:anna
--- /etc/sudoers
%sudo	ALL=(ALL:ALL) ALL
--- /usr/bin/sudo
x
--- /etc/ssh/sshd_config
PermitRootLogin yes  # of the installer
PasswordAuthentication yes
)x",
                                         Standing::advised},
                                        {"root alone", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /etc/ssh/sshd_config
PermitRootLogin yes
)x",
                                         Standing::by_hand},
                                        {"OpenSSH's default", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /etc/ssh/sshd_config
#PermitRootLogin yes
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure ssh_root_by_key_measure{
    .name = "ssh_root_by_key",
    .requirement = "R28",
    .title = "root by key only",
    .explain =
        R"TEXT(Lets root log in over SSH by key only (PermitRootLogin prohibit-password): root is the one name that every guesser knows. It is done only where somebody who can become root surely gets in another way: root's own key, or an account with sudo. sshd -t checks the result before it counts.
What can go wrong: backups or panels that log in as root by password need a key. Undo: abate undo puts the former line back.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
