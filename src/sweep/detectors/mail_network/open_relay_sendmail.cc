// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  const DoorService service{
      .unit = "sendmail.service",
      .programs = "/usr/sbin/sendmail.sendmail /usr/libexec/sendmail/sendmail /usr/lib/sm.bin/sendmail",
      .port = 25,
      .role = "open_relay"};
  for (const ConfigLine& line : config_lines(*host.tree, "/etc/mail/sendmail.mc", "")) {
    if (line.text.starts_with("dnl")) continue;
    if (line.text.find("promiscuous_relay") != std::string::npos)
      report_door(host, out, service, line, "Sendmail carries anybody's mail to anybody: promiscuous_relay");
  }
  for (const ConfigLine& line : config_lines(*host.tree, "/etc/mail/access")) {
    const auto words = words_of(line.text);
    if (words.size() < 2 || words[1] != "RELAY") continue;
    const std::string who = words[0].starts_with("Connect:") ? words[0].substr(8) : words[0];
    if (who.find_first_not_of("0123456789") == std::string::npos && who != "10" && who != "127" && !who.empty())
      report_door(host, out, service, line, fmt::format("Sendmail relays for the whole network {}.*", who));
  }
}

constexpr Example kExamples[] = {
    {"the feature",
     R"x(--- /usr/libexec/sendmail/sendmail mode=0755
x
--- /etc/mail/sendmail.mc
FEATURE(`promiscuous_relay')dnl
)x",
     1},
    {"commented out, and one host only",
     R"x(--- /usr/libexec/sendmail/sendmail mode=0755
x
--- /etc/mail/sendmail.mc
dnl FEATURE(`promiscuous_relay')dnl
--- /etc/mail/access
Connect:127.0.0.1 RELAY
192.0.2.5 RELAY
10 RELAY
)x",
     0},
};
}  // namespace
extern const Detector open_relay_sendmail_detector;
constinit const Detector open_relay_sendmail_detector{
    .id = "open_relay_sendmail",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Sendmail relays for everybody",
    .explain =
        R"(promiscuous_relay lets Sendmail carry everybody's mail, and a line like "203 RELAY" in the access map does so
for millions of addresses. False alarms: port 25 closed by a firewall elsewhere. What to do: remove the line,
run make in /etc/mail, restart.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
