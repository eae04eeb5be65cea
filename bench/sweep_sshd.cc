// SPDX-License-Identifier: Apache-2.0
// Lines of sshd in auth.log as log-ins with user, client, method and time, against lnav reading the same file into its
// table (headless). What we read is compared with what was written.
//   sweep_sshd [--quick]
#include "log_server.h"

namespace {

using namespace abate;

struct Truth {
  std::uint64_t failed = 0, accepted = 0, clients = 0, seconds = 0;
};

Truth write(const std::string& path, int lines) {
  std::mt19937 random{5};
  const auto below = [&](unsigned most) { return static_cast<unsigned>(random() % most); };
  const char* const kUsers[] = {"root", "admin", "test", "oracle", "ubuntu", "pi", "git", "deploy"};
  Truth truth;
  std::FILE* file = std::fopen(path.c_str(), "w");
  std::int64_t at = 1'777'600'000;
  for (int i = 0; i < lines; ++i) {
    at += below(4) == 0 ? 1 : 0;
    const std::time_t now = at;
    std::tm utc{};
    gmtime_r(&now, &utc);
    char stamp[32];
    std::strftime(stamp, sizeof stamp, "%b %e %H:%M:%S", &utc);
    const unsigned net = below(250);
    const unsigned host = 1 + below(250);
    const unsigned port = 1024 + below(60'000);
    const char* user = kUsers[below(8)];
    const std::string client = fmt::format("203.0.{}.{}", net, host);
    const unsigned kind = below(100);
    std::string text;
    bool login = true;
    if (kind < 35) {
      text = fmt::format("Failed password for {} from {} port {} ssh2", user, client, port);
    } else if (kind < 50) {
      text = fmt::format("Failed password for invalid user {}{} from {} port {} ssh2", user, net, client, port);
    } else if (kind < 54) {
      text = fmt::format(
          "Accepted publickey for {} from {} port {} ssh2: ED25519 SHA256:abcdefghijklmnopqrstuvwxyz0123456789", user,
          client, port);
      ++truth.accepted;
    } else {
      login = false;
      text = kind < 65 ? fmt::format("Invalid user {} from {} port {}", user, client, port)
             : kind < 80
                 ? fmt::format("Connection closed by authenticating user {} {} port {} [preauth]", user, client, port)
             : kind < 90 ? fmt::format("Received disconnect from {} port {}:11: Bye Bye [preauth]", client, port)
                         : "pam_unix(sshd:session): session opened for user deploy(uid=1000) by (uid=0)";
    }
    if (kind < 50) ++truth.failed;
    if (login) {
      truth.clients += net * 256U + host;
      truth.seconds += static_cast<std::uint64_t>(at);
    }
    std::fprintf(file, "%s web1 sshd[%d]: %s\n", stamp, 1000 + i % 60'000, text.c_str());
  }
  std::fclose(file);
  return truth;
}

}  // namespace

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::string_view{argv[1]} == "--quick";
  const int lines = quick ? 100'000 : 1'500'000;
  const bench::LogServer server;
  const std::string path = server.at("var/log/auth.log");
  const Truth truth = write(path, lines);
  std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now());
  Truth seen;
  std::uint64_t year_s = 0;
  const double ours = bench::best_of(quick ? 1 : 3, [&] {
    seen = {};
    return server.read([&](const sweep::Event& event) {
      const auto* login = sweep::as<sweep::Login>(event);
      if (login == nullptr || !login->client || !event.at) return;
      ++(login->accepted ? seen.accepted : seen.failed);
      seen.clients += login->client->v4_value() & 0xffffU;
      seen.seconds += static_cast<std::uint64_t>(to_micros(*event.at) / 1'000'000);
    });
  });
  // The log's year comes from its file's time, which is now: whole years may lie between.
  const std::uint64_t logins = truth.failed + truth.accepted;
  const std::uint64_t difference =
      seen.seconds > truth.seconds ? seen.seconds - truth.seconds : truth.seconds - seen.seconds;
  year_s = logins == 0 ? 1 : difference / logins;
  const bool times_right =
      difference % logins == 0 && (year_s % (365U * 86'400U) == 0 || (year_s - 86'400U) % (365U * 86'400U) == 0);
  const bool right =
      seen.failed == truth.failed && seen.accepted == truth.accepted && seen.clients == truth.clients && times_right;
  const double peer = bench::LogServer::run(
      "lnav -n -c \";SELECT count(*), max(log_time), max(log_pid) FROM syslog_log WHERE log_procname = 'sshd' AND "
      "log_body "
      "LIKE 'Failed password%'\" " +
      path);
  return bench::tell("sweep_sshd", "lines", lines / ours, peer > 0 ? lines / peer : 0, "lnav", 13, right);
}
