// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const std::string_view pattern : {"/etc/postgresql/*/*/postgresql.conf", "/var/lib/pgsql/data/postgresql.conf",
                                         "/var/lib/pgsql/*/data/postgresql.conf"})
    for (const std::string& path : glob(*host.tree, pattern)) {
      auto settings = ini_settings(*host.tree, path, "#");
      bool world = false;
      std::string listen = value_of(settings, "listen_addresses", "localhost");
      for (std::string part : parts_of(listen, ", '")) world |= faces_the_world(part);
      if (!world) continue;
      for (const ConfigLine& line : config_lines(*host.tree, join_path(folder_of(path), "pg_hba.conf"))) {
        const auto words = words_of(line.text);
        if (words.size() < 5 || !words[0].starts_with("host") || !is_everybody(words[3])) continue;
        const std::string& method = parse_ip(words[4]) && words.size() > 5 ? words[5] : words[4];
        if (method == "reject") break;
        if (method != "trust" && method != "md5" && method != "password") continue;
        Finding& finding =
            report_door(host, out,
                        {.unit = "postgresql.service",
                         .programs = "/usr/bin/pg_ctlcluster /usr/bin/postgres /usr/bin/postgresql-setup",
                         .port = port_of(value_of(settings, "port", "5432"), 5432)},
                        line,
                        method == "trust" ? "PostgreSQL lets anybody on the Internet in without a password"
                                          : "PostgreSQL lets the whole Internet try passwords");
        if (method != "trust") finding.severity = Severity::note;
      }
    }
}

constexpr Example kExamples[] = {
    {"trust for everybody",
     R"x(--- /usr/bin/pg_ctlcluster mode=0755
x
--- /etc/postgresql/15/main/postgresql.conf
listen_addresses = '*'
--- /etc/postgresql/15/main/pg_hba.conf
local all all peer
host all all 0.0.0.0/0 trust
)x",
     1},
    {"listens on localhost",
     R"x(--- /usr/bin/pg_ctlcluster mode=0755
x
--- /etc/postgresql/15/main/postgresql.conf
#listen_addresses = '*'
--- /etc/postgresql/15/main/pg_hba.conf
host all all 0.0.0.0/0 trust
)x",
     0},
    {"a refusal stands first",
     R"x(--- /usr/bin/pg_ctlcluster mode=0755
x
--- /etc/postgresql/15/main/postgresql.conf
listen_addresses = '*'
--- /etc/postgresql/15/main/pg_hba.conf
host all all 0.0.0.0/0 reject
host all all 0.0.0.0/0 trust
)x",
     0},
};
}  // namespace
extern const Detector exposed_postgresql_detector;
constinit const Detector exposed_postgresql_detector{
    .id = "exposed_postgresql",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "PostgreSQL trusts strangers",
    .explain =
        R"(pg_hba.conf says who may come from where and how. A line for every address with "trust" lets strangers in
without a password, and whoever is superuser can run programs on the server; with md5 or password they may
guess. False alarms: a firewall elsewhere.

What to do: listen_addresses = 'localhost', or addresses of your own networks and scram-sha-256 in pg_hba.conf;
reload.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
