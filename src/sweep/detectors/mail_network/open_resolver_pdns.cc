// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  std::vector<Setting> settings;
  for (const std::string_view pattern :
       {"/etc/powerdns/recursor.conf", "/etc/powerdns/recursor.d/*.conf", "/etc/pdns-recursor/recursor.conf"})
    for (const std::string& path : glob(*host.tree, pattern))
      for (Setting& setting : ini_settings(*host.tree, path, "#")) settings.push_back(std::move(setting));
  const Setting* who = last_of(settings, "allow-from");
  if (who == nullptr) return;
  bool reachable = false;
  for (const std::string& address : parts_of(value_of(settings, "local-address", "127.0.0.1"), ", "))
    reachable |= faces_the_world(address);
  bool everybody = who->value.empty();
  for (const std::string& network : parts_of(who->value, ", ")) everybody |= is_everybody(network);
  if (reachable && everybody)
    report_door(host, out,
                {.unit = "pdns-recursor.service",
                 .programs = "/usr/sbin/pdns_recursor",
                 .port = 53,
                 .protocol = "udp",
                 .role = "open_resolver"},
                who->at, "PowerDNS Recursor looks up any name for anybody");
}

constexpr Example kExamples[] = {
    {"everybody",
     R"x(--- /usr/sbin/pdns_recursor mode=0755
x
--- /etc/powerdns/recursor.conf
allow-from=127.0.0.0/8, 0.0.0.0/0
local-address=0.0.0.0
)x",
     1},
    {"own networks",
     R"x(--- /usr/sbin/pdns_recursor mode=0755
x
--- /etc/powerdns/recursor.conf
allow-from=127.0.0.0/8, 10.0.0.0/8
local-address=0.0.0.0
)x",
     0},
};
}  // namespace
extern const Detector open_resolver_pdns_detector;
constinit const Detector open_resolver_pdns_detector{
    .id = "open_resolver_pdns",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "PowerDNS Recursor answers strangers",
    .explain =
        R"(The recursor's allow-from holds everybody (or is empty, which means the same) and it listens on a public
address: it can be used to flood victims with DNS answers. False alarms: port 53 closed by a firewall elsewhere.

What to do: allow-from= your own networks, or local-address=127.0.0.1.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
