// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const Setting& one : ini_settings(*host.tree, "/etc/miniupnpd/miniupnpd.conf", "#")) {
    if (one.key != "listening_ip" ||
        !(faces_the_world(one.value) || one.value.starts_with("eth") || one.value.starts_with("ens")))
      continue;
    report_door(host, out,
                {.unit = "miniupnpd.service",
                 .programs = "/usr/sbin/miniupnpd",
                 .port = 1900,
                 .protocol = "udp",
                 .role = "reflector"},
                one.at, "UPnP answers on an address that strangers reach");
  }
}

constexpr Example kExamples[] = {
    {"on the public side",
     R"x(--- /usr/sbin/miniupnpd mode=0755
x
--- /etc/miniupnpd/miniupnpd.conf
listening_ip=eth0
)x",
     1},
    {"inside",
     R"x(--- /usr/sbin/miniupnpd mode=0755
x
--- /etc/miniupnpd/miniupnpd.conf
listening_ip=192.168.0.1
)x",
     0},
};
}  // namespace
extern const Detector reflector_upnp_detector;
constinit const Detector reflector_upnp_detector{
    .id = "reflector_upnp",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "UPnP faces the Internet",
    .explain =
        R"(UPnP opens ports of a home router for devices inside. Answering on the public side it can be used to flood
victims, and lets strangers open ports. False alarms: an interface that is inside after all. What to do:
listening_ip= the inner interface, or remove it.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
