// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  const auto settings = ini_settings(*host.tree, "/etc/rsyncd.conf");
  std::set<std::string> sections;
  for (const Setting& one : settings)
    if (!one.section.empty() && one.section != "global") sections.insert(one.section);
  for (const std::string& section : sections) {
    const auto said = [&](std::string_view key, std::string_view otherwise) {
      const std::string global = value_of(settings, key, otherwise, "global");
      return value_of(settings, key, global, section);
    };
    if (!said("auth users", "").empty() || !said("hosts allow", "").empty() || !faces_the_world(said("address", "")))
      continue;
    const bool writes = is_no(said("read only", "yes"));
    const Setting* first = last_of(settings, "path", section);
    if (first == nullptr) continue;
    Finding& finding =
        report_door(host, out, {.unit = "rsync.service", .programs = "/usr/bin/rsync", .port = 873}, first->at,
                    fmt::format("rsync offers {} to everybody{}", first->value, writes ? ", for writing" : ""));
    if (!writes) finding.severity = Severity::note;
    finding.paths.push_back(first->value);
  }
}

constexpr Example kExamples[] = {
    {"strangers may write",
     R"x(--- /usr/bin/rsync mode=0755
x
--- /etc/rsyncd.conf
[backup]
path = /srv/backup
read only = no
)x",
     1},
    {"with a password",
     R"x(--- /usr/bin/rsync mode=0755
x
--- /etc/rsyncd.conf
[backup]
path = /srv/backup
auth users = joe
secrets file = /etc/rsyncd.secrets
)x",
     0},
};
}  // namespace
extern const Detector exposed_rsync_detector;
constinit const Detector exposed_rsync_detector{
    .id = "exposed_rsync",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "An rsync module without a password",
    .explain =
        R"(A module of the rsync daemon without "auth users" or "hosts allow" is open to everybody. Reading may be meant (a
mirror: a note); writing lets strangers change files. What to do: hosts allow, auth users with a secrets file,
read only = yes. False alarms: a daemon that is configured but not started.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
