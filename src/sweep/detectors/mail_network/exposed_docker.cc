// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void judge(const Host& host, Findings& out, std::string_view address, bool tls, const ConfigLine& at) {
  if (!address.starts_with("tcp://") || tls) return;
  const std::string_view rest = address.substr(6);
  if (!faces_the_world(host_part(rest))) return;
  report_door(host, out, {.unit = "docker.service", .programs = "/usr/bin/dockerd", .port = port_of(rest, 2375)}, at,
              "whoever reaches Docker's port is root on this server: no certificate is asked for");
}

void look(const Host& host, Findings& out) {
  const auto settings = json_settings(*host.tree, "/etc/docker/daemon.json");
  const bool verify = is_yes(value_of(settings, "tlsverify"));
  for (const Setting& one : settings)
    if (one.key.starts_with("hosts.")) judge(host, out, one.value, verify, one.at);
  for (const std::string_view pattern :
       {"/etc/systemd/system/docker.service", "/etc/systemd/system/docker.service.d/*.conf",
        "/lib/systemd/system/docker.service", "/etc/default/docker"})
    for (const std::string& path : glob(*host.tree, pattern))
      for (const ConfigLine& line : config_lines(*host.tree, path, "#", true)) {
        if (!line.text.starts_with("ExecStart=") && !line.text.starts_with("DOCKER_OPTS")) continue;
        const bool tls = verify || line.text.find("--tlsverify") != std::string::npos;
        for (const std::string& word : parts_of(line.text, " =\"'"))
          if (word.starts_with("tcp://")) judge(host, out, word, tls, line);
      }
}

constexpr Example kExamples[] = {
    {"in daemon.json",
     R"x(--- /usr/bin/dockerd mode=0755
x
--- /etc/docker/daemon.json
{"hosts": ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2375"]}
)x",
     1},
    {"in a drop-in of the unit",
     R"x(--- /usr/bin/dockerd mode=0755
x
--- /etc/systemd/system/docker.service.d/o.conf
[Service]
ExecStart=
ExecStart=/usr/bin/dockerd -H fd:// -H tcp://0.0.0.0:2375
)x",
     1},
    {"with certificates",
     R"x(--- /usr/bin/dockerd mode=0755
x
--- /etc/docker/daemon.json
{"hosts": ["tcp://0.0.0.0:2376"], "tlsverify": true}
)x",
     0},
    {"on loopback",
     R"x(--- /usr/bin/dockerd mode=0755
x
--- /etc/docker/daemon.json
{"hosts": ["tcp://127.0.0.1:2375"]}
)x",
     0},
};
}  // namespace
extern const Detector exposed_docker_detector;
constinit const Detector exposed_docker_detector{
    .id = "exposed_docker",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "The Docker API is open to strangers",
    .explain =
        R"(Docker's API starts containers, and a container can mount the whole disk: whoever may use it is root. On a
public port without client certificates that is everybody; worms look for it and install miners.

False alarms: a firewall elsewhere. What to do: remove tcp:// from "hosts" (the local socket is enough), or
demand certificates (tlsverify); then look for containers that you do not know.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
