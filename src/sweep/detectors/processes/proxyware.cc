// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.h"
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kNames[] = {"pawns-cli", "traffmonetizer", "earnapp", "repocket",     "peer2profit",
                                       "p2pclient", "honeygain",      "bitping", "packetstream", "iproyal",
                                       "proxyrack", "psclient",       "earnfm",  "packetshare",  "proxylite"};

std::string_view named(std::string_view text) {
  for (const std::string_view name : kNames)
    if (contains_ignoring_case(text, name)) return name;
  return {};
}

void look(const Host& host, Findings& out) {
  constexpr std::string_view kWhy = "earns somebody money by passing strangers' traffic through this server";
  for (const Autostart& one : host.autostarts) {
    const std::string_view name = named(one.command);
    if (name.empty() || one.packaged || one.kind == AutostartKind::container) continue;  // container_proxyware
    const bool job = one.kind == AutostartKind::cron || one.kind == AutostartKind::at;
    Finding& finding = out.add(
        {.kind = job ? SubjectKind::cron : SubjectKind::unit, .path = one.path, .name = one.name, .line = one.line},
        fmt::format("{} {}", name, kWhy));
    finding.evidence.push_back(fmt::format("{}:{}: {}", one.path, one.line, one.command));
    finding.role = "proxyware";
    finding.paths = one.programs;
  }
  for (const std::string_view folder :
       {"/usr/bin", "/usr/local/bin", "/opt", "/root", "/usr/local/sbin", "/tmp", "/var/tmp"})
    for (const std::string_view name : kNames)
      if (const std::string path = join_path(folder, name); exists(*host.tree, path)) {
        Finding& finding = out.add(file_subject(path), fmt::format("{} {}", name, kWhy));
        finding.role = "proxyware";
      }
  for (const Process& process : host.processes) {
    const std::string_view name = named(file_name(process.exe));
    if (name.empty()) continue;
    Finding& finding = out.add({.kind = SubjectKind::process, .path = process.exe, .pid = process.pid},
                               fmt::format("{} {}", name, kWhy));
    finding.role = "proxyware";
    finding.uid = process.uid;
  }
}

constexpr Example kExamples[] = {
    {"started by a unit",
     R"x(--- /etc/systemd/system/net.service
[Service]
ExecStart=/opt/net/traffmonetizer start accept --token abc
[Install]
WantedBy=multi-user.target
)x",
     1},
    {"nothing of the kind",
     R"x(--- /etc/systemd/system/app.service
[Service]
ExecStart=/opt/app/server
)x",
     0},
};
}  // namespace
extern const Detector proxyware_detector;
constinit const Detector proxyware_detector{
    .id = "proxyware",
    .area = Area::processes,
    .severity = Severity::suspicious,
    .title = "A program that rents out this server's address",
    .explain =
        R"(Proxyware sells the server's address: strangers' traffic leaves through it, and the complaints come to you. Some
people install it for pocket money, intruders install it for theirs.

False alarms: you did it on purpose; then it may still break your provider's terms. What to do: stop and remove
it, and if nobody of yours installed it, look for how it came.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
