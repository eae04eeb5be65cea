// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <ranges>

#include "base/text.h"
#include "sweep/host/config/open_door.h"
#include "sweep/host/config/versions.h"
#include "sweep/host/logs/stream.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kExposed[] = {"openssh-server",
                                         "exim4",
                                         "exim4-daemon-light",
                                         "exim4-daemon-heavy",
                                         "postfix",
                                         "dovecot-core",
                                         "apache2",
                                         "apache2-bin",
                                         "nginx",
                                         "php8.2-fpm",
                                         "php8.2-common",
                                         "openssl",
                                         "libssl3",
                                         "bind9",
                                         "sudo",
                                         "linux-image-amd64",
                                         "libc6",
                                         "mariadb-server",
                                         "postgresql-15",
                                         "redis-server",
                                         "samba",
                                         "roundcube",
                                         "squid"};
constexpr std::size_t kWorstMax = 7;
constexpr std::chrono::hours kListsAgeMax{24 * 30};

struct Fix {
  std::string name;
  std::string have;
  std::string fixed;
};

void look(const Host& host, Findings& out) {
  if (host.packages->system() != "dpkg") return;
  std::map<std::string, std::string, std::less<>> have;
  for (auto& [name, version] : host.packages->installed()) have.emplace(std::move(name), std::move(version));
  if (have.empty()) return;
  std::vector<std::string> lists;
  for (const std::string& path : glob(*host.tree, "/var/lib/apt/lists/*_Packages*"))
    if (path.find("security") != std::string::npos) lists.push_back(path);
  if (lists.empty()) {
    out.add({.kind = SubjectKind::package, .path = "/var/lib/apt/lists", .name = "security updates"},
            "the server has no list of security fixes, so nobody can say which are missing")
        .severity = Severity::note;
    return;
  }
  std::map<std::string, Fix> fixes;
  Notes notes;
  Instant newest = kDistantPast;
  for (const std::string& path : lists) {
    if (const auto stat = host.tree->stat(path)) newest = std::max(newest, stat->modified);
    LogLines lines{*host.tree, path, notes};
    std::string name;
    while (lines.next()) {
      const std::string_view line = lines.line();
      if (line.starts_with("Package: ")) name = trim(line.substr(9));
      if (!line.starts_with("Version: ")) continue;
      const auto installed = have.find(name);
      const std::string version{trim(line.substr(9))};
      if (installed == have.end() || compare_versions(installed->second, version) >= 0) continue;
      Fix& fix = fixes[name];
      if (fix.fixed.empty() || compare_versions(fix.fixed, version) < 0) fix = {name, installed->second, version};
    }
  }
  if (host.now - newest > kListsAgeMax)
    out.add({.kind = SubjectKind::package, .path = lists.front(), .name = "list of security fixes"},
            "the list of security fixes is more than 30 days old: newer fixes are not known to this server")
        .severity = Severity::note;
  if (fixes.empty()) return;
  std::vector<Fix> worst;
  const auto exposed = [](const Fix& fix) { return std::ranges::find(kExposed, fix.name) != std::end(kExposed); };
  for (const auto& [name, fix] : fixes) worst.push_back(fix);
  std::ranges::stable_partition(worst, exposed);
  Finding& finding = out.add(
      {.kind = SubjectKind::package, .path = "/var/lib/dpkg/status", .name = "security updates"},
      fmt::format("{} installed package(s) lack a security fix that the server already knows of", fixes.size()));
  finding.role = "outdated";
  if (!exposed(worst.front())) finding.severity = Severity::note;
  for (const Fix& fix : worst | std::views::take(kWorstMax))
    finding.evidence.push_back(fmt::format("{} {}, mended in {}", fix.name, fix.have, fix.fixed));
}

constexpr Example kExamples[] = {
    {"a fix that was not installed",
     R"x(--- /etc/debian_version
12.5
--- /var/lib/dpkg/status
Package: openssh-server
Status: install ok installed
Architecture: amd64
Version: 1:9.2p1-2+deb12u1

--- /var/lib/apt/lists/x_debian-security_dists_bookworm-security_main_binary-amd64_Packages mtime=2026-05-30T00:00:00Z
Package: openssh-server
Version: 1:9.2p1-2+deb12u3

)x",
     1},
    {"up to date",
     R"x(--- /etc/debian_version
12.5
--- /var/lib/dpkg/status
Package: openssh-server
Status: install ok installed
Architecture: amd64
Version: 1:9.2p1-2+deb12u3

--- /var/lib/apt/lists/x_debian-security_dists_bookworm-security_main_binary-amd64_Packages mtime=2026-05-30T00:00:00Z
Package: openssh-server
Version: 1:9.2p1-2+deb12u3

)x",
     0},
};
}  // namespace
extern const Detector outdated_packages_detector;
constinit const Detector outdated_packages_detector{
    .id = "outdated_packages",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Security fixes are waiting",
    .explain =
        R"(The server's own package lists name newer versions from the security archive than those that are installed.
Programs that strangers reach (mail, web, SSH) are named first; where only others are concerned this is a note.

False alarms: packages held back on purpose. What to do: "apt-get update && apt-get upgrade", then restart the
services; switch on unattended-upgrades.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
