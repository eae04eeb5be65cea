// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const std::string_view path : {"/etc/mongod.conf", "/etc/mongodb.conf"}) {
    auto settings = yaml_settings(*host.tree, path);
    for (Setting& old : ini_settings(*host.tree, path, "#")) {  // the form before 2.6
      if (old.key == "bind_ip" && old.at.text.find('=') != std::string::npos)
        settings.push_back({.key = "net.bindip", .value = old.value, .at = old.at});
      if (old.key == "auth" && is_yes(old.value))
        settings.push_back({.key = "security.authorization", .value = "enabled", .at = old.at});
    }
    const Setting* all = last_of(settings, "net.bindipall");
    const Setting* bind = last_of(settings, "net.bindip");
    bool world = all != nullptr && is_yes(all->value);
    if (bind != nullptr)
      for (const std::string& one : parts_of(bind->value, ", ")) world |= faces_the_world(one);
    for (const Setting& one : settings)
      if (one.key.starts_with("net.bindip.") && faces_the_world(one.value)) world = true, bind = &one;
    const bool asks =
        value_of(settings, "security.authorization") == "enabled" || last_of(settings, "security.keyfile") != nullptr;
    if (!world || asks) continue;
    report_door(host, out,
                {.unit = "mongod.service",
                 .programs = "/usr/bin/mongod",
                 .port = port_of(value_of(settings, "net.port", "27017"), 27017)},
                bind != nullptr ? bind->at : all->at, "MongoDB serves anybody on the Internet, without a password");
  }
}

constexpr Example kExamples[] = {
    {"all addresses, no authorization",
     R"x(--- /usr/bin/mongod mode=0755
x
--- /etc/mongod.conf
net:
  port: 27017
  bindIp: 0.0.0.0
)x",
     1},
    {"with authorization",
     R"x(--- /usr/bin/mongod mode=0755
x
--- /etc/mongod.conf
net:
  bindIp: 0.0.0.0
security:
  authorization: enabled
)x",
     0},
    {"as shipped",
     R"x(--- /usr/bin/mongod mode=0755
x
--- /etc/mongod.conf
net:
  port: 27017
  bindIp: 127.0.0.1
)x",
     0},
};
}  // namespace
extern const Detector exposed_mongodb_detector;
constinit const Detector exposed_mongodb_detector{
    .id = "exposed_mongodb",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "MongoDB open to strangers",
    .explain =
        R"(A database without passwords on a public address is copied, deleted and held to ransom by robots. False alarms:
a firewall elsewhere.

What to do: net.bindIp: 127.0.0.1, security.authorization: enabled with users; restart. Assume that the data
were read.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
