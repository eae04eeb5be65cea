// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  std::vector<Setting> settings;
  for (const std::string_view pattern : {"/etc/dnsmasq.conf", "/etc/dnsmasq.d/*"})
    for (const std::string& path : glob(*host.tree, pattern)) {
      if (path.find(".dpkg-") != std::string::npos || path.ends_with("README")) continue;
      for (Setting& setting : ini_settings(*host.tree, path, "#")) settings.push_back(std::move(setting));
    }
  if (settings.empty()) return;
  const Setting* opens = nullptr;
  bool limited = last_of(settings, "local-service") != nullptr;
  std::uint16_t port = 53;
  for (const Setting& one : settings) {
    if (one.key == "port") port = one.value == "0" ? 0 : port_of(one.value, 53);
    if (one.key == "listen-address" || one.key == "interface") {
      bool world = false;
      for (const std::string& address : parts_of(one.value, ","))
        world |= faces_the_world(address) ||
                 (one.key == "interface" && (address.starts_with("eth") || address.starts_with("en")));
      if (world)
        opens = &one;
      else
        limited = true;
    }
  }
  if (port == 0 || opens == nullptr || (limited && opens->key != "interface" && opens->key != "listen-address")) return;
  report_door(host, out,
              {.unit = "dnsmasq.service",
               .programs = "/usr/sbin/dnsmasq",
               .port = port,
               .protocol = "udp",
               .role = "open_resolver"},
              opens->at, "dnsmasq is told to answer on an address that strangers reach");
}

constexpr Example kExamples[] = {
    {"on the public interface",
     R"x(--- /usr/sbin/dnsmasq mode=0755
x
--- /etc/dnsmasq.conf
interface=eth0
)x",
     1},
    {"for containers",
     R"x(--- /usr/sbin/dnsmasq mode=0755
x
--- /etc/dnsmasq.d/lxc
listen-address=10.0.3.1
bind-interfaces
)x",
     0},
};
}  // namespace
extern const Detector open_resolver_dnsmasq_detector;
constinit const Detector open_resolver_dnsmasq_detector{
    .id = "open_resolver_dnsmasq",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "dnsmasq answers strangers",
    .explain =
        R"(dnsmasq resolves names for a small network. With interface= or listen-address= of the public side it answers
everybody (its caution, local-service, is off as soon as one of these is set), and can be used for DNS
amplification. False alarms: port 53 closed by a firewall; an interface that is not public after all.

What to do: interface= of the inner network only, except-interface= for the public one, bind-interfaces.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
