// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kGroups[] = {"docker", "lxd", "disk", "shadow", "sudo", "wheel", "root", "kmem", "libvirt"};
// What packages themselves put there.
constexpr std::pair<std::string_view, std::string_view> kUsual[] = {{"libvirt-qemu", "libvirt"},
                                                                    {"gitlab-runner", "docker"},
                                                                    {"jenkins", "docker"},
                                                                    {"dockremap", "docker"},
                                                                    {"buildkite-agent", "docker"},
                                                                    {"netdata", "docker"},
                                                                    {"telegraf", "docker"},
                                                                    {"root", "root"},
                                                                    {"backup", "disk"},
                                                                    {"amanda", "disk"},
                                                                    {"opc", "wheel"},
                                                                    {"exim", "shadow"},
                                                                    {"dovecot", "shadow"},
                                                                    {"zabbix", "docker"},
                                                                    {"dd-agent", "docker"},
                                                                    {"vagrant", "sudo"}};

void look(const Host& host, Findings& out) {
  for (const Account& account : host.accounts) {
    if (account.uid == 0 || (account.uid >= 1000 && !host.is_web_user(account.uid))) continue;
    for (const std::string& group : account.groups) {
      const bool strong = std::ranges::find(kGroups, group) != std::end(kGroups);
      const bool usual = std::ranges::any_of(
          kUsual, [&](const auto& one) { return one.first == account.name && one.second == group; });
      if (!strong || usual || group == account.name) continue;
      Subject subject{.kind = SubjectKind::account};
      subject.path = "/etc/group";
      subject.name = account.name;
      Finding& finding = out.add(std::move(subject),
                                 fmt::format("{} is in the group {}, which gives all rights", account.name, group));
      // A person's account that also serves a site: meant, more often than not.
      if (account.uid >= 1000) finding.severity = Severity::note;
      if (const Result<Stat> stat = host.tree->stat("/etc/group")) finding.at = stat->modified;
      finding.evidence.push_back(fmt::format("/etc/group: {}: … {}", group, account.name));
      finding.uid = account.uid;
      finding.ids.push_back(account.name);
      finding.role = "persistence";
    }
  }
}

constexpr Example kExamples[] = {{"the web server", R"TREE(--- /etc/passwd
root:x:0:0::/root:/bin/bash
www-data:x:33:33::/var/www:/usr/sbin/nologin
anna:x:1000:1000::/home/anna:/bin/bash
--- /etc/group
docker:x:998:anna,www-data
)TREE",
                                  1},
                                 {"a person", R"TREE(--- /etc/passwd
root:x:0:0::/root:/bin/bash
www-data:x:33:33::/var/www:/usr/sbin/nologin
anna:x:1000:1000::/home/anna:/bin/bash
--- /etc/group
sudo:x:27:anna
www-data:x:33:
)TREE",
                                  0}};

}  // namespace

extern const Detector group_gives_root_detector;
constinit const Detector group_gives_root_detector{
    .id = "group_gives_root",
    .area = Area::accounts,
    .severity = Severity::suspicious,
    .title = "An account of a service is in a group that gives all rights",
    .explain =
        R"TEXT(Whoever is in the group docker, lxd, disk, shadow, sudo or wheel is root, or can become it: a container sees the whole disk, the disk's device holds every file. For a person that may be meant; the account of a web server or another service has no use for it, and who breaks into its application is root.
What to do: take the account out of the group (gpasswd -d ACCOUNT GROUP); look when and by whom it was added.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
