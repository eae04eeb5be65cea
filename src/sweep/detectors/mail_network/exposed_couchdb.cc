// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  std::vector<Setting> settings;
  for (const std::string_view pattern :
       {"/etc/couchdb/*.ini", "/opt/couchdb/etc/local.ini", "/opt/couchdb/etc/local.d/*.ini"})
    for (const std::string& path : glob(*host.tree, pattern))
      for (Setting& one : ini_settings(*host.tree, path, ";")) settings.push_back(std::move(one));
  const Setting* bind = last_of(settings, "bind_address", "chttpd");
  bool admin = false;
  for (const Setting& one : settings) admin |= one.section == "admins" && !one.value.empty();
  if (bind == nullptr || admin || !faces_the_world(bind->value)) return;
  report_door(host, out,
              {.unit = "couchdb.service", .programs = "/opt/couchdb/bin/couchdb /usr/bin/couchdb", .port = 5984},
              bind->at, "CouchDB has no administrator and listens to everybody: whoever comes first owns it");
}

constexpr Example kExamples[] = {
    {"admin party",
     R"x(--- /opt/couchdb/bin/couchdb mode=0755
x
--- /opt/couchdb/etc/local.ini
[chttpd]
bind_address = 0.0.0.0
[admins]
;admin = mysecretpassword
)x",
     1},
    {"an administrator is named",
     R"x(--- /opt/couchdb/bin/couchdb mode=0755
x
--- /opt/couchdb/etc/local.ini
[chttpd]
bind_address = 0.0.0.0
[admins]
root = -pbkdf2-abc
)x",
     0},
};
}  // namespace
extern const Detector exposed_couchdb_detector;
constinit const Detector exposed_couchdb_detector{
    .id = "exposed_couchdb",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "CouchDB open to strangers",
    .explain =
        R"(CouchDB without an administrator lets every visitor be one ("admin party"): read, write, and run programs through its
configuration. False alarms: a firewall elsewhere. What to do: set an admin in local.ini, bind_address = 127.0.0.1.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
