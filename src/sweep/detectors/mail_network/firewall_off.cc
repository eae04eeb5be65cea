// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  if (!exists(*host.tree, "/etc/passwd") || !firewall_seen(host).empty()) return;
  std::string ports;
  for (const Socket& socket : host.sockets)
    if (socket.is_open_to_the_world() && ports.size() < 200)
      ports += fmt::format("{}{}/{}", ports.empty() ? "" : ", ", socket.local_port, socket.protocol);
  Finding& finding = out.add({.kind = SubjectKind::config, .path = "/etc/nftables.conf"},
                             "no packet filter is set up on this server: whatever listens can be reached");
  if (!ports.empty()) finding.evidence.push_back(fmt::format("open to the world: {}", ports));
}

constexpr Example kExamples[] = {
    {"no rules",
     R"x(--- /etc/passwd
root:x:0:0:root:/root:/bin/bash
)x",
     1},
    {"ufw is on",
     R"x(--- /etc/passwd
root:x:0:0:root:/root:/bin/bash
--- /etc/ufw/ufw.conf
ENABLED=yes
)x",
     0},
};
}  // namespace
extern const Detector firewall_off_detector;
constinit const Detector firewall_off_detector{
    .id = "firewall_off",
    .area = Area::mail_network,
    .severity = Severity::note,
    .title = "Nothing filters what comes in",
    .explain =
        R"(Without a packet filter every service that listens can be reached from the Internet, also one that was started
by mistake. It is no weakness by itself when only wanted services listen. False alarms: a filter in front of the
server (provider, cloud security group).

What to do: let in what you need (nftables, ufw or firewalld) and drop the rest.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
