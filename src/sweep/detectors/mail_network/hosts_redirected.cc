// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kNames[] = {"deb.debian.org",
                                       "security.debian.org",
                                       "ftp.debian.org",
                                       "archive.ubuntu.com",
                                       "security.ubuntu.com",
                                       "mirrorlist.centos.org",
                                       "mirrors.almalinux.org",
                                       "mirrors.rockylinux.org",
                                       "api.wordpress.org",
                                       "downloads.wordpress.org",
                                       "update.joomla.org",
                                       "updates.drupal.org",
                                       "database.clamav.net",
                                       "current.cvd.clamav.net",
                                       "malware.expert",
                                       "cdn.imunify360.com",
                                       "api.imunify360.com",
                                       "cwaf.comodo.com",
                                       "rules.emergingthreats.net",
                                       "urlhaus.abuse.ch",
                                       "safebrowsing.googleapis.com",
                                       "noc1.wordfence.com",
                                       "httpupdate.cpanel.net",
                                       "autoinstall.plesk.com",
                                       "virustotal.com",
                                       "www.virustotal.com",
                                       "packages.cloud.google.com"};

bool is_private(const IpAddress& address) {
  if (!address.is_v4()) return (address.bytes()[0] & 0xfeU) == 0xfc;
  const std::uint32_t value = address.v4_value();
  return value >> 24U == 10 || value >> 20U == 0xac1 || value >> 16U == 0xc0a8;
}

void look(const Host& host, Findings& out) {
  std::uint32_t number = 0;
  for (std::string_view line : lines_of(*host.tree, "/etc/hosts")) {
    ++number;
    line = trim(line.substr(0, line.find('#')));
    const std::size_t end = line.find_first_of(" \t");
    if (end == std::string_view::npos) continue;
    const Result<IpAddress> address = parse_ip(line.substr(0, end));
    if (!address || is_private(*address)) continue;
    const std::string rest = to_lower(line.substr(end));
    for (const std::string_view name : kNames) {
      const std::size_t at = rest.find(name);
      const bool whole =
          at != std::string::npos && (rest[at - 1] == ' ' || rest[at - 1] == '\t') &&
          (at + name.size() == rest.size() || rest[at + name.size()] == ' ' || rest[at + name.size()] == '\t');
      if (!whole) continue;
      Subject subject = file_subject("/etc/hosts", number);
      subject.kind = SubjectKind::config;
      Finding& finding =
          out.add(std::move(subject), fmt::format("{} leads to {} on this server", name, address->to_string()));
      if (const Result<Stat> stat = host.tree->stat("/etc/hosts")) finding.at = stat->modified;
      finding.evidence.push_back(fmt::format("/etc/hosts:{}: {}", number, line.substr(0, 200)));
      finding.role = "persistence";
      break;
    }
  }
}

constexpr Example kExamples[] = {{"updates lead nowhere", R"TREE(--- /etc/hosts
127.0.0.1 localhost
0.0.0.0 security.debian.org
198.51.100.9	api.wordpress.org
)TREE",
                                  2},
                                 {"a cache in the own network", R"TREE(--- /etc/hosts
127.0.0.1 localhost
127.0.1.1 web1.example.org web1
10.0.0.5 deb.debian.org
0.0.0.0 ads.example
)TREE",
                                  0}};

}  // namespace

extern const Detector hosts_redirected_detector;
constinit const Detector hosts_redirected_detector{
    .id = "hosts_redirected",
    .area = Area::mail_network,
    .severity = Severity::suspicious,
    .title = "Names of update or security servers lead elsewhere",
    .explain =
        R"TEXT(/etc/hosts is asked before the name servers. Here it sends the name of a server that brings updates, lists of malware or checks of a CMS to another address, or nowhere: so that fixes do not arrive, or come from somebody else. Private addresses, as of a package cache in the own network, are left alone.
What to do: take the line out; then update.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
