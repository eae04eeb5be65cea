// SPDX-License-Identifier: Apache-2.0
// systemd.unit(5): services, timers and sockets of the system and of users, with drop-ins; generators.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "sweep/host/inventory/inventory.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kUnitBytesMax = std::size_t{256} << 10;
constexpr std::string_view kFolders[] = {"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
                                         "/usr/lib/systemd/system", "/lib/systemd/system"};
// Of all users.
constexpr std::string_view kUserFolders[] = {"/etc/systemd/user", "/run/systemd/user", "/usr/local/lib/systemd/user",
                                             "/usr/lib/systemd/user"};

// What some target, or another unit, pulls in at start.
std::set<std::string, std::less<>> enabled_units(const Tree& tree) {
  std::set<std::string, std::less<>> names;
  for (const std::string_view folder : {"/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"})
    for (const std::string_view kind : {"wants", "requires", "upholds"})
      for (const std::string& path : glob(tree, fmt::format("{}/*.{}/*", folder, kind))) names.emplace(file_name(path));
  return names;
}

void unit(Host& host, const std::string& path, AutostartKind kind, std::string_view account, bool enabled,
          bool packaged) {
  const Result<std::string> text = read_whole(*host.tree, path, kUnitBytesMax);
  const Result<Stat> stat = host.tree->stat_through_links(path);
  if (!text || !stat) return;
  Autostart start{.kind = kind,
                  .path = path,
                  .name = std::string{file_name(path)},
                  .account = std::string{account},
                  .enabled = enabled,
                  .modified = stat->modified,
                  .packaged = packaged};
  std::uint32_t number = 0;
  std::string joined;
  for (std::string_view line : split(*text, '\n')) {
    ++number;
    line = trim(line);
    if (line.ends_with('\\')) {
      joined.append(line.substr(0, line.size() - 1)).append(" ");
      continue;
    }
    joined.append(line);
    const std::string_view whole = joined;
    for (const std::string_view key : {"ExecStart=", "ExecStartPre=", "ExecStartPost=", "ExecStop=", "ExecReload="})
      if (whole.starts_with(key) && whole.size() > key.size()) {
        if (start.line == 0) start.line = number;
        start.command.append(start.command.empty() ? "" : " ; ").append(trim(whole.substr(key.size())));
      }
    if (whole.starts_with("User=") && account.empty()) start.account = trim(whole.substr(5));
    for (const std::string_view key : {"OnCalendar=", "OnBootSec=", "OnUnitActiveSec="})
      if (whole.starts_with(key)) start.schedule = whole;
    joined.clear();
  }
  if (start.account.empty()) start.account = "root";
  if (start.command.size() > 4000) start.command.resize(4000);
  add_autostart(host, std::move(start));
}

AutostartKind kind_of(std::string_view path) {
  return path.ends_with(".timer") ? AutostartKind::timer : AutostartKind::unit;
}

}  // namespace

void load_units(Host& host, Notes& notes) {
  const Tree& tree = *host.tree;
  std::set<std::string, std::less<>> names;
  const std::set<std::string, std::less<>> enabled = enabled_units(tree);
  for (const std::string_view folder : kFolders) {
    const Result<std::vector<Name>> all = tree.list(folder);
    if (!all) {
      if (all.error().fault == Fault::refused) notes.add(std::string{folder}, all.error().what);
      continue;
    }
    for (const Name& name : *all) {
      const std::string path = join_path(folder, name.name);
      if (name.name.ends_with(".d")) {  // drop-ins of a unit
        for (const std::string& drop_in : glob(tree, path + "/*.conf")) {
          if (host.packages->owns(drop_in)) continue;
          unit(host, drop_in, AutostartKind::unit, "", true, false);
        }
        continue;
      }
      if (!name.name.ends_with(".service") && !name.name.ends_with(".timer") && !name.name.ends_with(".socket") &&
          !name.name.ends_with(".path"))
        continue;
      if (!names.insert(name.name).second) continue;  // a folder before it wins
      const Result<std::string> target = tree.link_target(path);
      if (target &&
          (*target == "/dev/null" || lies_in(*target, "/usr/lib/systemd") || lies_in(*target, "/lib/systemd"))) {
        if (*target == "/dev/null") continue;  // masked
        names.erase(name.name);                // an alias: met under its own name
        continue;
      }
      // Thousands of files of the distribution itself need no hash here: the walk compares all programs and units.
      const bool packaged = host.packages->owns(path) && !folder.starts_with("/etc");
      unit(host, path, kind_of(path), "", enabled.contains(name.name), packaged);
    }
  }
  for (const std::string_view folder : kUserFolders)
    for (const std::string_view suffix : {"service", "timer"})
      for (const std::string& path : glob(tree, fmt::format("{}/*.{}", folder, suffix)))
        if (!host.packages->owns(path)) unit(host, path, AutostartKind::user_unit, "", true, false);
  for (const Account& account : host.accounts) {
    if (account.home.size() < 2 || !exists(tree, account.home)) continue;
    // Without lingering they run only while their owner is logged in.
    const bool lingers = exists(tree, "/var/lib/systemd/linger/" + account.name);
    for (const std::string_view folder : {".config/systemd/user", ".local/share/systemd/user"})
      for (const std::string_view suffix : {"service", "timer"})
        for (const std::string& path : glob(tree, fmt::format("{}/{}/*.{}", account.home, folder, suffix)))
          unit(host, path, AutostartKind::user_unit, account.name, lingers, false);
  }
  for (const std::string_view kind :
       {"system-generators", "user-generators", "system-environment-generators", "system-sleep", "system-shutdown"})
    for (const std::string_view folder : {"/etc/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd", "/lib/systemd"})
      for (const std::string& path : glob(tree, fmt::format("{}/{}/*", folder, kind)))
        if (!host.packages->owns(path))
          if (const Result<Stat> stat = tree.stat_through_links(path); stat && stat->kind == NodeKind::file)
            add_autostart(host, {.kind = AutostartKind::generator,
                                 .path = path,
                                 .name = std::string{file_name(path)},
                                 .account = "root",
                                 .command = path,
                                 .modified = stat->modified});
}

}  // namespace abate::sweep
