// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"

#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kPlacesMax = 100;

struct Place {
  std::string path;
  std::string programs = "/usr/bin/3proxy /usr/local/bin/3proxy /bin/3proxy /usr/local/3proxy/bin/3proxy";
  std::string unit = "3proxy.service";
};

// Where its packages keep the file, and what anything that starts by itself is given as one: an intruder's has any name.
std::vector<Place> places(const Host& host) {
  std::vector<Place> all;
  for (const char* const path : {"/etc/3proxy/3proxy.cfg", "/etc/3proxy.cfg", "/usr/local/etc/3proxy/3proxy.cfg",
                                 "/usr/local/3proxy/conf/3proxy.cfg", "/etc/3proxy/conf/3proxy.cfg"})
    all.push_back({.path = path});
  for (const Autostart& start : host.autostarts) {
    if (start.packaged || start.programs.empty()) continue;
    for (const std::string_view word : split(start.command, ' ')) {
      const bool named = word.starts_with('/') && (word.ends_with(".cfg") || word.ends_with(".conf"));
      const bool known = std::ranges::any_of(all, [&](const Place& place) { return place.path == word; });
      if (named && !known && all.size() < kPlacesMax)
        all.push_back({.path = std::string{word}, .programs = start.programs.front(), .unit = start.name});
    }
  }
  return all;
}

void look(const Host& host, Findings& out) {
  for (const auto& [path, programs, unit] : places(host)) {
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
        report_door(host, out,
                    {.unit = unit, .programs = programs, .port = port, .role = "open_proxy"},
                    line, "3proxy works for anybody who asks, without a password");
      }
    }
  }
}

constexpr Example kExamples[] = {
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
    {"somebody's own, under another name",
     R"x(--- /opt/netd/netd mode=0755
x
--- /etc/systemd/system/netd.service
[Service]
ExecStart=/opt/netd/netd /opt/netd/netd.cfg
--- /opt/netd/netd.cfg
auth none
allow *
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
