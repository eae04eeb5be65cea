// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

// The unit's own start, where nothing limits it. A distribution's helper adds --local-service, so only dnsmasq itself
// counts. As systemd reads: what is under /etc hides the shipped unit, a drop-in comes after both, the last one holds.
std::optional<ConfigLine> started_unlimited(const Host& host) {
  std::optional<ConfigLine> starts;
  for (const std::string_view pattern : {"/lib/systemd/system/dnsmasq.service", "/etc/systemd/system/dnsmasq.service",
                                         "/etc/systemd/system/dnsmasq.service.d/*.conf"})
    for (const std::string& path : glob(*host.tree, pattern))
      for (const ConfigLine& line : config_lines(*host.tree, path, "#", true))
        if (line.text.starts_with("ExecStart=/")) starts = line;
  if (!starts) return std::nullopt;
  const std::vector<std::string> words = words_of(starts->text);
  if (!words[0].ends_with("bin/dnsmasq")) return std::nullopt;
  for (const std::string_view word : words)
    for (const std::string_view limit : {"--local-service", "--interface", "--except-interface", "--listen-address",
                                         "--conf-file", "-i", "-I", "-a", "-C", "$"})
      if (word.starts_with(limit)) return std::nullopt;
  return starts;
}

void look(const Host& host, Findings& out) {
  std::vector<Setting> settings;
  for (const std::string_view pattern : {"/etc/dnsmasq.conf", "/etc/dnsmasq.d/*"})
    for (const std::string& path : glob(*host.tree, pattern)) {
      if (path.find(".dpkg-") != std::string::npos || path.ends_with("README")) continue;
      for (Setting& setting : ini_settings(*host.tree, path, "#")) settings.push_back(std::move(setting));
    }
  if (settings.empty()) return;
  const Setting* opens = nullptr;
  bool limited = last_of(settings, "local-service") != nullptr || last_of(settings, "except-interface") != nullptr;
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
  if (port == 0) return;
  const DoorService door{.unit = "dnsmasq.service",
                         .programs = "/usr/sbin/dnsmasq",
                         .port = port,
                         .protocol = "udp",
                         .role = "open_resolver"};
  if (opens != nullptr)
    report_door(host, out, door, opens->at, "dnsmasq is told to answer on an address that strangers reach");
  else if (const auto starts = limited ? std::nullopt : started_unlimited(host))
    report_door(host, out, door, *starts,
                "dnsmasq answers everybody: no interface=, listen-address= or local-service limits it");
}

constexpr Example kExamples[] = {
    {"on the public interface",
     R"x(--- /usr/sbin/dnsmasq mode=0755
x
--- /etc/dnsmasq.conf
interface=eth0
)x",
     1},
    {"nothing limits it",
     R"x(--- /usr/sbin/dnsmasq mode=0755
x
--- /etc/dnsmasq.conf
cache-size=1000
--- /etc/systemd/system/dnsmasq.service
[Service]
ExecStart=/usr/sbin/dnsmasq -k -u dnsmasq
)x",
     1},
    {"started by a helper, which limits it",
     R"x(--- /usr/sbin/dnsmasq mode=0755
x
--- /etc/dnsmasq.conf
cache-size=1000
--- /lib/systemd/system/dnsmasq.service
[Service]
ExecStart=/etc/init.d/dnsmasq systemd-exec
)x",
     0},
    {"limited where it is started",
     R"x(--- /usr/sbin/dnsmasq mode=0755
x
--- /etc/dnsmasq.conf
cache-size=1000
--- /etc/systemd/system/dnsmasq.service
[Service]
ExecStart=/usr/sbin/dnsmasq -k --local-service
)x",
     0},
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
amplification. It does so too when its unit starts it with neither of these and without local-service. False alarms: port 53 closed by a firewall; an interface that is not public after all.

What to do: interface= of the inner network only, except-interface= for the public one, bind-interfaces.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
