// SPDX-License-Identifier: Apache-2.0
// A journal's entries as log-ins, against journalctl -o json writing the same file to nowhere. The journal is made by
// systemd-journal-remote; what we read is compared with what was written.
//   sweep_journal [--quick]
#include "log_server.h"

int main(int argc, char** argv) {
  using namespace abate;
  const bool quick = argc > 1 && std::string_view{argv[1]} == "--quick";
  const int entries = quick ? 5'000 : 100'000;
  const bench::LogServer server;
  const std::string text = server.at("entries");
  const std::string journal = server.at("var/log/journal/x/system.journal");
  std::uint64_t clients = 0;
  {
    std::ofstream out{text};
    for (int i = 0; i < entries; ++i) {
      out << fmt::format(
          "__REALTIME_TIMESTAMP={}\n__MONOTONIC_TIMESTAMP={}\n_BOOT_ID=0123456789abcdef0123456789abcdef\n_TRANSPORT="
          "syslog\nPRIORITY=6\n"
          "SYSLOG_FACILITY=10\nSYSLOG_IDENTIFIER=sshd\n_COMM=sshd\n_PID={}\n_UID=0\n_GID=0\n_SYSTEMD_UNIT=ssh.service\n"
          "MESSAGE=Failed password for root from 203.0.{}.{} port {} ssh2\n\n",
          1'777'600'000'000'000 + i * 500'000LL, i + 1, 1000 + i % 3000, i % 250, i % 199, 1024 + i % 60'000);
      clients += static_cast<std::uint64_t>(i % 250) * 256 + static_cast<std::uint64_t>(i % 199);
    }
  }
  if (bench::LogServer::run("/usr/lib/systemd/systemd-journal-remote -o " + journal + " - < " + text) <= 0) return 1;
  std::uint64_t seen = 0;
  std::uint64_t seen_clients = 0;
  const double ours = bench::best_of(quick ? 1 : 3, [&] {
    seen = seen_clients = 0;
    return server.read([&](const sweep::Event& event) {
      const auto* login = sweep::as<sweep::Login>(event);
      if (login == nullptr || !login->client) return;
      ++seen;
      seen_clients += login->client->v4_value() & 0xffffU;
    });
  });
  const double peer = bench::LogServer::run("journalctl --file " + journal + " -o json -q");
  return bench::tell("sweep_journal", "entries", entries / ours, peer > 0 ? entries / peer : 0, "journalctl", 5,
                     seen == static_cast<std::uint64_t>(entries) && seen_clients == clients);
}
