// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  const auto lines = config_lines(*host.tree, "/etc/cups/cupsd.conf");
  const ConfigLine* listens = nullptr;
  bool allows_all = false;
  for (const ConfigLine& line : lines) {
    const auto words = words_of(line.text);
    if (words.size() < 2) continue;
    if (words[0] == "Port" || (words[0] == "Listen" && faces_the_world(host_part(words[1])))) listens = &line;
    if (words[0] == "Allow" && (to_lower(words.back()) == "all" || is_everybody(words.back()))) allows_all = true;
  }
  if (listens != nullptr && allows_all)
    report_door(host, out, {.unit = "cups.service", .programs = "/usr/sbin/cupsd", .port = 631}, *listens,
                "anybody may use this server's print service");
  for (const ConfigLine& line : config_lines(*host.tree, "/etc/cups/cups-browsed.conf")) {
    const std::string low = to_lower(line.text);
    if (!low.starts_with("browseremoteprotocols") || low.find("cups") == std::string::npos) continue;
    report_door(host, out,
                {.unit = "cups-browsed.service",
                 .programs = "/usr/sbin/cups-browsed",
                 .port = 631,
                 .protocol = "udp",
                 .role = "reflector"},
                line, "cups-browsed takes any stranger's word for a printer (CVE-2024-47176)");
  }
}

constexpr Example kExamples[] = {
    {"browsing by the old protocol",
     R"x(--- /usr/sbin/cups-browsed mode=0755
x
--- /etc/cups/cups-browsed.conf
BrowseRemoteProtocols dnssd cups
)x",
     1},
    {"as shipped",
     R"x(--- /usr/sbin/cupsd mode=0755
x
--- /etc/cups/cupsd.conf
Listen localhost:631
Listen /run/cups/cups.sock
)x",
     0},
};
}  // namespace
extern const Detector exposed_cups_detector;
constinit const Detector exposed_cups_detector{
    .id = "exposed_cups",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Printing open to the network",
    .explain =
        R"(A print service reachable from the Internet wastes paper at best; cups-browsed with the "cups" protocol lets
strangers add printers that run commands, and can be used to flood victims. False alarms: an office network.

What to do: Listen localhost:631, BrowseRemoteProtocols none, or remove cups-browsed from a server.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
