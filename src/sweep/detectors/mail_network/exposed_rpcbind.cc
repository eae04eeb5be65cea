// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const std::string_view pattern : {"/etc/systemd/system/sockets.target.wants/rpcbind.socket",
                                         "/etc/systemd/system/multi-user.target.wants/rpcbind.service"})
    for (const std::string& path : glob(*host.tree, pattern)) {
      bool loopback = false;
      for (const ConfigLine& line : config_lines(*host.tree, "/etc/default/rpcbind"))
        loopback |= line.text.find("-h 127.") != std::string::npos;
      if (loopback) return;
      report_door(host, out,
                  {.unit = "rpcbind.socket",
                   .programs = "/sbin/rpcbind /usr/sbin/rpcbind",
                   .port = 111,
                   .protocol = "udp",
                   .role = "reflector"},
                  {"enabled", path, 1},
                  "the portmapper answers everybody, and its answers can be used to flood victims")
          .severity = Severity::note;
      return;
    }
}

constexpr Example kExamples[] = {
    {"enabled",
     R"x(--- /sbin/rpcbind mode=0755
x
--- /etc/systemd/system/sockets.target.wants/rpcbind.socket
[Socket]
)x",
     1},
    {"not enabled",
     R"x(--- /sbin/rpcbind mode=0755
x
)x",
     0},
};
}  // namespace
extern const Detector exposed_rpcbind_detector;
constinit const Detector exposed_rpcbind_detector{
    .id = "exposed_rpcbind",
    .area = Area::mail_network,
    .severity = Severity::note,
    .title = "The portmapper is switched on",
    .explain =
        R"(rpcbind tells NFS clients where services are. Few servers need it, and from the Internet it is used to flood
victims with its answers. False alarms: a firewall; an NFS server. What to do: systemctl disable --now
rpcbind.socket rpcbind.service when you have no NFS.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
