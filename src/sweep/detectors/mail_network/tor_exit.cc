// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  ConfigLine exit;
  ConfigLine port;
  for (const ConfigLine& line : config_lines(*host.tree, "/etc/tor/torrc")) {
    const auto words = words_of(line.text);
    const std::string name = to_lower(words[0]);
    if (words.size() < 2) continue;
    if (name == "orport" && words[1] != "0") port = line;
    if (name == "exitrelay") exit = is_yes(words[1]) ? line : ConfigLine{};
    if (name == "exitpolicy" && exit.line == 0 && words[1] == "accept" && words.size() > 2 && words[2].starts_with('*'))
      exit = line;
  }
  if (port.line == 0 || exit.line == 0) return;
  report_door(host, out,
              {.unit = "tor.service",
               .programs = "/usr/bin/tor /usr/sbin/tor",
               .port = port_of(words_of(port.text)[1], 9001),
               .role = "exit_relay"},
              exit, "Tor lets strangers out to the Internet under this server's address");
}

constexpr Example kExamples[] = {
    {"an exit",
     R"x(--- /usr/bin/tor mode=0755
x
--- /etc/tor/torrc
ORPort 9001
ExitRelay 1
ExitPolicy accept *:80
)x",
     1},
    {"a client with an onion service",
     R"x(--- /usr/bin/tor mode=0755
x
--- /etc/tor/torrc
HiddenServiceDir /var/lib/tor/x
HiddenServicePort 80 127.0.0.1:80
)x",
     0},
};
}  // namespace
extern const Detector tor_exit_detector;
constinit const Detector tor_exit_detector{
    .id = "tor_exit",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "A Tor exit relay by configuration",
    .explain =
        R"(An exit relay of the Tor network passes on strangers' traffic under this server's address: complaints about it
will go on for as long as it runs. Running one can be a deliberate choice; many providers forbid it or want to
be told.

What to do: agree it with your provider, or set "ExitRelay 0" and "ExitPolicy reject *:*".)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
