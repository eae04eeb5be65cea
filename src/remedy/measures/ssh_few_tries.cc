// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "remedy/measure.h"
#include "remedy/sshd_edit.h"

namespace abate::remedy {

extern const Measure ssh_few_tries_measure;

namespace {

constexpr int kTriesMax = 6;  // OpenSSH's own default: a client offers each of its keys, and each counts

void look(const Ground& ground, Advised& out) {
  const sweep::Sshd sshd{*ground.host.tree};
  if (!sshd.configured()) return out.already("no OpenSSH server is set up here");
  const std::string value = sshd.value("maxauthtries");
  int tries = 0;
  std::from_chars(value.data(), value.data() + value.size(), tries);
  const bool empty = sshd.value("permitemptypasswords") == "yes";
  if (tries <= kTriesMax && !empty) return out.already(fmt::format("{} tries a connection, no empty passwords", tries));
  Subject subject = file_subject(sweep::Sshd::kPath);
  subject.kind = SubjectKind::config;
  Action& action = out.advise(subject, empty ? "SSH lets in accounts whose password is empty"
                                             : fmt::format("SSH allows {} guesses in one connection", tries));
  action.effect = "A connection ends after 6 wrong passwords or keys; empty passwords open nothing";
}

Result<Work> work(const Action&, const sweep::Host& host) {
  const sweep::Sshd sshd{*host.tree};
  SshdSettings settings;
  if (sshd.value("permitemptypasswords") == "yes") settings.emplace_back("PermitEmptyPasswords", "no");
  const std::string value = sshd.value("maxauthtries");
  if (value.size() > 1 || value > "6") settings.emplace_back("MaxAuthTries", "6");
  if (settings.empty()) return Work{};
  return set_sshd(host, settings);
}

constexpr MeasureExample kExamples[] = {{"many tries", R"x(--- /etc/ssh/sshd_config
  maxauthtries 100 # too many
Match User git
  MaxAuthTries 3
)x",
                                         Standing::advised},
                                        {"empty passwords by a drop-in", R"x(--- /etc/ssh/sshd_config.d/a.conf
PermitEmptyPasswords yes
--- /etc/ssh/sshd_config
Include /etc/ssh/sshd_config.d/*.conf
PermitEmptyPasswords no
)x",
                                         Standing::advised},
                                        {"as it comes", R"x(--- /etc/ssh/sshd_config
#MaxAuthTries 6
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure ssh_few_tries_measure{
    .name = "ssh_few_tries",
    .requirement = "R28",
    .title = "Few guesses a connection",
    .explain =
        R"TEXT(Ends an SSH connection after 6 wrong tries (MaxAuthTries, OpenSSH's own default) and refuses empty passwords (PermitEmptyPasswords no). The line that counts is changed, also in a drop-in; lines of a Match stay. sshd -t checks the result.
What can go wrong: a client with more than 6 keys must say which one (IdentitiesOnly yes). Undo: abate undo.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
