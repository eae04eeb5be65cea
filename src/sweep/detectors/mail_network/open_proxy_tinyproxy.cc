// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/host/config/open_door.h"
#include "sweep/host/config/started_with.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  std::vector<std::string> paths{"/etc/tinyproxy/tinyproxy.conf", "/etc/tinyproxy.conf"};
  for (const StartedConfig& one : configs_started_with(host, "tinyproxy")) paths.push_back(one.path);
  for (const std::string& path : paths) {
    const auto lines = config_lines(*host.tree, path);
    const ConfigLine* opens = nullptr;
    bool rules = false;
    bool limited = false;
    std::uint16_t port = 8888;
    ConfigLine start{"no Allow line", std::string{path}, 1};
    for (const ConfigLine& line : lines) {
      const auto words = words_of(line.text);
      if (words.size() < 2) continue;
      const std::string name = to_lower(words[0]);
      if (name == "port") port = port_of(words[1], 8888), start = line;
      if (name == "listen") limited = !faces_the_world(words[1]);
      if (name == "basicauth") limited = true;
      if (name == "allow" || name == "deny") rules = true;
      if (name == "allow" && opens == nullptr && is_everybody(words[1])) opens = &line;
    }
    if (lines.empty() || limited || (rules && opens == nullptr)) continue;
    report_door(host, out,
                {.unit = "tinyproxy.service",
                 .programs = "/usr/bin/tinyproxy /usr/sbin/tinyproxy",
                 .port = port,
                 .role = "open_proxy"},
                opens != nullptr ? *opens : start,
                opens != nullptr ? "Tinyproxy fetches pages for anybody who asks"
                                 : "Tinyproxy names nobody in Allow, and so serves everybody");
  }
}

constexpr Example kExamples[] = {
    {"no Allow line at all",
     R"x(--- /usr/bin/tinyproxy mode=0755
x
--- /etc/tinyproxy/tinyproxy.conf
Port 8888
Timeout 600
)x",
     1},
    {"Allow everybody",
     R"x(--- /usr/bin/tinyproxy mode=0755
x
--- /etc/tinyproxy/tinyproxy.conf
Port 8080
Allow 127.0.0.1
Allow 0.0.0.0/0
)x",
     1},
    {"as Debian ships it",
     R"x(--- /usr/bin/tinyproxy mode=0755
x
--- /etc/tinyproxy/tinyproxy.conf
Port 8888
Allow 127.0.0.1
Allow ::1
)x",
     0},
    {"listens on loopback",
     R"x(--- /usr/bin/tinyproxy mode=0755
x
--- /etc/tinyproxy/tinyproxy.conf
Port 8888
Listen 127.0.0.1
)x",
     0},
};
}  // namespace
extern const Detector open_proxy_tinyproxy_detector;
constinit const Detector open_proxy_tinyproxy_detector{
    .id = "open_proxy_tinyproxy",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Tinyproxy serves strangers",
    .explain =
        R"(Tinyproxy is a small web proxy. Without any Allow line, or with one for 0.0.0.0/0, it works for everybody on the
Internet, who then acts under this server's address. False alarms: a firewall elsewhere, a closed network.

What to do: write Allow lines for your own addresses, or Listen 127.0.0.1, or BasicAuth; then restart it.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
