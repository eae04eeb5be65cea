// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/config/open_door.h"
#include "sweep/host/config/started_with.h"

namespace abate::sweep {
namespace {

// Wherever it is: its own places, or what something is started with and reads like one.
void look_into(const Host& host, const std::string& path, std::string_view programs, bool is_certain, Findings& out) {
  if (!is_certain) {
    const auto lines = config_lines(*host.tree, path);
    const auto begins = [&](std::string_view word) {
      return std::ranges::any_of(lines, [&](const ConfigLine& line) {
        return line.text.starts_with(word) && (line.text.size() == word.size() || line.text[word.size()] == ' ');
      });
    };
    if (!begins("auth") || (!begins("socks") && !begins("proxy"))) return;
  }
  // State as 3proxy reads on: `auth` and the access list count for the services after them.
  bool asks = false;
  bool by_address = false;
  bool internal_only = false;
  int verdict = 0;  // of a stranger by the list: 1 allowed, -1 denied
  for (const ConfigLine& line : config_lines(*host.tree, path)) {
    const auto words = words_of(line.text);
    const std::string& name = words[0];
    if (name == "auth" && words.size() > 1) {
      asks = std::ranges::any_of(
          words, [](const std::string& word) { return word == "strong" || word == "cache" || word == "radius"; });
      by_address = words[1] == "iponly" || words[1] == "useronly";
    } else if (name == "internal" && words.size() > 1) {
      internal_only = !faces_the_world(words[1]);
    } else if (name == "flush") {
      verdict = 0;
    } else if (name == "allow" || name == "deny") {
      const bool stranger =
          (words.size() < 2 || words[1] == "*") && (words.size() < 3 || words[2] == "*" || is_everybody(words[2]));
      if (stranger && verdict == 0) verdict = name == "allow" ? 1 : -1;
    } else if (name == "proxy" || name == "socks" || name == "auto") {
      bool own_internal = internal_only;
      std::uint16_t port = name == "socks" ? 1080 : 3128;
      for (const std::string& word : words) {
        if (word.starts_with("-i")) own_internal = !faces_the_world(word.substr(2));
        if (word.starts_with("-p")) port = port_of(word.substr(2), port);
      }
      if (asks || own_internal || (by_address && verdict < 1)) continue;
      report_door(host, out, {.unit = "3proxy.service", .programs = programs, .port = port, .role = "open_proxy"}, line,
                  "3proxy works for anybody who asks, without a password");
    }
  }
}

void look(const Host& host, Findings& out) {
  for (const char* path : {"/etc/3proxy/3proxy.cfg", "/etc/3proxy.cfg", "/usr/local/etc/3proxy/3proxy.cfg",
                           "/usr/local/3proxy/conf/3proxy.cfg", "/etc/3proxy/conf/3proxy.cfg"})
    look_into(host, path, "/usr/bin/3proxy /usr/local/bin/3proxy /bin/3proxy /usr/local/3proxy/bin/3proxy", true, out);
  for (const StartedConfig& one : configs_started_with(host)) look_into(host, one.path, one.program, false, out);
}

constexpr Example kExamples[] = {
    {"renamed, in a place of somebody's own",
     R"x(--- /etc/systemd/system/sysd.service
[Service]
ExecStart=/opt/.s/sysd /opt/.s/sysd.cfg
--- /opt/.s/sysd mode=0755
x
--- /opt/.s/sysd.cfg
nserver 192.0.2.53
auth none
socks -p1080
)x",
     1},
    {"no authentication",
     R"x(--- /usr/bin/3proxy mode=0755
x
--- /etc/3proxy/3proxy.cfg
nserver 192.0.2.53
auth none
allow *
proxy -p3128
)x",
     1},
    {"by address, and every address is allowed",
     R"x(--- /usr/bin/3proxy mode=0755
x
--- /etc/3proxy/3proxy.cfg
auth iponly
allow * * * *
socks -p1080
)x",
     1},
    {"users with passwords",
     R"x(--- /usr/bin/3proxy mode=0755
x
--- /etc/3proxy/3proxy.cfg
users a:CL:b
auth strong
allow a
proxy -p3128
)x",
     0},
    {"only inside",
     R"x(--- /usr/bin/3proxy mode=0755
x
--- /etc/3proxy/3proxy.cfg
internal 127.0.0.1
auth none
proxy
)x",
     0},
};
}  // namespace
extern const Detector open_proxy_3proxy_detector;
constinit const Detector open_proxy_3proxy_detector{
    .id = "open_proxy_3proxy",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "3proxy serves strangers",
    .explain =
        R"(3proxy is a small proxy for web and SOCKS. Its file is read from the top; a service that is started while "auth
none" holds (or no auth at all) takes requests from everybody. Intruders like it as well: if you did not install
it, treat it as a break-in. False alarms: a firewall elsewhere.

What to do: "auth strong" with users, or "auth iponly" with allow lines for your addresses and a final deny, or
"internal 127.0.0.1"; or remove it.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
