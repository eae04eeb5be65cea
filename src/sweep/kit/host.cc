// SPDX-License-Identifier: Apache-2.0
#include "sweep/kit/host.h"

#include <algorithm>
#include <array>

#include "model/words.h"

namespace abate::sweep {
namespace {

constexpr std::array kKinds{Word{AutostartKind::cron, "cron job"},
                            Word{AutostartKind::at, "at job"},
                            Word{AutostartKind::unit, "unit"},
                            Word{AutostartKind::timer, "timer"},
                            Word{AutostartKind::user_unit, "user unit"},
                            Word{AutostartKind::generator, "unit generator"},
                            Word{AutostartKind::init, "init script"},
                            Word{AutostartKind::rc_local, "rc.local"},
                            Word{AutostartKind::profile, "profile"},
                            Word{AutostartKind::shell_rc, "shell start-up file"},
                            Word{AutostartKind::preload, "preloaded library"},
                            Word{AutostartKind::pam, "PAM module"},
                            Word{AutostartKind::udev, "udev rule"},
                            Word{AutostartKind::package_hook, "package manager hook"},
                            Word{AutostartKind::motd, "message of the day"},
                            Word{AutostartKind::network_hook, "network hook"},
                            Word{AutostartKind::module, "kernel module"},
                            Word{AutostartKind::container, "container"},
                            Word{AutostartKind::web_prepend, "prepended PHP"},
                            Word{AutostartKind::web_plugin, "must-use plugin"},
                            Word{AutostartKind::ssh_command, "SSH command"},
                            Word{AutostartKind::git_hook, "git hook"},
                            Word{AutostartKind::inetd, "inetd service"},
                            Word{AutostartKind::kernel_hook, "kernel hook"},
                            Word{AutostartKind::log_rotation, "log rotation"},
                            Word{AutostartKind::supervised, "supervised program"},
                            Word{AutostartKind::desktop, "desktop start-up entry"},
                            Word{AutostartKind::mail_pipe, "mail pipe"},
                            Word{AutostartKind::other, "other"}};

}  // namespace

std::string_view autostart_kind_name(AutostartKind kind) { return word_of(kKinds, kind); }

bool Account::can_log_in() const {
  return !shell.ends_with("/nologin") && !shell.ends_with("/false") && !shell.ends_with("/sync") &&
         !shell.ends_with("/halt") && !shell.ends_with("/shutdown");
}

bool Socket::is_open_to_the_world() const {
  if (state != "listen") return false;
  const bool loopback = local.is_v4() ? (local.v4_value() >> 24) == 127 : local.to_string() == "::1";
  return !loopback;
}

const Account* Host::account(std::string_view name) const {
  const auto found = std::ranges::find(accounts, name, &Account::name);
  return found == accounts.end() ? nullptr : &*found;
}

const Account* Host::account(std::uint32_t uid) const {
  const auto found = std::ranges::find(accounts, uid, &Account::uid);
  return found == accounts.end() ? nullptr : &*found;
}

const Site* Host::site_of(std::string_view path) const {
  const Site* best = nullptr;
  for (const Site& site : sites)
    if (!site.docroot.empty() && lies_in(path, site.docroot) &&
        (best == nullptr || site.docroot.size() > best->docroot.size()))
      best = &site;
  return best;
}

const Container* Host::container_of(std::string_view path) const {
  const auto found = std::ranges::find_if(
      containers, [&](const Container& one) { return !one.layer.empty() && lies_in(path, one.layer); });
  return found == containers.end() ? nullptr : &*found;
}

const InstalledApplication* Host::application_of(std::string_view path) const {
  const InstalledApplication* best = nullptr;
  for (const InstalledApplication& one : applications)
    if (path.size() > one.folder.size() && lies_in(path, one.folder) &&
        (best == nullptr || one.folder.size() > best->folder.size()))
      best = &one;
  return best;
}

bool Host::is_of_release(std::string_view path, std::string_view md5_hex) const {
  const InstalledApplication* application = releases == nullptr || md5_hex.empty() ? nullptr : application_of(path);
  if (application == nullptr) return false;
  const std::optional<std::string> md5 = releases->md5_of(*application, path.substr(application->folder.size() + 1));
  return md5 && *md5 == md5_hex;
}

bool Host::is_own_address(const IpAddress& address) const {
  if (address.is_v4() ? (address.v4_value() >> 24) == 127 : address.to_string() == "::1") return true;
  return std::ranges::find(addresses, address) != addresses.end() ||
         std::ranges::find(ticket.addresses, address) != ticket.addresses.end();
}

bool Host::is_web_user(std::uint32_t uid) const {
  constexpr std::string_view kNames[] = {"www-data", "apache", "nginx",  "http",  "httpd",   "wwwrun",
                                         "lighttpd", "caddy",  "nobody", "lsadm", "psaserv", "webapps"};
  const Account* who = account(uid);
  if (who == nullptr) return false;
  for (const std::string_view name : kNames)
    if (who->name == name) return true;
  return std::ranges::any_of(sites, [&](const Site& site) {
    return !site.account.empty() ? site.account == who->name
                                 : uid >= 1000 && !who->home.empty() && lies_in(site.docroot, who->home);
  });
}

}  // namespace abate::sweep
