// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kTools[] = {
    "borg",    "restic",       "rsnapshot", "duplicity", "duplicati",      "automysqlbackup", "backuppc",  "bacula",
    "bareos",  "rdiff-backup", "burp",      "kopia",     "proxmox-backup", "rclone",          "jetbackup", "veeam",
    "acronis", "backup",       "mysqldump", "pg_dump",   "snapper",        "timeshift",       "urbackup",  "rsync"};

void look(const Host& host, Findings& out) {
  for (const Autostart& one : host.autostarts) {
    if (one.path.find("dpkg-db-backup") != std::string::npos || one.name.find("dpkg-db-backup") != std::string::npos ||
        one.path.find("cron.daily/dpkg") != std::string::npos)
      continue;
    if (one.kind != AutostartKind::cron && one.kind != AutostartKind::timer && one.kind != AutostartKind::unit)
      continue;
    for (const std::string_view tool : kTools)
      if (contains_ignoring_case(one.command, tool) || contains_ignoring_case(one.name, tool) ||
          contains_ignoring_case(one.path, tool))
        return;
  }
  for (const std::string_view path : {"/usr/local/cpanel", "/usr/local/psa", "/usr/local/directadmin",
                                      "/usr/local/hestia", "/opt/veeam", "/etc/rsnapshot.conf", "/etc/borgmatic"})
    if (exists(*host.tree, path)) return;
  if (!exists(*host.tree, "/etc/passwd")) return;
  out.add({.kind = SubjectKind::config, .path = "/etc"},
          "nothing on this server looks like a backup that runs by itself; the provider may make one from outside");
}

constexpr Example kExamples[] = {
    {"nothing",
     R"x(--- /etc/passwd
root:x:0:0:root:/root:/bin/bash
)x",
     1},
    {"restic by cron",
     R"x(--- /etc/passwd
root:x:0:0:root:/root:/bin/bash
--- /etc/cron.d/b
0 3 * * * root restic backup /srv
)x",
     0},
};
}  // namespace
extern const Detector no_backup_seen_detector;
constinit const Detector no_backup_seen_detector{
    .id = "no_backup_seen",
    .area = Area::mail_network,
    .severity = Severity::note,
    .title = "No sign of a backup",
    .explain =
        R"(After a break-in a backup from before it is worth more than any cleaning. No timer, cron job or panel here looks
like one.

False alarms: backups that the provider or another machine makes from outside. What to do: make sure that there
is one, kept where an intruder on this server cannot delete it, and try to restore from it.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
