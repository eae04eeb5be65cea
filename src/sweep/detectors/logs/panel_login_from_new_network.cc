// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    if (const Login* login = as<Login>(event); login == nullptr || login->service != LoginService::panel) return;
    visits_.see(event);
  }
  void finish(Findings& out) override {
    for (const Visits::Strange& one : visits_.strange({LoginService::panel})) {
      const Visit& visit = *one.visit;
      if (!is_outside(host_, visit.client)) continue;
      Finding& finding = out.add(account_subject(visit.user, visit.client.to_string()),
                                 fmt::format("{} logged in to the panel from {} on {}: never before from that network",
                                             visit.user, visit.client.to_string(), when(visit.first)));
      finding.severity = near_harm(host_, visit.first) ? Severity::suspicious : Severity::note;
      finding.at = visit.first;
      finding.evidence = {visit.evidence};
      finding.addresses = {visit.client.to_string()};
      finding.ids = {visit.user};
    }
  }

 private:
  const Host& host_;
  Visits visits_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

constexpr Example kExamples[] = {
    {"a stranger in the panel",
     "--- /usr/local/cpanel/logs/session_log\n"
     "[2026-04-01 10:00:00 +0000] info [cpaneld] 198.51.100.7 NEW anna:a address=198.51.100.7,app=cpaneld\n"
     "[2026-04-02 10:00:00 +0000] info [cpaneld] 198.51.100.7 NEW anna:b address=198.51.100.7,app=cpaneld\n"
     "[2026-04-09 10:00:00 +0000] info [cpaneld] 198.51.100.8 NEW anna:c address=198.51.100.8,app=cpaneld\n"
     "[2026-05-09 10:00:00 +0000] info [cpaneld] 192.0.2.8 NEW anna:d address=192.0.2.8,app=cpaneld\n",
     1},
    {"the owner at home",
     "--- /usr/local/cpanel/logs/session_log\n"
     "[2026-04-01 10:00:00 +0000] info [cpaneld] 198.51.100.7 NEW anna:a address=198.51.100.7,app=cpaneld\n"
     "[2026-05-09 10:00:00 +0000] info [cpaneld] 198.51.100.9 NEW anna:d address=198.51.100.9,app=cpaneld\n",
     0},
};

}  // namespace

extern const Detector panel_login_from_new_network_detector;
constinit const Detector panel_login_from_new_network_detector{
    .id = "panel_login_from_new_network",
    .area = Area::logs,
    .severity = Severity::suspicious,
    .title = "A log-in to the hosting panel from a network never seen before",
    .explain =
        R"(An account of the hosting panel (cPanel, DirectAdmin) came from a network where it never came from before.
Whoever is in the panel can change files, mail and databases of that customer. False alarms: journeys, a new provider.
What to do: ask the owner; if it was not them, change the password, turn on the second factor, and look at what the panel
did since.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
