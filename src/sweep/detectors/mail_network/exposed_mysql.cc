// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  std::vector<Setting> settings;
  for (const std::string_view pattern :
       {"/etc/my.cnf", "/etc/mysql/my.cnf", "/etc/my.cnf.d/*.cnf", "/etc/mysql/conf.d/*.cnf",
        "/etc/mysql/mariadb.conf.d/*.cnf", "/etc/mysql/mysql.conf.d/*.cnf"})
    for (const std::string& path : glob(*host.tree, pattern))
      for (Setting& one : ini_settings(*host.tree, path)) {
        if (one.section != "mysqld" && one.section != "mariadb" && one.section != "server" && one.section != "mariadbd")
          continue;
        if (one.key == "bind_address") one.key = "bind-address";
        if (one.key == "skip_grant_tables") one.key = "skip-grant-tables";
        settings.push_back(std::move(one));
      }
  const DoorService service{.unit = "mariadb.service",
                            .programs = "/usr/sbin/mariadbd /usr/sbin/mysqld",
                            .port = port_of(value_of(settings, "port", "3306"), 3306)};
  const bool no_network =
      last_of(settings, "skip-networking") != nullptr && !is_no(value_of(settings, "skip-networking"));
  if (no_network) return;
  const Setting* bind = last_of(settings, "bind-address");
  const bool world = bind != nullptr && faces_the_world(bind->value);
  if (const Setting* skip = last_of(settings, "skip-grant-tables"); skip != nullptr && !is_no(skip->value))
    report_door(host, out, service, skip->at, "the database asks nobody for a password: skip-grant-tables is set");
  else if (world)
    report_door(host, out, service, bind->at, "the database server listens to the whole Internet").severity =
        Severity::note;
}

constexpr Example kExamples[] = {
    {"listens everywhere",
     R"x(--- /usr/sbin/mariadbd mode=0755
x
--- /etc/mysql/mariadb.conf.d/50-server.cnf
[mysqld]
bind-address = 0.0.0.0
)x",
     1},
    {"no passwords",
     R"x(--- /usr/sbin/mariadbd mode=0755
x
--- /etc/mysql/my.cnf
[mysqld]
skip-grant-tables
)x",
     1},
    {"as shipped",
     R"x(--- /usr/sbin/mariadbd mode=0755
x
--- /etc/mysql/mariadb.conf.d/50-server.cnf
[mysqld]
bind-address            = 127.0.0.1
)x",
     0},
};
}  // namespace
extern const Detector exposed_mysql_detector;
constinit const Detector exposed_mysql_detector{
    .id = "exposed_mysql",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "MySQL or MariaDB listens to the Internet",
    .explain =
        R"(A database is normally used by programs on the same server. Listening on all addresses lets everybody try
passwords and known weaknesses (a note: passwords are still asked). With skip-grant-tables no password is asked
at all (an open door).

False alarms: replication or applications elsewhere, behind a firewall. What to do: bind-address = 127.0.0.1;
remove skip-grant-tables, which is meant for a rescue only.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
