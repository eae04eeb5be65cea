// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  const auto judge = [&](const std::vector<std::string>& words, const ConfigLine& at, bool loopback_by_default) {
    bool reachable = !loopback_by_default;
    bool udp = false;
    std::uint16_t port = 11211;
    for (std::size_t i = 0; i < words.size(); ++i) {
      std::string value = words[i].substr(std::min<std::size_t>(2, words[i].size()));
      if (value.starts_with('=')) value.erase(0, 1);
      if (value.empty() && i + 1 < words.size()) value = words[i + 1];
      if (words[i].starts_with("-l") || words[i].starts_with("--listen")) {
        if (words[i].starts_with("--listen=")) value = words[i].substr(9);
        reachable = false;
        for (const std::string& one : parts_of(value, ",")) reachable |= faces_the_world(one);
      }
      if (words[i].starts_with("-p")) port = port_of(value, port);
      if (words[i].starts_with("-U")) udp = value != "0";
      if (words[i].starts_with("-s")) return;
    }
    if (!reachable) return;
    report_door(host, out,
                {.unit = "memcached.service",
                 .programs = "/usr/bin/memcached",
                 .port = port,
                 .protocol = udp ? "udp" : "tcp",
                 .role = "reflector"},
                at,
                udp ? "memcached answers everybody by UDP: the strongest reflector there is"
                    : "memcached lets strangers read and write its cache");
  };
  std::vector<std::string> all;
  ConfigLine at;
  for (const ConfigLine& line : config_lines(*host.tree, "/etc/memcached.conf")) {
    const auto words = words_of(line.text);
    if (at.line == 0 || words[0].starts_with("-l")) at = line;
    all.insert(all.end(), words.begin(), words.end());
  }
  if (at.line != 0) judge(all, at, false);
  for (const Setting& one : ini_settings(*host.tree, "/etc/sysconfig/memcached"))
    if (one.key == "options") judge(words_of(one.value), one.at, false);
}

constexpr Example kExamples[] = {
    {"on all addresses",
     R"x(--- /usr/bin/memcached mode=0755
x
--- /etc/memcached.conf
-m 64
-p 11211
-l 0.0.0.0
-U 11211
)x",
     1},
    {"RHEL without options listens everywhere",
     R"x(--- /usr/bin/memcached mode=0755
x
--- /etc/sysconfig/memcached
PORT="11211"
OPTIONS=""
)x",
     1},
    {"as Debian ships it",
     R"x(--- /usr/bin/memcached mode=0755
x
--- /etc/memcached.conf
-m 64
-l 127.0.0.1
-l ::1
)x",
     0},
};
}  // namespace
extern const Detector reflector_memcached_detector;
constinit const Detector reflector_memcached_detector{
    .id = "reflector_memcached",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "memcached faces the Internet",
    .explain =
        R"(memcached keeps data in memory for applications and asks nobody for a password. Reached from the Internet it
gives away or takes in data; by UDP it answers a small forged question with up to 50,000 times as much, which
floods victims.

False alarms: a firewall elsewhere; a private network. What to do: "-l 127.0.0.1" and "-U 0", then restart it.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
