// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  const auto lines = config_lines(*host.tree, "/etc/privoxy/config");
  bool limited = false;
  for (const ConfigLine& line : lines)
    limited |= line.text.starts_with("permit-access") && !is_everybody(words_of(line.text).back());
  for (const ConfigLine& line : lines) {
    const auto words = words_of(line.text);
    if (limited || words.size() < 2 || words[0] != "listen-address" || !faces_the_world(host_part(words[1]))) continue;
    report_door(host, out,
                {.unit = "privoxy.service",
                 .programs = "/usr/sbin/privoxy",
                 .port = port_of(words[1], 8118),
                 .role = "open_proxy"},
                line, "Privoxy fetches pages for anybody who asks");
  }
}

constexpr Example kExamples[] = {
    {"listens on all addresses",
     R"x(--- /usr/sbin/privoxy mode=0755
x
--- /etc/privoxy/config
listen-address 0.0.0.0:8118
)x",
     1},
    {"as shipped",
     R"x(--- /usr/sbin/privoxy mode=0755
x
--- /etc/privoxy/config
listen-address 127.0.0.1:8118
listen-address [::1]:8118
)x",
     0},
};
}  // namespace
extern const Detector open_proxy_privoxy_detector;
constinit const Detector open_proxy_privoxy_detector{
    .id = "open_proxy_privoxy",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Privoxy listens to strangers",
    .explain =
        R"(Privoxy is a filtering web proxy meant for one computer or one home. It listens on an address that strangers
reach, and no permit-access line limits who may use it: it is an open proxy. False alarms: a firewall elsewhere.

What to do: "listen-address 127.0.0.1:8118", or permit-access lines for your own networks.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
