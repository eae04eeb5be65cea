// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  std::vector<ConfigLine> lines;
  for (const std::string_view pattern :
       {"/etc/apache2/apache2.conf", "/etc/apache2/mods-enabled/proxy*.conf", "/etc/apache2/conf-enabled/*.conf",
        "/etc/apache2/sites-enabled/*", "/etc/httpd/conf/httpd.conf", "/etc/httpd/conf.d/*.conf",
        "/etc/apache2/conf/httpd.conf"})
    for (const std::string& path : glob(*host.tree, pattern))
      for (ConfigLine& line : config_lines(*host.tree, path)) lines.push_back(std::move(line));
  ConfigLine on;
  bool in_proxy = false;
  bool limited = false;
  for (const ConfigLine& line : lines) {
    const std::string low = to_lower(line.text);
    if (low.starts_with("proxyrequests")) on = low.ends_with(" on") ? line : ConfigLine{};
    if (low.starts_with("<proxy ") || low.starts_with("<proxymatch")) in_proxy = low.find('*') != std::string::npos;
    if (low.starts_with("</proxy")) in_proxy = false;
    if (!in_proxy) continue;
    if (low.starts_with("require ") && low != "require all granted") limited = true;
    if (low.starts_with("deny from all") || low.starts_with("authtype")) limited = true;
    if (low.starts_with("allow from") && is_everybody(low.substr(10))) limited = false;
  }
  if (on.line == 0 || limited) return;
  report_door(
      host, out,
      {.unit = "apache2.service", .programs = "/usr/sbin/apache2 /usr/sbin/httpd", .port = 80, .role = "open_proxy"},
      on, "Apache fetches any address for anybody: ProxyRequests is on and nothing limits it");
}

constexpr Example kExamples[] = {
    {"on, and nobody refused",
     R"x(--- /usr/sbin/apache2 mode=0755
x
--- /etc/apache2/sites-enabled/p.conf
ProxyRequests On
<Proxy *>
  Require all granted
</Proxy>
)x",
     1},
    {"only the office",
     R"x(--- /usr/sbin/apache2 mode=0755
x
--- /etc/apache2/sites-enabled/p.conf
ProxyRequests On
<Proxy *>
  Require ip 10.0.0.0/8
</Proxy>
)x",
     0},
    {"a reverse proxy",
     R"x(--- /usr/sbin/apache2 mode=0755
x
--- /etc/apache2/sites-enabled/p.conf
ProxyRequests Off
ProxyPass / http://127.0.0.1:8080/
)x",
     0},
};
}  // namespace
extern const Detector open_proxy_apache_detector;
constinit const Detector open_proxy_apache_detector{
    .id = "open_proxy_apache",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Apache is an open forward proxy",
    .explain =
        R"("ProxyRequests On" turns the web server into a forward proxy that fetches any address for its users. A reverse proxy
(ProxyPass) does not need it. Without a <Proxy *> block that requires an address or a password, strangers use it.

What to do: remove "ProxyRequests On", or put "Require ip …" into <Proxy *>; then reload Apache.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
