// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const std::string_view path : {"/etc/ntp.conf", "/etc/ntpsec/ntp.conf"}) {
    const auto lines = config_lines(*host.tree, path);
    bool monitor = true;
    bool restricted = false;
    const ConfigLine* weak = nullptr;
    for (const ConfigLine& line : lines) {
      const auto words = words_of(line.text);
      if (words[0] == "disable" && line.text.find("monitor") != std::string::npos) monitor = false;
      if (words[0] != "restrict" || words.size() < 2) continue;
      std::size_t at = words[1] == "-4" || words[1] == "-6" ? 2 : 1;
      if (at >= words.size() || (words[at] != "default" && !is_everybody(words[at]))) continue;
      const bool closed =
          line.text.find("noquery") != std::string::npos || line.text.find("ignore") != std::string::npos;
      restricted |= closed;
      if (!closed && words[1] != "-6") weak = &line;
    }
    if (lines.empty() || !monitor || (restricted && weak == nullptr)) continue;
    const ConfigLine start{"no restrict default … noquery", std::string{path}, 1};
    report_door(
        host, out,
        {.unit = "ntp.service", .programs = "/usr/sbin/ntpd", .port = 123, .protocol = "udp", .role = "reflector"},
        weak != nullptr ? *weak : start, "the time server answers everybody's status questions (monlist, mode 6)");
  }
}

constexpr Example kExamples[] = {
    {"default without noquery",
     R"x(--- /usr/sbin/ntpd mode=0755
x
--- /etc/ntp.conf
server 0.pool.example
restrict default kod nomodify notrap
)x",
     1},
    {"as shipped",
     R"x(--- /usr/sbin/ntpd mode=0755
x
--- /etc/ntp.conf
restrict -4 default kod notrap nomodify nopeer noquery limited
restrict 127.0.0.1
)x",
     0},
};
}  // namespace
extern const Detector reflector_ntp_detector;
constinit const Detector reflector_ntp_detector{
    .id = "reflector_ntp",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "The time server answers questions that amplify",
    .explain =
        R"(ntpd answers not only "what time is it" but also status questions, whose answers are far larger. Without
"noquery" in "restrict default" anybody may ask them, with a victim's address as sender.

False alarms: a firewall elsewhere. What to do: "restrict default kod nomodify notrap nopeer noquery limited"
for both -4 and -6, and "disable monitor".)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
