// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const std::string_view pattern :
       {"/etc/redis/*.conf", "/etc/redis.conf", "/etc/valkey/*.conf", "/etc/keydb/*.conf"})
    for (const std::string& path : glob(*host.tree, pattern)) {
      bool protect = true;
      bool password = false;
      bool world = true;  // Redis' own default; protected mode stands before it
      std::uint16_t port = 6379;
      ConfigLine at{"no bind", path, 1};
      for (const ConfigLine& line : config_lines_with_includes(*host.tree, path, "include")) {
        const auto words = words_of(line.text);
        if (words.size() < 2) continue;
        const std::string name = to_lower(words[0]);
        if (name == "bind") {
          world = std::any_of(words.begin() + 1, words.end(), [](const std::string& one) {
            return faces_the_world(one.starts_with('-') ? one.substr(1) : one);
          });
          at = line;
        }
        if (name == "protected-mode") protect = !is_no(words[1]);
        if (name == "requirepass") password = !words[1].empty();
        if (name == "user" && words[1] == "default") password = line.text.find("nopass") == std::string::npos;
        if (name == "port") port = words[1] == "0" ? 0 : port_of(words[1], 6379);
      }
      if (protect || password || !world || port == 0) continue;
      report_door(host, out,
                  {.unit = "redis-server.service",
                   .programs = "/usr/bin/redis-server /usr/bin/valkey-server /usr/bin/keydb-server",
                   .port = port},
                  at, "Redis obeys anybody on the Internet, without a password");
    }
}

constexpr Example kExamples[] = {
    {"protection is off",
     R"x(--- /usr/bin/redis-server mode=0755
x
--- /etc/redis/redis.conf
bind 0.0.0.0
protected-mode no
)x",
     1},
    {"as shipped",
     R"x(--- /usr/bin/redis-server mode=0755
x
--- /etc/redis/redis.conf
bind 127.0.0.1 -::1
protected-mode yes
port 6379
)x",
     0},
    {"the later line in an included file sets a password",
     R"x(--- /usr/bin/redis-server mode=0755
x
--- /etc/redis/redis.conf
bind 0.0.0.0
protected-mode no
include /etc/redis/own.inc
--- /etc/redis/own.inc
requirepass secret
)x",
     0},
};
}  // namespace
extern const Detector exposed_redis_detector;
constinit const Detector exposed_redis_detector{
    .id = "exposed_redis",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Redis open to strangers",
    .explain =
        R"(Redis without a password on a public address is taken over within hours: whoever reaches it can write files as
Redis' user, and so plant SSH keys, cron jobs and miners. Protected mode, which would stop that, is switched off
here.

False alarms: a firewall elsewhere. What to do: "bind 127.0.0.1 ::1", "protected-mode yes", requirepass; restart
it. Then look for what somebody may have left behind.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
