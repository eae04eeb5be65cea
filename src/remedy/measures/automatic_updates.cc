// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "remedy/edit.h"
#include "remedy/measure.h"
#include "sweep/host/config/braces.h"

namespace abate::remedy {

extern const Measure automatic_updates_measure;

namespace {

// apt reads its folder in order of the names, and the last value wins: this one comes after all that packages bring.
constexpr const char* kAptFile = "/etc/apt/apt.conf.d/99zz-abate";
constexpr std::string_view kAptKeys[] = {"apt::periodic::update-package-lists", "apt::periodic::unattended-upgrade"};
constexpr const char* kDnfTimer = "dnf-automatic-install.timer";

void flatten(const std::vector<sweep::Statement>& all, const std::string& above, std::string_view key,
             std::string& value, int depth = 0) {
  if (depth > 8) return;
  for (const sweep::Statement& one : all) {
    if (one.words.empty()) continue;
    const std::string name = above.empty() ? to_lower(one.words[0]) : above + "::" + to_lower(one.words[0]);
    if (name == key && one.words.size() == 2) value = one.words[1];
    flatten(one.block, name, key, value, depth + 1);
  }
}

std::string apt_value(const sweep::Tree& tree, std::string_view key) {
  std::string value;
  for (const std::string& path : sweep::glob(tree, "/etc/apt/apt.conf.d/*"))
    flatten(sweep::statements_of(tree, path, ';'), "", key, value);
  flatten(sweep::statements_of(tree, "/etc/apt/apt.conf", ';'), "", key, value);
  while (!value.empty() && (value.front() == '"' || value.back() == '"'))
    value = value.substr(value.front() == '"' ? 1 : 0, value.size() - 1);
  return value;
}

bool is_off(const std::string& value) { return value.empty() || value == "0"; }

bool is_masked(const sweep::Tree& tree, std::string_view unit) {
  const Result<std::string> target = tree.link_target(fmt::format("/etc/systemd/system/{}", unit));
  return target && *target == "/dev/null";
}

Subject updates() {
  Subject subject;
  subject.kind = SubjectKind::package;
  subject.name = "security updates";
  return subject;
}

void look_at_apt(const sweep::Tree& tree, Advised& out) {
  constexpr const char* kWhy = "Security updates wait until somebody thinks of them";
  if (!sweep::exists(tree, "/usr/bin/unattended-upgrade"))
    return out.by_hand(updates(), kWhy, "apt-get install unattended-upgrades, then run abate harden again");
  for (const std::string_view timer : {"apt-daily.timer", "apt-daily-upgrade.timer"})
    if (is_masked(tree, timer))
      return out.by_hand(updates(), kWhy, fmt::format("systemctl unmask {0} && systemctl enable --now {0}", timer));
  if (std::ranges::none_of(kAptKeys, [&](std::string_view key) { return is_off(apt_value(tree, key)); }))
    return out.already("security updates are installed every day (unattended-upgrades)");
  Action& action = out.advise(updates(), kWhy);
  action.effect = "Security updates are fetched and installed every day; services that they concern are restarted";
  action.risk = "An update may change how a program behaves; a new kernel waits for a restart of the server";
}

void look_at_dnf(const sweep::Tree& tree, Advised& out) {
  constexpr const char* kWhy = "Security updates wait until somebody thinks of them";
  for (const std::string_view timer : {"dnf-automatic.timer", "dnf-automatic-install.timer"})
    if (sweep::exists(tree, fmt::format("/etc/systemd/system/timers.target.wants/{}", timer)))
      return out.already(fmt::format("updates are installed by themselves ({})", timer));
  if (!sweep::exists(tree, fmt::format("/usr/lib/systemd/system/{}", kDnfTimer)))
    return out.by_hand(updates(), kWhy, "dnf install dnf-automatic, then run abate harden again");
  Action& action = out.advise(updates(), kWhy);
  action.effect = "Updates are fetched and installed every day";
  action.risk = "An update may change how a program behaves; a new kernel waits for a restart of the server";
}

void look(const Ground& ground, Advised& out) {
  const sweep::Tree& tree = *ground.host.tree;
  if (sweep::exists(tree, "/etc/apt/apt.conf.d")) return look_at_apt(tree, out);
  if (sweep::exists(tree, "/etc/dnf")) return look_at_dnf(tree, out);
  out.by_hand(updates(), "Abate does not know this system's packages", "Switch on its own automatic security updates.");
}

Result<Work> work(const Action&, const sweep::Host& host) {
  Work work;
  if (sweep::exists(*host.tree, "/etc/apt/apt.conf.d")) {
    work.changes.push_back(
        write_change(kAptFile, "APT::Periodic::Update-Package-Lists \"1\";\nAPT::Periodic::Unattended-Upgrade \"1\";\n",
                     fmt::format("{}: fetch the lists and install security updates every day", kAptFile)));
    return work;
  }
  work.changes.push_back(folder_change("/etc/systemd/system/timers.target.wants"));
  work.changes.push_back(link_change(fmt::format("/etc/systemd/system/timers.target.wants/{}", kDnfTimer),
                                     fmt::format("/usr/lib/systemd/system/{}", kDnfTimer),
                                     fmt::format("{} is on", kDnfTimer)));
  if (has_systemd(host)) {
    work.afterwards = {{"systemctl", "daemon-reload"}, {"systemctl", "start", kDnfTimer}};
    work.undo_afterwards = {{"systemctl", "daemon-reload"}, {"systemctl", "stop", kDnfTimer}};
  }
  return work;
}

constexpr MeasureExample kExamples[] = {{"installed and switched off", R"x(--- /usr/bin/unattended-upgrade
x
--- /etc/apt/apt.conf.d/20auto-upgrades
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "0";
)x",
                                         Standing::advised},
                                        {"switched on, in braces", R"x(--- /usr/bin/unattended-upgrade
x
--- /etc/apt/apt.conf.d/20auto-upgrades
APT { Periodic { Update-Package-Lists "1"; Unattended-Upgrade "1"; }; };
)x",
                                         Standing::already},
                                        {"not installed", R"x(--- /etc/apt/apt.conf.d/70debconf
DPkg::Pre-Install-Pkgs {"/usr/sbin/dpkg-preconfigure --apt || true";};
)x",
                                         Standing::by_hand},
                                        {"dnf", R"x(--- /etc/systemd/system/
--- /etc/dnf/dnf.conf
[main]
--- /usr/lib/systemd/system/dnf-automatic-install.timer
[Timer]
)x",
                                         Standing::advised}};

}  // namespace

constinit const Measure automatic_updates_measure{
    .name = "automatic_updates",
    .requirement = "R27",
    .title = "Security updates come by themselves",
    .explain =
        R"TEXT(Lets the system fetch and install security updates every day: unattended-upgrades on Debian and Ubuntu (a file of our own in /etc/apt/apt.conf.d, read last), dnf-automatic on Red Hat and its kin. Where the program is missing, it says what to install.
What can go wrong: an update changes how a program behaves. A new kernel waits for a restart. Undo: abate undo takes the file away.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
