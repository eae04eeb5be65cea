// SPDX-License-Identifier: Apache-2.0
// Everything else by which something comes back: one table of places, and what of each file is the command.
#include <algorithm>

#include "base/text.h"
#include "sweep/host/inventory/inventory.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kFileBytesMax = std::size_t{512} << 10;

enum class Reads : std::uint8_t { whole, lines_of_commands, libraries, pam, udev, hooks, modules };
struct Place {
  std::string_view pattern;
  AutostartKind kind;
  Reads reads;
};
constexpr Place kPlaces[] = {
    {"/etc/rc.local", AutostartKind::rc_local, Reads::lines_of_commands},
    {"/etc/rc.d/rc.local", AutostartKind::rc_local, Reads::lines_of_commands},
    {"/etc/init.d/*", AutostartKind::init, Reads::whole},
    {"/etc/profile", AutostartKind::profile, Reads::lines_of_commands},
    {"/etc/profile.d/*", AutostartKind::profile, Reads::lines_of_commands},
    {"/etc/bash.bashrc", AutostartKind::shell_rc, Reads::lines_of_commands},
    {"/etc/bashrc", AutostartKind::shell_rc, Reads::lines_of_commands},
    {"/etc/zsh/zshrc", AutostartKind::shell_rc, Reads::lines_of_commands},
    {"/etc/ld.so.preload", AutostartKind::preload, Reads::libraries},
    {"/etc/pam.d/*", AutostartKind::pam, Reads::pam},
    {"/etc/udev/rules.d/*", AutostartKind::udev, Reads::udev},
    {"/etc/apt/apt.conf", AutostartKind::package_hook, Reads::hooks},
    {"/etc/apt/apt.conf.d/*", AutostartKind::package_hook, Reads::hooks},
    {"/etc/dpkg/dpkg.cfg.d/*", AutostartKind::package_hook, Reads::hooks},
    {"/etc/update-motd.d/*", AutostartKind::motd, Reads::whole},
    {"/etc/NetworkManager/dispatcher.d/*", AutostartKind::network_hook, Reads::whole},
    {"/etc/network/if-up.d/*", AutostartKind::network_hook, Reads::whole},
    {"/etc/network/if-pre-up.d/*", AutostartKind::network_hook, Reads::whole},
    {"/etc/dhcp/dhclient-exit-hooks.d/*", AutostartKind::network_hook, Reads::whole},
    {"/etc/dhcp/dhclient-enter-hooks.d/*", AutostartKind::network_hook, Reads::whole},
    {"/etc/modules", AutostartKind::module, Reads::modules},
    {"/etc/modules-load.d/*", AutostartKind::module, Reads::modules},
    {"/etc/xinetd.d/*", AutostartKind::inetd, Reads::whole},
    {"/etc/inetd.conf", AutostartKind::inetd, Reads::lines_of_commands},
};
constexpr std::string_view kShellFiles[] = {".bashrc", ".bash_profile", ".bash_login",  ".profile",
                                            ".zshrc",  ".zprofile",     ".bash_logout", ".ssh/rc"};

// Of a line of this kind of file, what is run; "" where nothing is.
std::string_view command_of(std::string_view line, Reads reads) {
  switch (reads) {
    case Reads::udev: {
      for (const std::string_view key : {"RUN+=\"", "RUN=\"", "PROGRAM=\"", "RUN{program}+=\""})
        if (const std::size_t at = line.find(key); at != std::string_view::npos)
          return line.substr(at + key.size(), line.find('"', at + key.size()) - at - key.size());
      return {};
    }
    case Reads::hooks:
      return line.find("Invoke") != std::string_view::npos || line.find("invoke") != std::string_view::npos ||
                     line.find("hook") != std::string_view::npos
                 ? line
                 : std::string_view{};
    case Reads::pam: return line.starts_with('@') ? std::string_view{} : line;
    default: return line;
  }
}

// Modules are named without their folder; PAM looks in one of these.
std::vector<std::string> pam_modules(const Tree& tree, std::string_view line) {
  std::vector<std::string> found;
  for (const std::string_view word : split(line, ' ')) {
    const std::string_view name = trim(word);
    if (!name.ends_with(".so")) continue;
    if (name.starts_with('/'))
      found.push_back(normal_path(name));
    else
      for (const std::string_view folder :
           {"/lib/x86_64-linux-gnu/security", "/lib64/security", "/usr/lib/x86_64-linux-gnu/security",
            "/lib/aarch64-linux-gnu/security", "/usr/lib64/security"})
        if (const std::string path = join_path(folder, name); exists(tree, path)) {
          found.push_back(path);
          break;
        }
  }
  return found;
}

void read_file(Host& host, const std::string& path, AutostartKind kind, Reads reads, std::string_view account,
               Notes& notes) {
  const Result<Stat> stat = host.tree->stat_through_links(path);
  if (!stat || stat->kind != NodeKind::file) return;
  const bool packaged = is_unchanged_from_package(host, path);
  Autostart start{.kind = kind,
                  .path = path,
                  .name = std::string{file_name(path)},
                  .account = std::string{account},
                  .modified = stat->modified,
                  .packaged = packaged};
  if (reads == Reads::whole) {
    start.command = path;
    start.enabled = (stat->mode & 0111) != 0;
    return add_autostart(host, std::move(start));
  }
  if (packaged && reads != Reads::pam) return add_autostart(host, std::move(start));
  const Result<std::string> text = read_whole(*host.tree, path, kFileBytesMax);
  if (!text) return notes.add(path, text.error().what);
  std::uint32_t number = 0;
  for (std::string_view line : split(*text, '\n')) {
    ++number;
    line = trim(line);
    if (line.empty() || line.starts_with('#')) continue;
    const std::string_view command = command_of(line, reads);
    if (command.empty()) continue;
    Autostart one = start;
    one.line = number;
    one.command = command.substr(0, 2000);
    if (reads == Reads::pam) one.programs = pam_modules(*host.tree, command);
    add_autostart(host, std::move(one));
  }
}

}  // namespace

void load_start_files(Host& host, Notes& notes) {
  for (const Place& place : kPlaces)
    for (const std::string& path : glob(*host.tree, place.pattern))
      read_file(host, path, place.kind, place.reads, "root", notes);
  for (const Account& account : host.accounts)
    if (account.home.size() > 1 && (account.uid == 0 || account.uid >= 1000))
      for (const std::string_view name : kShellFiles)
        if (const std::string path = join_path(account.home, name); exists(*host.tree, path))
          read_file(host, path, AutostartKind::shell_rc, Reads::lines_of_commands, account.name, notes);
}

}  // namespace abate::sweep
