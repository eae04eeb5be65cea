// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  const DoorService service{.unit = "exim4.service",
                            .programs = "/usr/sbin/exim4 /usr/sbin/exim /usr/local/exim/bin/exim",
                            .port = 25,
                            .role = "open_relay"};
  // Debian: answers of debconf.
  const auto debian = ini_settings(*host.tree, "/etc/exim4/update-exim4.conf.conf", "#");
  const std::string interfaces = value_of(debian, "dc_local_interfaces");
  bool listens = parts_of(interfaces, "; '").empty();
  for (const std::string& one : parts_of(interfaces, "; '")) listens |= faces_the_world(one);
  const auto judge_list = [&](std::string_view list, const ConfigLine& at, std::string_view name) {
    for (const std::string& one : parts_of(list, ";: '\t<,"))
      if (listens && (one == "*" || is_everybody(one))) {
        report_door(host, out, service, at,
                    fmt::format("Exim carries anybody's mail to anybody: {} holds {}", name, one));
        return;
      }
  };
  if (const Setting* nets = last_of(debian, "dc_relay_nets"); nets != nullptr)
    judge_list(nets->value, nets->at, "dc_relay_nets");
  std::vector<std::string> paths = glob(*host.tree, "/etc/exim4/conf.d/*/*");
  for (const std::string_view path :
       {"/etc/exim4/exim4.conf", "/etc/exim4/exim4.conf.template", "/etc/exim/exim.conf", "/etc/exim.conf"})
    paths.emplace_back(path);
  for (const std::string& path : paths) {
    bool in_rcpt = false;
    bool plain_accept = false;
    ConfigLine accept;
    for (const ConfigLine& line : config_lines(*host.tree, path, "#", true)) {
      const std::string low = to_lower(line.text);
      if (low.starts_with("hostlist")) {
        const auto sign = low.find('=');
        if (sign != std::string::npos && low.find("relay_from_hosts") != std::string::npos &&
            low.find("main_relay_nets") == std::string::npos)
          judge_list(line.text.substr(sign + 1), line, "relay_from_hosts");
      }
      const bool verb = low.starts_with("accept") || low.starts_with("deny") || low.starts_with("require") ||
                        low.starts_with("warn") || low.starts_with("drop") || low.starts_with("defer");
      if (low.starts_with("acl_check_rcpt:")) in_rcpt = true, plain_accept = false;
      if (in_rcpt && verb) {
        plain_accept = low.starts_with("accept") && low.find("hosts") != std::string::npos &&
                       low.substr(low.find('=') == std::string::npos ? 0 : low.find('=') + 1).find_first_not_of(" *") ==
                           std::string::npos;
        if (plain_accept) accept = line;
      }
      if (in_rcpt && low.starts_with("require") && low.find("relay") != std::string::npos) in_rcpt = false;
      if (plain_accept && !verb && line.line == accept.line + 1 && !low.starts_with("control") &&
          low.find('=') != std::string::npos)
        plain_accept = false;
    }
    if (plain_accept && listens)
      report_door(host, out, service, accept, "Exim's rule for recipients accepts every host");
  }
}

constexpr Example kExamples[] = {
    {"Debian's answers",
     R"x(--- /usr/sbin/exim4 mode=0755
x
--- /etc/exim4/update-exim4.conf.conf
dc_eximconfig_configtype='internet'
dc_local_interfaces=''
dc_relay_nets='0.0.0.0/0'
)x",
     1},
    {"a host list of RHEL",
     R"x(--- /usr/sbin/exim mode=0755
x
--- /etc/exim/exim.conf
hostlist   relay_from_hosts = *
)x",
     1},
    {"as shipped",
     R"x(--- /usr/sbin/exim4 mode=0755
x
--- /etc/exim4/update-exim4.conf.conf
dc_local_interfaces='127.0.0.1 ; ::1'
dc_relay_nets=''
--- /etc/exim/exim.conf
hostlist   relay_from_hosts = localhost
)x",
     0},
};
}  // namespace
extern const Detector open_relay_exim_detector;
constinit const Detector open_relay_exim_detector{
    .id = "open_relay_exim",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Exim relays for everybody",
    .explain =
        R"(Exim should carry mail to other servers only for its own users and machines. The list of hosts that it relays
for holds everybody, so spammers can use it. False alarms: port 25 closed by a firewall elsewhere.

What to do: dc_relay_nets='' in update-exim4.conf.conf and run update-exim4.conf, or hostlist relay_from_hosts =
localhost; then look through the queue (exim -bp).)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
