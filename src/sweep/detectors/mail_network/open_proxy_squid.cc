// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "base/text.h"
#include "sweep/host/config/open_door.h"
#include "sweep/host/config/started_with.h"

namespace abate::sweep {
namespace {

// An ACL for one request: a stranger who asks for http://elsewhere.example/ on port 80. What we cannot judge (times,
// destinations, helpers) does not match.
struct Acl {
  std::string type;
  std::vector<std::string> values;
};
using Acls = std::map<std::string, Acl>;

bool matches(const Acls& acls, std::string_view name) {
  if (name == "all") return true;
  const auto found = acls.find(std::string{name});
  if (found == acls.end()) return false;
  const Acl& acl = found->second;
  const auto any = [&](const auto& holds) { return std::ranges::any_of(acl.values, holds); };
  if (acl.type == "src") return any([](const std::string& value) { return is_everybody(value); });
  if (acl.type == "dst") return any([](const std::string& value) { return is_everybody(value); });
  if (acl.type == "method") return any([](const std::string& value) { return value == "GET"; });
  if (acl.type == "proto") return any([](const std::string& value) { return equals_ignoring_case(value, "http"); });
  if (acl.type != "port") return false;
  return any([](const std::string& value) {
    const std::size_t dash = value.find('-');
    const auto low = port_of(value.substr(0, dash), 0);
    return low != 0 && low <= 80 && (dash == std::string::npos ? low : port_of(value.substr(dash + 1), 0)) >= 80;
  });
}

void look(const Host& host, Findings& out) {
  std::vector<std::string> paths{"/etc/squid/squid.conf", "/etc/squid3/squid.conf"};
  for (const StartedConfig& one : configs_started_with(host, "squid")) paths.push_back(one.path);
  for (const std::string& path : paths) {
    Acls acls;
    const ConfigLine* opens = nullptr;
    bool decided = false;
    const ConfigLine* last_rule = nullptr;
    bool last_allows = false;
    std::uint16_t port = 3128;
    bool ports_named = false;
    bool reachable = false;
    const auto lines = config_lines_with_includes(*host.tree, path, "include");
    for (const ConfigLine& line : lines) {
      const auto words = words_of(line.text);
      if (words.size() < 2) continue;
      if (words[0] == "acl" && words.size() > 3) {
        Acl& acl = acls[words[1]];
        acl.type = words[2];
        acl.values.insert(acl.values.end(), words.begin() + 3, words.end());
      } else if (words[0] == "http_port") {
        ports_named = true;
        const bool forward = std::ranges::none_of(words, [](const std::string& word) {
          return word == "accel" || word == "intercept" || word == "transparent" || word == "tproxy";
        });
        if (!forward || !faces_the_world(host_part(words[1]))) continue;
        reachable = true;
        port = port_of(words[1], 3128);
      } else if (words[0] == "http_access" && words.size() > 2) {
        last_rule = &line;
        last_allows = words[1] == "allow";
        if (decided) continue;
        decided = std::all_of(words.begin() + 2, words.end(), [&](const std::string& name) {
          return name.starts_with('!') ? !matches(acls, std::string_view{name}.substr(1)) : matches(acls, name);
        });
        if (decided && last_allows) opens = &line;
      }
    }
    // Where no rule matches, Squid does the opposite of the last one.
    if (!decided && last_rule != nullptr && !last_allows) opens = last_rule;
    if (opens == nullptr || (ports_named && !reachable)) continue;
    report_door(
        host, out,
        {.unit = "squid.service", .programs = "/usr/sbin/squid /usr/sbin/squid3", .port = port, .role = "open_proxy"},
        *opens, "Squid fetches pages for anybody who asks");
  }
}

constexpr Example kExamples[] = {
    {"everybody is allowed before the refusal",
     R"x(--- /usr/sbin/squid mode=0755
x
--- /etc/squid/squid.conf
acl Safe_ports port 80 443 1025-65535
http_access deny !Safe_ports
http_access allow all
http_access deny all
http_port 3128
)x",
     1},
    {"as Debian ships it",
     R"x(--- /usr/sbin/squid mode=0755
x
--- /etc/squid/squid.conf
acl localnet src 10.0.0.0/8
acl SSL_ports port 443
acl Safe_ports port 80
http_access deny !Safe_ports
http_access deny CONNECT !SSL_ports
http_access allow localhost
http_access deny all
http_port 3128
)x",
     0},
    {"a refusal stands first",
     R"x(--- /usr/sbin/squid mode=0755
x
--- /etc/squid/squid.conf
http_access deny all
http_access allow all
)x",
     0},
    {"an ACL of its own that means everybody, in an included file",
     R"x(--- /usr/sbin/squid mode=0755
x
--- /etc/squid/squid.conf
include /etc/squid/conf.d/*.conf
http_access deny all
--- /etc/squid/conf.d/a.conf
acl office src 10.0.0.0/8
acl office src 0.0.0.0/0
http_access allow office
)x",
     1},
    {"listens on loopback only",
     R"x(--- /usr/sbin/squid mode=0755
x
--- /etc/squid/squid.conf
http_port 127.0.0.1:3128
http_access allow all
)x",
     0},
    {"users with a password",
     R"x(--- /usr/sbin/squid mode=0755
x
--- /etc/squid/squid.conf
acl users proxy_auth REQUIRED
http_access allow users
http_access deny all
)x",
     0},
};
}  // namespace
extern const Detector open_proxy_squid_detector;
constinit const Detector open_proxy_squid_detector{
    .id = "open_proxy_squid",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Squid serves strangers",
    .explain =
        R"(Squid is a web proxy: it fetches pages for its users under this server's address. Its http_access rules are tried from
the top, the first that fits decides, and here a stranger is let through. Such proxies are found within hours and used
for break-ins, fraud and spam that then seem to come from you.

False alarms: a firewall elsewhere that keeps strangers out; a proxy within a closed network.

What to do: allow only your own networks or users with passwords (acl … src, proxy_auth) and end with
"http_access deny all"; or let http_port listen on 127.0.0.1 only. Then "squid -k reconfigure".)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
