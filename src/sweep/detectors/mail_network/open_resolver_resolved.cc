// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  std::vector<std::string> paths = glob(*host.tree, "/etc/systemd/resolved.conf.d/*.conf");
  paths.insert(paths.begin(), "/etc/systemd/resolved.conf");
  for (const std::string& path : paths)
    for (const Setting& one : ini_settings(*host.tree, path)) {
      if (one.key != "dnsstublistenerextra" || one.value.empty()) continue;
      std::string address =
          one.value.starts_with("udp:") || one.value.starts_with("tcp:") ? one.value.substr(4) : one.value;
      if (!parse_ip(address)) address = host_part(address);
      if (!faces_the_world(address)) continue;
      report_door(host, out,
                  {.unit = "systemd-resolved.service",
                   .programs = "/lib/systemd/systemd-resolved /usr/lib/systemd/systemd-resolved",
                   .port = 53,
                   .protocol = "udp",
                   .role = "open_resolver"},
                  one.at, "systemd-resolved looks up any name for anybody");
    }
}

constexpr Example kExamples[] = {
    {"on all addresses",
     R"x(--- /lib/systemd/systemd-resolved mode=0755
x
--- /etc/systemd/resolved.conf
[Resolve]
DNSStubListenerExtra=0.0.0.0
)x",
     1},
    {"for containers",
     R"x(--- /lib/systemd/systemd-resolved mode=0755
x
--- /etc/systemd/resolved.conf
[Resolve]
DNSStubListenerExtra=172.17.0.1
)x",
     0},
};
}  // namespace
extern const Detector open_resolver_resolved_detector;
constinit const Detector open_resolver_resolved_detector{
    .id = "open_resolver_resolved",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "systemd-resolved answers on a public address",
    .explain =
        R"(systemd-resolved answers this server's own questions. DNSStubListenerExtra lets it answer on another address
too, and it has no list of who may ask: it can be used to flood victims. False alarms: port 53 closed by a
firewall. What to do: remove the line.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
