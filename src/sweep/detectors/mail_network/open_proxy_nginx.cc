// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const std::string_view pattern : {"/etc/nginx/nginx.conf", "/etc/nginx/conf.d/*.conf",
                                         "/etc/nginx/sites-enabled/*", "/usr/local/nginx/conf/nginx.conf"})
    for (const std::string& path : glob(*host.tree, pattern)) {
      bool limited = false;
      std::uint16_t port = 80;
      const auto lines = config_lines(*host.tree, path);
      for (const ConfigLine& line : lines)
        limited |= line.text.find("deny all") != std::string::npos || line.text.starts_with("auth_basic ");
      for (const ConfigLine& line : lines) {
        const auto words = parts_of(line.text, " ;\t{}");
        if (words.size() < 2) continue;
        if (words[0] == "listen")
          port = port_of(words[1], 80),
          limited |= words[1].find(':') != std::string::npos && !faces_the_world(host_part(words[1]));
        const bool any_target = words[0] == "proxy_pass" &&
                                (words[1].find("//$http_host") != std::string::npos ||
                                 words[1].find("//$host$") != std::string::npos || words[1].ends_with("//$host"));
        if (!any_target || limited) continue;
        report_door(host, out,
                    {.unit = "nginx.service",
                     .programs = "/usr/sbin/nginx /usr/local/nginx/sbin/nginx",
                     .port = port,
                     .role = "open_proxy"},
                    line, "nginx fetches whatever host the visitor names");
      }
    }
}

constexpr Example kExamples[] = {
    {"target from the request",
     R"x(--- /usr/sbin/nginx mode=0755
x
--- /etc/nginx/conf.d/p.conf
server {
  listen 8080;
  resolver 192.0.2.53;
  location / { 
    proxy_pass http://$http_host$request_uri;
  }
}
)x",
     1},
    {"a fixed target",
     R"x(--- /usr/sbin/nginx mode=0755
x
--- /etc/nginx/conf.d/p.conf
server {
  listen 80;
  location / {
    proxy_pass http://127.0.0.1:3000;
    proxy_set_header Host $http_host;
  }
}
)x",
     0},
};
}  // namespace
extern const Detector open_proxy_nginx_detector;
constinit const Detector open_proxy_nginx_detector{
    .id = "open_proxy_nginx",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "nginx is an open forward proxy",
    .explain =
        R"(proxy_pass with the visitor's own Host as its target lets anybody fetch any site through this server: an open
proxy, and a way into services on the internal network. False alarms: a server block that only known hosts can
reach.

What to do: name the target of proxy_pass yourself, or limit the block with allow/deny.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
