// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/config/braces.h"
#include "sweep/host/config/open_door.h"
#include "sweep/host/config/started_with.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  std::vector<std::string> paths{"/etc/danted.conf", "/etc/sockd.conf", "/usr/local/etc/sockd.conf"};
  for (const StartedConfig& one : configs_started_with(host, "danted sockd")) paths.push_back(one.path);
  for (const std::string& path : paths) {
    bool asks = false;
    bool reachable = false;
    std::uint16_t port = 1080;
    int client = 0;
    int socks = 0;
    ConfigLine opens;
    for (const ConfigLine& line : config_lines(*host.tree, path)) {
      const auto words = parts_of(line.text, " :\t");
      if (words[0] == "internal" && words.size() > 1) {
        reachable |= faces_the_world(words[1]) || words[1].find('.') == std::string::npos;
        for (std::size_t at = 0; at + 2 < words.size(); ++at)
          if (words[at + 1] == "port" && words.size() > at + 2) port = port_of(words.back(), 1080);
      }
      if (words[0] == "socksmethod" || words[0] == "method") asks = std::ranges::find(words, "none") == words.end();
    }
    for (const Statement& rule : statements_of(*host.tree, path, '\n')) {
      const bool of_client = rule.words.front() == "client";
      const std::string& verb = of_client ? (rule.words.size() > 1 ? rule.words[1] : rule.words[0]) : rule.words.back();
      if (verb != "pass" && verb != "block") continue;
      bool stranger = true;
      for (const Statement& inner : rule.block) {
        const auto from = std::ranges::find(inner.words, "from:");
        if (from == inner.words.end()) continue;
        const auto to = std::find(from, inner.words.end(), "to:");
        stranger = std::any_of(from + 1, to, [](const std::string& word) { return is_everybody(word); });
      }
      int& verdict = of_client ? client : socks;
      if (!stranger || verdict != 0) continue;
      verdict = verb == "pass" ? 1 : -1;
      if (verdict == 1 && of_client)
        opens = {fmt::format("{}", fmt::join(rule.words, " ")), std::string{path}, rule.line};
    }
    if (asks || !reachable || client != 1 || socks != 1) continue;
    report_door(host, out,
                {.unit = "danted.service",
                 .programs = "/usr/sbin/danted /usr/sbin/sockd /usr/local/sbin/sockd",
                 .port = port,
                 .role = "open_proxy"},
                opens, "The SOCKS server Dante works for anybody who asks, without a password");
  }
}

constexpr Example kExamples[] = {
    {"everybody passes, no method",
     R"x(--- /usr/sbin/danted mode=0755
x
--- /etc/danted.conf
internal: 0.0.0.0 port = 1080
external: eth0
socksmethod: none
client pass {
  from: 0.0.0.0/0 to: 0.0.0.0/0
}
socks pass {
  from: 0.0.0.0/0 to: 0.0.0.0/0
}
)x",
     1},
    {"users with passwords",
     R"x(--- /usr/sbin/danted mode=0755
x
--- /etc/danted.conf
internal: eth0 port = 1080
socksmethod: username
client pass {
  from: 0.0.0.0/0 to: 0.0.0.0/0
}
socks pass {
  from: 0.0.0.0/0 to: 0.0.0.0/0
}
)x",
     0},
    {"only the office",
     R"x(--- /usr/sbin/danted mode=0755
x
--- /etc/danted.conf
internal: eth0 port = 1080
socksmethod: none
client pass {
  from: 10.0.0.0/8 to: 0.0.0.0/0
}
socks pass {
  from: 10.0.0.0/8 to: 0.0.0.0/0
}
)x",
     0},
};
}  // namespace
extern const Detector open_proxy_dante_detector;
constinit const Detector open_proxy_dante_detector{
    .id = "open_proxy_dante",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Dante serves strangers",
    .explain =
        R"(Dante is a SOCKS proxy: it makes connections of any kind for its users under this server's address. Here
strangers pass its client rules and its SOCKS rules, and the method is "none": no password. False alarms: a
firewall elsewhere.

What to do: set "socksmethod: username", narrow "from:" in the client rules, or bind "internal:" to 127.0.0.1.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
