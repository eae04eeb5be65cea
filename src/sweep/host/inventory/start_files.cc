// SPDX-License-Identifier: Apache-2.0
// Everything else by which something comes back: one table of places, and how each kind of file names its commands.
#include <algorithm>

#include "base/text.h"
#include "sweep/host/config/sshd.h"
#include "sweep/host/inventory/inventory.h"
#include "sweep/host/inventory/start_lines.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kFileBytesMax = std::size_t{512} << 10;
constexpr std::size_t kCommandBytesMax = 2000;

struct Place {
  std::string_view pattern;
  AutostartKind kind;
  StartForm form;
};
using enum StartForm;
using Kind = AutostartKind;

constexpr Place kPlaces[] = {
    {"/etc/rc.local", Kind::rc_local, commands},
    {"/etc/rc.d/rc.local", Kind::rc_local, commands},
    {"/etc/init.d/*", Kind::init, whole},
    {"/etc/rc.d/init.d/*", Kind::init, whole},
    {"/etc/rc?.d/*", Kind::init, whole},  // links to the former are met there
    {"/etc/inittab", Kind::init, inittab},
    {"/etc/init/*.conf", Kind::init, commands},  // Upstart
    {"/etc/profile", Kind::profile, commands},
    {"/etc/profile.d/*", Kind::profile, commands},
    {"/etc/bash.bashrc", Kind::shell_rc, commands},
    {"/etc/bashrc", Kind::shell_rc, commands},
    {"/etc/bash_completion.d/*", Kind::shell_rc, commands},
    {"/etc/zsh/*", Kind::shell_rc, commands},
    {"/etc/zshrc", Kind::shell_rc, commands},
    {"/etc/zshenv", Kind::shell_rc, commands},
    {"/etc/csh.cshrc", Kind::shell_rc, commands},
    {"/etc/csh.login", Kind::shell_rc, commands},
    {"/etc/fish/config.fish", Kind::shell_rc, commands},
    {"/etc/ld.so.preload", Kind::preload, libraries},
    {"/etc/environment", Kind::preload, preload_variable},
    {"/etc/security/pam_env.conf", Kind::preload, preload_variable},
    {"/etc/pam.d/*", Kind::pam, pam},
    {"/etc/pam.conf", Kind::pam, pam},
    {"/etc/udev/rules.d/*", Kind::udev, udev},
    {"/usr/lib/udev/rules.d/*", Kind::udev, udev},
    {"/lib/udev/rules.d/*", Kind::udev, udev},
    {"/run/udev/rules.d/*", Kind::udev, udev},
    {"/etc/apt/apt.conf", Kind::package_hook, hooks},
    {"/etc/apt/apt.conf.d/*", Kind::package_hook, hooks},
    {"/etc/dpkg/dpkg.cfg", Kind::package_hook, hooks},
    {"/etc/dpkg/dpkg.cfg.d/*", Kind::package_hook, hooks},
    {"/etc/dnf/plugins/post-transaction-actions.d/*", Kind::package_hook, actions},
    {"/etc/yum/post-actions/*", Kind::package_hook, actions},
    {"/etc/kernel/*.d/*", Kind::package_hook, whole},
    {"/etc/grub.d/*", Kind::package_hook, whole},
    {"/etc/initramfs-tools/hooks/*", Kind::package_hook, whole},
    {"/etc/initramfs-tools/scripts/*/*", Kind::kernel_hook, whole},
    {"/etc/dracut.conf.d/*", Kind::kernel_hook, commands},
    {"/etc/update-motd.d/*", Kind::motd, whole},
    {"/etc/NetworkManager/dispatcher.d/*", Kind::network_hook, whole},
    {"/etc/NetworkManager/dispatcher.d/*/*", Kind::network_hook, whole},
    {"/etc/networkd-dispatcher/*/*", Kind::network_hook, whole},
    {"/etc/network/interfaces", Kind::network_hook, interfaces},
    {"/etc/network/interfaces.d/*", Kind::network_hook, interfaces},
    {"/etc/network/if-*.d/*", Kind::network_hook, whole},
    {"/etc/ppp/ip-up", Kind::network_hook, whole},
    {"/etc/ppp/ip-*.d/*", Kind::network_hook, whole},
    {"/etc/dhcp/dhclient-exit-hooks.d/*", Kind::network_hook, whole},
    {"/etc/dhcp/dhclient-enter-hooks.d/*", Kind::network_hook, whole},
    {"/etc/sysconfig/network-scripts/*-local", Kind::network_hook, whole},
    {"/sbin/ifup-local", Kind::network_hook, whole},
    {"/etc/wireguard/*.conf", Kind::network_hook, interfaces},
    {"/etc/openvpn/*.conf", Kind::network_hook, interfaces},
    {"/etc/openvpn/*/*.conf", Kind::network_hook, interfaces},
    {"/etc/modules", Kind::module, modules},
    {"/etc/modules-load.d/*", Kind::module, modules},
    {"/etc/modprobe.d/*", Kind::kernel_hook, modprobe},
    {"/etc/sysctl.conf", Kind::kernel_hook, sysctl},
    {"/etc/sysctl.d/*", Kind::kernel_hook, sysctl},
    {"/etc/binfmt.d/*", Kind::kernel_hook, binfmt},
    {"/etc/xinetd.d/*", Kind::inetd, xinetd},
    {"/etc/inetd.conf", Kind::inetd, commands},
    {"/etc/logrotate.conf", Kind::log_rotation, logrotate},
    {"/etc/logrotate.d/*", Kind::log_rotation, logrotate},
    {"/etc/supervisor/supervisord.conf", Kind::supervised, settings},
    {"/etc/supervisor/conf.d/*", Kind::supervised, settings},
    {"/etc/supervisord.conf", Kind::supervised, settings},
    {"/etc/supervisord.d/*", Kind::supervised, settings},
    {"/etc/monitrc", Kind::supervised, monit},
    {"/etc/monit/monitrc", Kind::supervised, monit},
    {"/etc/monit/conf*/*", Kind::supervised, monit},
    {"/etc/xdg/autostart/*.desktop", Kind::desktop, settings},
    {"/etc/X11/Xsession.d/*", Kind::desktop, commands},
    {"/etc/aliases", Kind::mail_pipe, pipes},
    {"/etc/mail/aliases", Kind::mail_pipe, pipes},
    {"/etc/valiases/*", Kind::mail_pipe, pipes},
    {"/etc/virtual/*/aliases", Kind::mail_pipe, pipes},
    {"/etc/ssh/sshrc", Kind::ssh_command, commands},
    {"/usr/lib/python3/dist-packages/*.pth", Kind::other, python},
    {"/usr/local/lib/python3*/*-packages/*.pth", Kind::other, python},
    {"/usr/lib/python3*/site-packages/*.pth", Kind::other, python},
    {"/etc/php.ini", Kind::web_prepend, prepend},
    {"/etc/php.d/*.ini", Kind::web_prepend, prepend},
    {"/etc/php/*/*/php.ini", Kind::web_prepend, prepend},
    {"/etc/php/*/*/conf.d/*.ini", Kind::web_prepend, prepend},
    {"/opt/cpanel/ea-php*/root/etc/php.ini", Kind::web_prepend, prepend},
    {"/usr/local/php*/lib/php.ini", Kind::web_prepend, prepend},
    {"/etc/gitconfig", Kind::git_hook, git_settings},
};

