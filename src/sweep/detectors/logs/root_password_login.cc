// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const Login* login = as<Login>(event);
    if (login != nullptr && login->service == LoginService::ssh && login->user == "root") visits_.see(event);
  }
  void finish(Findings& out) override {
    const auto visits = visits_.by_time();
    for (const Visit* visit : visits) {
      if (visit->method == "publickey" || !is_outside(host_, visit->client)) continue;
      bool known = false;  // root came from that network before
      for (const Visit* other : visits)
        known |= other->first < visit->first && network_of(other->client) == network_of(visit->client);
      const bool in_time = host_.ticket.span.has_value() && near_harm(host_, visit->first);
      Finding& finding = out.add(account_subject("root", visit->client.to_string()),
                                 fmt::format("root logged in with a password from {} ({} times, first on {})",
                                             visit->client.to_string(), visit->count, when(visit->first)));
      finding.severity = in_time && !known && visits.front() != visit ? Severity::suspicious : Severity::weak;
      finding.at = visit->first;
      finding.evidence = {visit->evidence};
      finding.addresses = {visit->client.to_string()};
      finding.ids = {"root"};
      finding.uid = 0;
    }
  }

 private:
  const Host& host_;
  Visits visits_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

constexpr Example kExamples[] = {
    {"root by password",
     "--- /var/log/auth.log\n2026-05-01T10:09:00+00:00 h sshd[2]: Accepted password for root from 192.0.2.7 port 2 "
     "ssh2\n",
     1},
    {"root by key",
     "--- /var/log/auth.log\n2026-05-01T10:09:00+00:00 h sshd[2]: Accepted publickey for root from 192.0.2.7 port 2 "
     "ssh2: "
     "ED25519 SHA256:abc\n",
     0},
};

}  // namespace

extern const Detector root_password_login_detector;
constinit const Detector root_password_login_detector{
    .id = "root_password_login",
    .area = Area::logs,
    .severity = Severity::suspicious,
    .title = "root logs in with a password",
    .explain =
        R"(Everybody on the internet may try passwords for root, and does. Where root may log in with one, the whole
server is worth one guess. By itself it is an open door; around the time of a report and from a network that root never
came from, it is suspicious. What to do: log in with keys, set "PermitRootLogin prohibit-password", change the password.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
