// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kClientsMax = 10'000;
constexpr std::uint64_t kGuessesMin = 100;

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const Login* login = as<Login>(event);
    if (login == nullptr || login->accepted || login->service == LoginService::other ||
        !is_outside(host_, login->client))
      return;
    Service& service = services_[login->service];
    service.guesses += event.times;
    if (event.at && (!service.first || *event.at < *service.first)) service.first = event.at;
    if (service.clients.size() < kClientsMax || service.clients.contains(*login->client))
      service.clients[*login->client] += event.times;
    if (service.guesses <= 3) service.evidence.add(event);
  }
  void finish(Findings& out) override {
    for (const auto& [kind, service] : services_) {
      if (service.guesses < kGuessesMin) continue;
      Subject subject;
      subject.kind = SubjectKind::log;
      subject.name = fmt::format("{} log-ins", login_service_name(kind));
      Finding& finding =
          out.add(std::move(subject),
                  fmt::format("{} wrong passwords from {} addresses for {}: the noise that every server hears",
                              service.guesses, service.clients.size(), login_service_name(kind)));
      finding.at = service.first;
      service.evidence.into(finding);
    }
  }

 private:
  struct Service {
    std::uint64_t guesses = 0;
    std::optional<Instant> first;
    std::map<IpAddress, std::uint32_t> clients;
    Evidence evidence;
  };
  const Host& host_;
  std::map<LoginService, Service> services_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

constexpr Example kExamples[] = {
    {"a hundred guesses",
     "--- /var/log/auth.log\n2026-05-01T10:00:00+00:00 h sshd[1]: message repeated 100 times: [ Failed password for "
     "root from 192.0.2.7 "
     "port 1 ssh2]\n",
     1},
    {"one",
     "--- /var/log/auth.log\n2026-05-01T10:00:00+00:00 h sshd[1]: Failed password for root from 192.0.2.7 port 1 "
     "ssh2\n",
     0},
};

}  // namespace

extern const Detector brute_force_seen_detector;
constinit const Detector brute_force_seen_detector{
    .id = "brute_force_seen",
    .area = Area::logs,
    .severity = Severity::note,
    .title = "Passwords are guessed",
    .explain =
        R"(Machines all over the world try passwords at every server, all day. This says how many tries the logs show. It
is no sign of a break-in; the detector login_after_failures looks for one that succeeded. What to do: keys instead of
passwords for SSH, and something like fail2ban, make it harmless.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
