// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kNames[] = {"ngrok",        "frpc",       "frps",       "chisel", "cloudflared", "gost",
                                       "bore",         "rathole",    "localtonet", "playit", "gs-netcat",   "revsocks",
                                       "ligolo-agent", "microsocks", "iox",        "npc",    "nps"};

void look(const Host& host, Findings& out) {
  for (const Autostart& one : host.autostarts) {
    if (one.kind == AutostartKind::container) continue;
    if (one.packaged) continue;
    for (const std::string& program : one.programs) {
      const std::string_view name = file_name(program);
      if (std::ranges::find(kNames, name) == std::end(kNames) || host.packages->owns(program)) continue;
      const bool job = one.kind == AutostartKind::cron || one.kind == AutostartKind::at;
      Finding& finding = out.add(
          {.kind = job ? SubjectKind::cron : SubjectKind::unit, .path = one.path, .name = one.name, .line = one.line},
          fmt::format("{} opens a way past the firewall and comes back by itself", name));
      finding.evidence.push_back(fmt::format("{}:{}: {}", one.path, one.line, one.command));
      finding.role = "tunnel";
      finding.paths = one.programs;
      finding.at = one.modified;
      break;
    }
  }
}

constexpr Example kExamples[] = {
    {"a reverse tunnel",
     R"x(--- /etc/systemd/system/update.service
[Service]
ExecStart=/usr/local/bin/frpc -c /etc/.u.ini
[Install]
WantedBy=multi-user.target
--- /usr/local/bin/frpc mode=0755
x
)x",
     1},
    {"a program with another name",
     R"x(--- /etc/systemd/system/app.service
[Service]
ExecStart=/usr/local/bin/app
--- /usr/local/bin/app mode=0755
x
)x",
     0},
};
}  // namespace
extern const Detector tunnel_started_detector;
constinit const Detector tunnel_started_detector{
    .id = "tunnel_started",
    .area = Area::processes,
    .severity = Severity::suspicious,
    .title = "A tunnel to the outside starts by itself",
    .explain =
        R"(ngrok, frp, chisel, gost, gs-netcat and their kin connect outwards and let somebody come back in through that
connection, or lend this server as a proxy. Administrators use them; intruders do so too, to keep a way in that
no firewall shows.

False alarms: you set it up. What to do: ask who did; otherwise keep a copy, stop it, remove it, and look for
how it came.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
