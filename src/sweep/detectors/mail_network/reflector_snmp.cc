// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  const auto lines = config_lines_with_includes(*host.tree, "/etc/snmp/snmpd.conf", "includeFile", "/etc/snmp");
  bool world = false;
  for (const ConfigLine& line : lines) {
    if (!line.text.starts_with("agentAddress") && !line.text.starts_with("agentaddress")) continue;
    for (const std::string& part : parts_of(line.text.substr(12), ", ")) {
      std::string address = part.starts_with("udp6:")  ? part.substr(5)
                            : part.starts_with("udp:") ? part.substr(4)
                                                       : part;
      if (address.find(':') == std::string::npos && port_of(address, 0) != 0) address = "";
      world |= faces_the_world(address.find(':') != std::string::npos ? host_part(address) : address);
    }
  }
  for (const ConfigLine& line : lines) {
    const auto words = words_of(line.text);
    if (!world || words.size() < 2) continue;
    const bool community = words[0] == "rocommunity" || words[0] == "rwcommunity" || words[0] == "rocommunity6";
    const bool known = words[1] == "public" || words[1] == "private" || words[0] == "rwcommunity";
    const bool everybody = words.size() < 3 || words[2] == "default" || is_everybody(words[2]);
    if (!community || !known || !everybody) continue;
    report_door(
        host, out,
        {.unit = "snmpd.service", .programs = "/usr/sbin/snmpd", .port = 161, .protocol = "udp", .role = "reflector"},
        line, "SNMP tells strangers about this server, and can be used to flood victims");
  }
}

constexpr Example kExamples[] = {
    {"public for everybody",
     R"x(--- /usr/sbin/snmpd mode=0755
x
--- /etc/snmp/snmpd.conf
agentAddress udp:161,udp6:[::1]:161
rocommunity public
)x",
     1},
    {"as Debian ships it",
     R"x(--- /usr/sbin/snmpd mode=0755
x
--- /etc/snmp/snmpd.conf
agentaddress  127.0.0.1,[::1]
rocommunity  public default -V systemonly
)x",
     0},
    {"for the monitoring server only",
     R"x(--- /usr/sbin/snmpd mode=0755
x
--- /etc/snmp/snmpd.conf
agentAddress udp:161
rocommunity public 10.0.0.5
)x",
     0},
};
}  // namespace
extern const Detector reflector_snmp_detector;
constinit const Detector reflector_snmp_detector{
    .id = "reflector_snmp",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "SNMP with a well-known word",
    .explain =
        R"(SNMP with the word "public" (or one that may write) answers everybody with lists of processes, disks and
networks, and its long answers to short forged questions flood victims. False alarms: a firewall elsewhere.

What to do: agentAddress udp:127.0.0.1:161, or rocommunity with a word of your own and the monitoring server's
address; better SNMPv3.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
