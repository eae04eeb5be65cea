// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kOld[] = {"echo",  "chargen", "daytime", "discard", "qotd", "time", "telnet",
                                     "shell", "login",   "exec",    "finger",  "rsh",  "tftp"};
bool is_old(std::string_view name) { return std::ranges::find(kOld, name) != std::end(kOld); }
std::uint16_t port_named(std::string_view name) {
  static constexpr std::pair<std::string_view, std::uint16_t> kPorts[] = {
      {"echo", 7},  {"discard", 9}, {"daytime", 13}, {"qotd", 17},   {"chargen", 19}, {"telnet", 23}, {"time", 37},
      {"tftp", 69}, {"finger", 79}, {"exec", 512},   {"login", 513}, {"shell", 514},  {"rsh", 514}};
  for (const auto& [known, port] : kPorts)
    if (known == name) return port;
  return 0;
}

void tell(const Host& host, Findings& out, const std::string& name, const std::string& protocol, std::string_view unit,
          const ConfigLine& at) {
  const bool reflects = protocol.starts_with("udp");
  const std::uint16_t port = port_named(name);
  report_door(host, out,
              {.unit = unit,
               .programs = "/usr/sbin/inetd /usr/sbin/xinetd /usr/sbin/openbsd-inetd",
               .port = port,
               .protocol = reflects ? "udp" : "tcp",
               .role = reflects ? "reflector" : "exposed_service"},
              at, fmt::format("the old service \"{}\" is switched on for everybody", name));
}

void look(const Host& host, Findings& out) {
  for (const ConfigLine& line : config_lines(*host.tree, "/etc/inetd.conf")) {
    const auto words = words_of(line.text);
    const std::size_t colon = words[0].rfind(':');
    const std::string name = colon == std::string::npos ? words[0] : words[0].substr(colon + 1);
    const bool local = colon != std::string::npos && !faces_the_world(words[0].substr(0, colon));
    if (words.size() > 5 && is_old(name) && !local) tell(host, out, name, words[2], "inetd.service", line);
  }
  for (const std::string& path : glob(*host.tree, "/etc/xinetd.d/*")) {
    ConfigLine service;
    std::string protocol = "tcp";
    bool off = false;
    bool local = false;
    for (const ConfigLine& line : config_lines(*host.tree, path)) {
      const auto words = parts_of(line.text, " =\t");
      if (words.size() > 1 && words[0] == "service") service = line, off = false, local = false;
      if (words.size() > 1 && words[0] == "disable") off = is_yes(words[1]);
      if (words.size() > 1 && words[0] == "protocol") protocol = words[1];
      if (words.size() > 1 && (words[0] == "only_from" || words[0] == "bind")) local = !is_everybody(words[1]);
      if (words.empty() || words[0] != "}" || service.line == 0) continue;
      const std::string name = words_of(service.text)[1];
      if (!off && !local && is_old(name)) tell(host, out, name, protocol, "xinetd.service", service);
      service = {};
    }
  }
}

constexpr Example kExamples[] = {
    {"chargen by UDP",
     R"x(--- /usr/sbin/inetd mode=0755
x
--- /etc/inetd.conf
#echo stream tcp nowait root internal
chargen dgram udp wait root internal
)x",
     1},
    {"telnet by xinetd",
     R"x(--- /usr/sbin/xinetd mode=0755
x
--- /etc/xinetd.d/telnet
service telnet
{
  disable = no
  socket_type = stream
}
)x",
     1},
    {"switched off",
     R"x(--- /usr/sbin/xinetd mode=0755
x
--- /etc/xinetd.d/telnet
service telnet
{
  disable = yes
}
)x",
     0},
};
}  // namespace
extern const Detector reflector_inetd_detector;
constinit const Detector reflector_inetd_detector{
    .id = "reflector_inetd",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Old network services that are switched on",
    .explain =
        R"(echo, chargen, daytime, telnet, rsh and the like come from a time when networks were friendly. By UDP they are
used to flood victims; telnet and rsh send passwords in clear. Nobody needs them today. False alarms: a museum,
a closed network.

What to do: comment the line out in /etc/inetd.conf or set "disable = yes", restart inetd; use ssh instead.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