// Beneath a home.
constexpr Place kHomePlaces[] = {
    {".bashrc", Kind::shell_rc, commands},
    {".bash_profile", Kind::shell_rc, commands},
    {".bash_login", Kind::shell_rc, commands},
    {".bash_logout", Kind::shell_rc, commands},
    {".bash_aliases", Kind::shell_rc, commands},
    {".profile", Kind::shell_rc, commands},
    {".zshrc", Kind::shell_rc, commands},
    {".zshenv", Kind::shell_rc, commands},
    {".zprofile", Kind::shell_rc, commands},
    {".cshrc", Kind::shell_rc, commands},
    {".config/fish/config.fish", Kind::shell_rc, commands},
    {".ssh/rc", Kind::ssh_command, commands},
    {".ssh/environment", Kind::preload, preload_variable},
    {".pam_environment", Kind::preload, preload_variable},
    {".xprofile", Kind::desktop, commands},
    {".xinitrc", Kind::desktop, commands},
    {".xsession", Kind::desktop, commands},
    {".forward", Kind::mail_pipe, pipes},
    {".procmailrc", Kind::mail_pipe, pipes},
    {".gitconfig", Kind::git_hook, git_settings},
    {".pm2/dump.pm2", Kind::supervised, pm2},
};
constexpr Place kHomePatterns[] = {
    {".config/autostart/*.desktop", Kind::desktop, settings},
    {".qmail*", Kind::mail_pipe, pipes},
    {".local/lib/python3*/site-packages/*.pth", Kind::other, python},
    {"*/.git/hooks/*", Kind::git_hook, whole},
    {"*.git/hooks/*", Kind::git_hook, whole},
};
constexpr std::string_view kGitPatterns[] = {"/srv/git/*/hooks/*", "/srv/*/.git/hooks/*", "/opt/*/.git/hooks/*",
                                             "/var/lib/git/*/hooks/*", "/var/www/*/.git/hooks/*"};

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

class StartFiles {
 public:
  StartFiles(Host& host, Notes& notes) : host_{host}, tree_{*host.tree}, notes_{notes} {}

  void read(const Place& place, std::string_view account) {
    for (const std::string& path : glob(tree_, place.pattern)) read_file(path, place.kind, place.form, account);
  }

