// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  const auto settings = ini_settings(*host.tree, "/etc/samba/smb.conf");
  const std::string map = value_of(settings, "map to guest", "never", "global");
  if (map == "never" || map == "Never") return;
  const std::string hosts =
      value_of(settings, "hosts allow", value_of(settings, "allow hosts", "", "global"), "global");
  const std::string interfaces = value_of(settings, "interfaces", "", "global");
  const bool bound = is_yes(value_of(settings, "bind interfaces only", "no", "global"));
  if (!hosts.empty() || (bound && !interfaces.empty())) return;
  for (const Setting& one : settings) {
    if (one.section == "global" || one.section == "printers" || one.section == "print$") continue;
    if ((one.key != "guest ok" && one.key != "public") || !is_yes(one.value)) continue;
    const bool writes = is_no(value_of(settings, "read only", "yes", one.section)) ||
                        is_yes(value_of(settings, "writable", "no", one.section)) ||
                        is_yes(value_of(settings, "writeable", "no", one.section));
    Finding& finding =
        report_door(host, out, {.unit = "smbd.service", .programs = "/usr/sbin/smbd", .port = 445}, one.at,
                    fmt::format("share \"{}\" is open to everybody without a password{}", one.section,
                                writes ? ", for writing too" : ""));
    finding.paths.push_back(value_of(settings, "path", "", one.section));
  }
}

constexpr Example kExamples[] = {
    {"guests may write",
     R"x(--- /usr/sbin/smbd mode=0755
x
--- /etc/samba/smb.conf
[global]
map to guest = bad user
[drop]
path = /srv/drop
guest ok = yes
read only = no
)x",
     1},
    {"as shipped, without a guests' share",
     R"x(--- /usr/sbin/smbd mode=0755
x
--- /etc/samba/smb.conf
[global]
map to guest = bad user
[homes]
browseable = no
[printers]
guest ok = yes
)x",
     0},
};
}  // namespace
extern const Detector exposed_samba_detector;
constinit const Detector exposed_samba_detector{
    .id = "exposed_samba",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "A Samba share for everybody",
    .explain =
        R"(A share with "guest ok = yes" on a server that maps unknown users to guests needs no password. On the Internet
that is a public drop box: for malware, for illegal files, and for whoever wants to read yours. False alarms: a
closed network, a firewall elsewhere.

What to do: guest ok = no, map to guest = never, or hosts allow = your networks.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
