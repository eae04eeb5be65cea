// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "remedy/measure.h"
#include "sweep/host/logs/stream.h"

namespace abate::remedy {

extern const Measure backups_measure;

namespace {

constexpr std::chrono::days kOld{8};
constexpr std::uint64_t kReadBytesMax = std::uint64_t{64} << 20;  // of an archive, to see that it can be read

constexpr std::string_view kTools[] = {"borg",      "restic",      "duplicity", "rsnapshot",     "rdiff-backup",
                                       "mysqldump", "mariabackup", "pg_dump",   "pg_basebackup", "bacula",
                                       "amanda",    "veeam",       "snapper",   "timeshift",     "backup"};
constexpr std::string_view kFolders[] = {"/var/backups/*",   "/var/backups/*/*",
                                         "/backup/*",        "/backup/*/*",
                                         "/backups/*",       "/backups/*/*",
                                         "/srv/backup*/*",   "/srv/backup*/*/*",
                                         "/home/backup/*",   "/root/backup*/*",
                                         "/opt/backup*/*",   "/mnt/backup*/*",
                                         "/mnt/backup*/*/*", "/usr/local/psa/var/backups/*"};
constexpr std::string_view kSuffixes[] = {".tar", ".tar.gz", ".tgz",    ".tar.bz2", ".tar.xz",  ".tar.zst", ".zip",
                                          ".sql", ".sql.gz", ".sql.xz", ".sql.bz2", ".sql.zst", ".dump",    ".bak.gz"};

struct Archive {
  std::string path;
  Instant at;
  std::uint64_t size = 0;
};

bool is_archive(std::string_view path) {
  // Debian keeps lists of its packages in /var/backups: no backup of anything that could be lost.
  const std::string_view name = sweep::file_name(path);
  for (const std::string_view own : {"dpkg.", "apt.", "alternatives.tar", "passwd.", "shadow.", "group.", "gshadow."})
    if (name.starts_with(own) && sweep::lies_in(path, "/var/backups")) return false;
  return std::ranges::any_of(kSuffixes, [&](std::string_view suffix) { return name.ends_with(suffix); });
}

std::vector<Archive> archives(const sweep::Host& host) {
  std::vector<Archive> all;
  for (const std::string_view folder : kFolders)
    for (const std::string& path : sweep::glob(*host.tree, folder))
      if (const auto stat = host.tree->stat_through_links(path);
          is_archive(path) && stat && stat->kind == sweep::NodeKind::file)
        all.push_back({path, stat->modified, stat->size});
  for (const std::string_view folder : {"/var/cache/rsnapshot/*", "/.snapshots/*", "/timeshift/snapshots/*"})
    for (const std::string& path : sweep::glob(*host.tree, folder))
      if (const auto stat = host.tree->stat_through_links(path); stat && stat->kind == sweep::NodeKind::folder)
        all.push_back({path, stat->modified, 0});
  std::ranges::sort(all, std::ranges::greater{}, &Archive::at);
  return all;
}

// A tool that runs by itself: it may keep its copies elsewhere, which is better still.
std::string tool_of(const sweep::Host& host) {
  for (const sweep::Autostart& one : host.autostarts) {
    if (!one.enabled || one.path.find("dpkg-db-backup") != std::string::npos ||
        one.command.find("dpkg-db-backup") != std::string::npos || one.packaged)
      continue;
    for (const std::string_view tool : kTools)
      if (contains_ignoring_case(one.command, tool)) return fmt::format("{} ({})", tool, one.path);
  }
  for (const std::string_view path :
       {"/etc/borgmatic/config.yaml", "/etc/rsnapshot.conf", "/etc/bacula/bacula-fd.conf"})
    if (sweep::exists(*host.tree, path)) return std::string{path};
  return "";
}

// Can it be unpacked? "" or what is wrong. Up to kReadBytesMax; packed ones carry a checksum at their end.
std::string damage(const sweep::Host& host, const Archive& archive) {
  if (archive.size == 0) return "it is empty";
  const Result<std::unique_ptr<sweep::TreeFile>> file = host.tree->open(archive.path);
  if (!file) return file.error().what;
  std::string head(8, '\0');
  const std::size_t got = (*file)->read_at(0, head).value_or(0);
  head.resize(got);
  struct Magic {
    std::string_view suffix, bytes;
  };
  constexpr Magic kMagics[] = {{"gz", "\x1f\x8b"},
                               {"tgz", "\x1f\x8b"},
                               {"bz2", "BZh"},
                               {"xz",
                                "\xfd"
                                "7zXZ"},
                               {"zst", "\x28\xb5\x2f\xfd"},
                               {"zip", "PK"}};
  for (const Magic& magic : kMagics)
    if (archive.path.ends_with(magic.suffix) && !head.starts_with(magic.bytes)) return "it is not what its name says";
  if (archive.size > kReadBytesMax || archive.path.ends_with(".zip")) return "";
  sweep::Notes notes;
  sweep::LogLines lines{*host.tree, archive.path, notes};
  while (lines.next()) {
  }
  return notes.all().empty() ? "" : notes.all().front().why;
}

Subject backup() {
  Subject subject = file_subject("/var/backups");
  subject.name = "backup";
  return subject;
}

void look(const Ground& ground, Advised& out) {
  const sweep::Host& host = ground.host;
  if (!sweep::exists(*host.tree, "/etc/passwd")) return;
  const std::vector<Archive> all = archives(host);
  const std::string tool = tool_of(host);
  if (all.empty() && tool.empty())
    return out.by_hand(
        backup(), "Nothing on this server looks like a backup; your provider may make one from outside",
        "Ask your provider, or set one up (restic, borgmatic) that an intruder on this server cannot delete, "
        "and try to restore from it.");
  if (all.empty())
    return out.already(
        fmt::format("{} makes backups; where they lie cannot be seen from here: try to restore from one", tool));
  const Archive& newest = all.front();
  if (host.now - newest.at > kOld)
    return out.by_hand(backup(),
                       fmt::format("The newest backup that is seen here is of {}: {}", format_rfc3339(newest.at),
                                   shown_name(newest.path)),
                       "Look why no newer one was made.");
  if (const std::string wrong = damage(host, newest); !wrong.empty())
    return out.by_hand(backup(),
                       fmt::format("The newest backup cannot be read: {}: {}", shown_name(newest.path), wrong),
                       "Make a new one, and try to restore from it.");
  if (ground.entry_at && all.back().at > *ground.entry_at)
    return out.by_hand(
        backup(),
        fmt::format("All backups that are seen here are younger than the break-in of {}: they may bring it back",
                    format_rfc3339(*ground.entry_at)),
        "Restore from them data only, never programs or scripts; keep older ones in future.");
  std::string why = fmt::format("the newest backup is of {}, and can be read: {}", format_rfc3339(newest.at),
                                shown_name(newest.path));
  if (ground.entry_at) {
    const auto clean = std::ranges::find_if(all, [&](const Archive& one) { return one.at <= *ground.entry_at; });
    why += fmt::format("; from before the break-in: {} of {}", shown_name(clean->path), format_rfc3339(clean->at));
  }
  out.already(why);
  out.said("a backup on the same disk goes with the disk, and an intruder can delete it",
           "Keep a copy elsewhere, and try once a year to restore from it.");
}

constexpr MeasureExample kExamples[] = {{"none", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /var/backups/dpkg.status.0
x
)x",
                                         Standing::by_hand},
                                        {"an old one", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /var/backups/site.tar mtime=2020-01-01T00:00:00Z
x
)x",
                                         Standing::by_hand},
                                        {"not what its name says", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /backup/site.tar.gz mtime=2026-09-20T00:00:00Z
an error message
)x",
                                         Standing::by_hand},
                                        {"a new one", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /backup/db.sql mtime=2026-09-20T00:00:00Z
CREATE TABLE a (b int);
)x",
                                         Standing::said},
                                        {"restic elsewhere", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /etc/cron.d/b
0 3 * * * root restic backup /srv
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure backups_measure{
    .name = "backups",
    .requirement = "R32",
    .title = "There is a backup",
    .explain =
        R"TEXT(Looks for backups: tools that run by themselves (restic, borg, rsnapshot, dumps of databases, panels), archives in the usual folders, snapshots. Is the newest one younger than eight days, and can it be read (packed archives up to 64 MB are unpacked in memory, which checks their checksum; of larger ones the head)? With abate harden --diagnosis FILE it also says whether one is from before the break-in: a younger one may bring the intruder back.
Abate changes nothing here. A backup that your provider makes from outside cannot be seen from inside.)TEXT",
    .look = look,
    .examples = kExamples};

}  // namespace abate::remedy