  void read_file(const std::string& path, AutostartKind kind, StartForm form, std::string_view account) {
    const Result<Stat> stat = tree_.stat_through_links(path);
    if (!stat || stat->kind != NodeKind::file) return;
    if (path.starts_with("/etc/rc") && path.find(".d/") != std::string::npos && tree_.link_target(path)) return;
    if (kind == Kind::git_hook && path.ends_with(".sample")) return;
    // What a distribution brings is compared with its package by the walk; only what changed is of interest here.
    if (path.find("/lib/udev/") != std::string::npos && host_.packages->owns(path)) return;
    const bool packaged = is_unchanged_from_package(host_, path);
    Autostart start{.kind = kind,
                    .path = path,
                    .name = std::string{file_name(path)},
                    .account = std::string{account},
                    .modified = stat->modified,
                    .packaged = packaged};
    if (form == whole) {
      start.command = path;
      start.enabled = (stat->mode & 0111) != 0;
      return add_autostart(host_, std::move(start));
    }
    if (packaged && form != pam) return;
    const Result<std::string> text = read_whole(tree_, path, kFileBytesMax);
    if (!text) return notes_.add(path, text.error().what);
    each_start(*text, form, [&](std::uint32_t line, std::string_view command) {
      Autostart one = start;
      one.line = line;
      one.command = command.substr(0, kCommandBytesMax);
      if (form == pam) one.programs = pam_modules(tree_, command);
      add_autostart(host_, std::move(one));
    });
  }

  // What sshd runs for whoever comes in, or asks for keys; and what a key allows instead of a shell.
  void read_ssh() {
    const Sshd sshd{tree_};
    for (const SshdLine& line : sshd.lines()) {
      if (line.key != "forcecommand" && line.key != "authorizedkeyscommand" &&
          line.key != "authorizedprincipalscommand" && line.key != "subsystem")
        continue;
      std::string_view command = line.value;
      if (line.key == "subsystem") command = command.substr(std::min(command.find(' '), command.size()));
      if (trim(command).empty() || command == "none" || command.find("internal-sftp") != std::string_view::npos)
        continue;
      add(line.path, line.line, line.key, "root", trim(command), is_unchanged_from_package(host_, line.path));
    }
    for (const Key& key : host_.keys) {
      const std::size_t at = key.options.find("command=\"");
      if (at == std::string::npos) continue;
      const std::string_view rest = std::string_view{key.options}.substr(at + 9);
      add(key.path, key.line, key.account, key.account, rest.substr(0, rest.find('"')), false);
    }
  }

  void read_sites() {
    for (const Site& site : host_.sites) {
      if (site.docroot.size() < 2) continue;
      for (const std::string_view name : {".user.ini", "php.ini", ".htaccess"})
        read_file(join_path(site.docroot, name), Kind::web_prepend, prepend, site.account);
      for (const std::string& path : glob(tree_, join_path(site.docroot, ".git/hooks/*")))
        read_file(path, Kind::git_hook, whole, site.account);
      for (const std::string& path : glob(tree_, join_path(site.docroot, "wp-content/mu-plugins/*.php")))
        read_file(path, Kind::web_plugin, whole, site.account);
    }
  }

 private:
  void add(const std::string& path, std::uint32_t line, std::string_view name, std::string_view account,
           std::string_view command, bool packaged) {
    const Result<Stat> stat = tree_.stat_through_links(path);
    add_autostart(host_, {.kind = Kind::ssh_command,
                          .path = path,
                          .line = line,
                          .name = std::string{name},
                          .account = std::string{account},
                          .command = std::string{command.substr(0, kCommandBytesMax)},
                          .modified = stat ? stat->modified : Instant{},
                          .packaged = packaged});
  }

  Host& host_;
  const Tree& tree_;
  Notes& notes_;
};

}  // namespace

void load_start_files(Host& host, Notes& notes) {
  StartFiles files{host, notes};
  for (const Place& place : kPlaces) files.read(place, "root");
  for (const std::string_view pattern : kGitPatterns) files.read({pattern, Kind::git_hook, whole}, "");
  for (const Account& account : host.accounts) {
    if (account.home.size() < 2 || (account.uid != 0 && account.uid < 1000)) continue;
    if (!exists(*host.tree, account.home)) continue;
    for (const Place& place : kHomePlaces)
      files.read_file(join_path(account.home, place.pattern), place.kind, place.form, account.name);
    for (const Place& place : kHomePatterns)
      files.read({join_path(account.home, place.pattern), place.kind, place.form}, account.name);
  }
  files.read_ssh();
  files.read_sites();
  if (host.live) files.read({"/proc/sys/kernel/core_pattern", Kind::kernel_hook, sysctl}, "root");
}

}  // namespace abate::sweep
