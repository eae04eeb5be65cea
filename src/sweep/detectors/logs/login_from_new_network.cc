// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kNetworksOfATraveller = 5;  // who comes from everywhere tells nothing by coming from elsewhere

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    if (const Login* login = as<Login>(event); login == nullptr || !login->accepted) return;
    visits_.see(event);
  }
  void finish(Findings& out) override {
    for (const Visits::Strange& one : visits_.strange({LoginService::ssh, LoginService::sftp})) {
      if (one.networks_before >= kNetworksOfATraveller || !is_outside(host_, one.visit->client)) continue;
      const Visit& visit = *one.visit;
      Finding& finding = out.add(
          account_subject(visit.user, visit.client.to_string()),
          fmt::format("{} logged in from {} on {}: never before from that network, though it came from {} since {}",
                      visit.user, visit.client.to_string(), when(visit.first),
                      one.networks_before == 1 ? "one other" : "others", when(one.known_since)));
      finding.severity = near_harm(host_, visit.first) ? Severity::suspicious : Severity::note;
      finding.at = visit.first;
      finding.evidence = {visit.evidence};
      finding.addresses = {visit.client.to_string()};
      finding.ids = {visit.user};
      if (!visit.key.empty()) finding.ids.push_back(visit.key);
      finding.role = visit.method == "publickey" ? "key_login" : "password_login";
      if (const Account* account = host_.account(visit.user)) finding.uid = account->uid;
    }
  }

 private:
  const Host& host_;
  Visits visits_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

constexpr std::string_view kHome =
    "--- /var/log/auth.log\n"
    "2026-04-01T10:09:00+00:00 h sshd[2]: Accepted password for anna from 198.51.100.7 port 2 ssh2\n"
    "2026-04-05T10:09:00+00:00 h sshd[2]: Accepted password for anna from 198.51.100.9 port 2 ssh2\n"
    "2026-04-20T10:09:00+00:00 h sshd[2]: Accepted password for anna from 198.51.100.7 port 2 ssh2\n";
constexpr Example kExamples[] = {
    {"a stranger with the password",
     "--- /var/log/auth.log\n"
     "2026-04-01T10:09:00+00:00 h sshd[2]: Accepted password for anna from 198.51.100.7 port 2 ssh2\n"
     "2026-04-05T10:09:00+00:00 h sshd[2]: Accepted password for anna from 198.51.100.9 port 2 ssh2\n"
     "2026-04-20T10:09:00+00:00 h sshd[2]: Accepted password for anna from 198.51.100.7 port 2 ssh2\n"
     "2026-05-20T03:09:00+00:00 h sshd[2]: Accepted password for anna from 192.0.2.66 port 2 ssh2\n",
     1},
    {"the same network always", kHome, 0},
};

}  // namespace

extern const Detector login_from_new_network_detector;
constinit const Detector login_from_new_network_detector{
    .id = "login_from_new_network",
    .area = Area::logs,
    .severity = Severity::suspicious,
    .title = "A log-in from a network never seen before",
    .explain =
        R"(For weeks an account came from the same networks, then once from quite another. That may be a journey, a
new provider, or somebody else with the password or key. With a report, only log-ins around its time are called
suspicious. False alarms: people who travel; whoever came from five networks and more is not mentioned. What to do: ask
the account's owner whether they were it. If not: change password and keys, and look at what happened since.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
