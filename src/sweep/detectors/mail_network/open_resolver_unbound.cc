// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  std::vector<ConfigLine> lines;
  for (const std::string_view pattern : {"/etc/unbound/unbound.conf", "/etc/unbound/unbound.conf.d/*.conf",
                                         "/etc/unbound/local.d/*.conf", "/etc/unbound/conf.d/*.conf"})
    for (const std::string& path : glob(*host.tree, pattern))
      for (ConfigLine& line : config_lines(*host.tree, path)) lines.push_back(std::move(line));
  bool reachable = false;
  const ConfigLine* opens = nullptr;
  std::uint16_t port = 53;
  for (const ConfigLine& line : lines) {
    auto words = words_of(line.text);
    if (words.size() < 2) continue;
    if (words[0] == "interface:") reachable |= faces_the_world(words[1].substr(0, words[1].find('@')));
    if (words[0] == "port:") port = port_of(words[1], 53);
    // The most specific network decides, so a stranger meets the widest one.
    if (words[0] == "access-control:" && words.size() > 2 && is_everybody(words[1]))
      opens = words[2].starts_with("allow") ? &line : nullptr;
  }
  if (!reachable || opens == nullptr) return;
  report_door(host, out,
              {.unit = "unbound.service",
               .programs = "/usr/sbin/unbound",
               .port = port,
               .protocol = "udp",
               .role = "open_resolver"},
              *opens, "Unbound looks up any name for anybody");
}

constexpr Example kExamples[] = {
    {"everybody may ask",
     R"x(--- /usr/sbin/unbound mode=0755
x
--- /etc/unbound/unbound.conf
server:
  interface: 0.0.0.0
  access-control: 0.0.0.0/0 allow
)x",
     1},
    {"on loopback",
     R"x(--- /usr/sbin/unbound mode=0755
x
--- /etc/unbound/unbound.conf
server:
  interface: 127.0.0.1
  access-control: 0.0.0.0/0 allow
)x",
     0},
    {"the later line refuses",
     R"x(--- /usr/sbin/unbound mode=0755
x
--- /etc/unbound/unbound.conf
server:
  interface: 0.0.0.0
  access-control: 0.0.0.0/0 refuse
  access-control: 10.0.0.0/8 allow
)x",
     0},
};
}  // namespace
extern const Detector open_resolver_unbound_detector;
constinit const Detector open_resolver_unbound_detector{
    .id = "open_resolver_unbound",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Unbound answers strangers",
    .explain =
        R"(Unbound is a resolver for one's own network. Its access-control lets every address ask, and it listens on an
address that strangers reach: it can be used to flood victims with large answers. False alarms: port 53 closed
by a firewall elsewhere.

What to do: "access-control: 0.0.0.0/0 refuse" and "allow" for your networks only, or listen on 127.0.0.1 only.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
