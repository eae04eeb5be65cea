// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  std::vector<ConfigLine> lines = config_lines(*host.tree, "/etc/mosquitto/mosquitto.conf");
  for (const std::string& path : glob(*host.tree, "/etc/mosquitto/conf.d/*.conf"))
    for (ConfigLine& line : config_lines(*host.tree, path)) lines.push_back(std::move(line));
  const ConfigLine* anonymous = nullptr;
  std::uint16_t port = 1883;
  bool listener = false;
  bool world = false;
  for (const ConfigLine& line : lines) {
    const auto words = words_of(line.text);
    if (words.size() < 2) continue;
    if (words[0] == "allow_anonymous") anonymous = is_yes(words[1]) ? &line : nullptr;
    if (words[0] == "listener") {
      listener = true;
      const bool faces = words.size() < 3 || faces_the_world(words[2]);
      if (faces) port = port_of(words[1], 1883);
      world |= faces;
    }
    if (words[0] == "bind_address") listener = true, world |= faces_the_world(words[1]);
  }
  if (anonymous == nullptr || (listener && !world)) return;
  report_door(host, out, {.unit = "mosquitto.service", .programs = "/usr/sbin/mosquitto", .port = port}, *anonymous,
              "anybody may read and send messages through the MQTT broker");
}

constexpr Example kExamples[] = {
    {"anonymous on all addresses",
     R"x(--- /usr/sbin/mosquitto mode=0755
x
--- /etc/mosquitto/conf.d/a.conf
listener 1883
allow_anonymous true
)x",
     1},
    {"on loopback",
     R"x(--- /usr/sbin/mosquitto mode=0755
x
--- /etc/mosquitto/conf.d/a.conf
listener 1883 127.0.0.1
allow_anonymous true
)x",
     0},
};
}  // namespace
extern const Detector exposed_mqtt_detector;
constinit const Detector exposed_mqtt_detector{
    .id = "exposed_mqtt",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "MQTT broker open to strangers",
    .explain =
        R"(An MQTT broker passes messages between devices. With allow_anonymous true on a public listener everybody can
read them and send commands. False alarms: a firewall elsewhere. What to do: allow_anonymous false with a
password_file, or listener 1883 127.0.0.1.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
