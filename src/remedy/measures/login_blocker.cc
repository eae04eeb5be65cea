// SPDX-License-Identifier: Apache-2.0
#include "remedy/measure.h"
#include "sweep/host/config/sshd.h"

namespace abate::remedy {

extern const Measure login_blocker_measure;

namespace {

constexpr std::string_view kBlockers[] = {"fail2ban.service",  "crowdsec.service", "sshguard.service",
                                          "denyhosts.service", "lfd.service",      "cphulkd.service"};

void look(const Ground& ground, Advised& out) {
  const sweep::Tree& tree = *ground.host.tree;
  for (const std::string_view unit : kBlockers)
    if (!sweep::glob(tree, fmt::format("/etc/systemd/system/*.wants/{}", unit)).empty() ||
        !sweep::glob(tree, fmt::format("/etc/rc?.d/S*{}", unit.substr(0, unit.find('.')))).empty())
      return out.already(fmt::format("{} shuts out who guesses passwords", unit));
  const sweep::Sshd sshd{tree};
  const bool guessable = sshd.configured() && sshd.value("passwordauthentication") != "no";
  constexpr const char* kHow =
      "apt-get install fail2ban (Red Hat and kin: dnf install epel-release fail2ban; systemctl enable --now fail2ban)";
  if (!guessable) return out.said("nothing shuts out who guesses passwords of mail or web log-ins", kHow);
  Subject subject;
  subject.kind = SubjectKind::unit;
  subject.name = "fail2ban.service";
  out.by_hand(subject, "Strangers may guess passwords as often as they like", kHow);
}

constexpr MeasureExample kExamples[] = {{"nobody looks", R"x(--- /etc/ssh/sshd_config
PasswordAuthentication yes
)x",
                                         Standing::by_hand},
                                        {"keys only", R"x(--- /etc/ssh/sshd_config
PasswordAuthentication no
)x",
                                         Standing::said},
                                        {"fail2ban", R"x(--- /lib/systemd/system/fail2ban.service
x
--- /etc/systemd/system/multi-user.target.wants/fail2ban.service -> /lib/systemd/system/fail2ban.service
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure login_blocker_measure{
    .name = "login_blocker",
    .requirement = "R31",
    .title = "Who guesses passwords is shut out",
    .explain =
        R"TEXT(Looks for a program that shuts out addresses which guess passwords (fail2ban, CrowdSec, sshguard, …). Abate installs no packages: it says what to run. Where SSH takes keys only, this is a hint, not a weakness.)TEXT",
    .look = look,
    .examples = kExamples};

}  // namespace abate::remedy
