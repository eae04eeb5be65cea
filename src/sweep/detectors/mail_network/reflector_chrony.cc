// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const std::string_view path : {"/etc/chrony/chrony.conf", "/etc/chrony.conf"})
    for (const ConfigLine& line : config_lines(*host.tree, path, "#!;%")) {
      const auto words = words_of(line.text);
      if (words[0] != "cmdallow" || (words.size() > 1 && words[1] != "all" && !is_everybody(words[1]))) continue;
      report_door(host, out,
                  {.unit = "chrony.service",
                   .programs = "/usr/sbin/chronyd",
                   .port = 323,
                   .protocol = "udp",
                   .role = "reflector"},
                  line, "chrony answers everybody's control questions");
    }
}

constexpr Example kExamples[] = {
    {"commands from everywhere",
     R"x(--- /usr/sbin/chronyd mode=0755
x
--- /etc/chrony/chrony.conf
allow
cmdallow all
)x",
     1},
    {"a time server",
     R"x(--- /usr/sbin/chronyd mode=0755
x
--- /etc/chrony/chrony.conf
pool x.example iburst
allow 192.168.0.0/16
)x",
     0},
};
}  // namespace
extern const Detector reflector_chrony_detector;
constinit const Detector reflector_chrony_detector{
    .id = "reflector_chrony",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "chrony takes commands from the network",
    .explain =
        R"(chronyd serves time, which is harmless, and control questions on port 323, which should be asked on the server
itself only. "cmdallow" without an address lets everybody ask them. What to do: remove the line. False alarms: a
bindcmdaddress on loopback.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
