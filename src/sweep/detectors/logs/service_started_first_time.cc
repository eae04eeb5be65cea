// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kUnitsMax = 3000;
constexpr auto kQuiet = std::chrono::days{10};
constexpr auto kAfterBoot = std::chrono::minutes{10};

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const UnitChange* change = as<UnitChange>(event);
    if (change == nullptr || !event.at || event.program != "systemd") return;
    if (!began_ || *event.at < *began_) began_ = event.at;
    if (change->what == "boot") boot_ = event.at;
    if (change->what != "started" || !change->unit.ends_with(".service") ||
        change->unit.find('@') != std::string_view::npos)
      return;
    const auto found = units_.find(change->unit);
    if (found != units_.end() ? found->second.first <= *event.at : units_.size() >= kUnitsMax) return;
    const bool at_boot = boot_ && *event.at >= *boot_ && *event.at - *boot_ < kAfterBoot;
    units_.insert_or_assign(std::string{change->unit.substr(0, 128)}, First{*event.at, evidence_of(event), at_boot});
  }
  void finish(Findings& out) override {
    for (const auto& [unit, first] : units_) {
      if (!began_ || first.first - *began_ < kQuiet || first.at_boot) continue;
      Subject subject;
      subject.kind = SubjectKind::unit;
      subject.name = unit;
      for (const Autostart& one : host_.autostarts)
        if (one.name == unit) subject.path = one.path;
      Finding& finding =
          out.add(std::move(subject), fmt::format("{} was started for the first time on {}", unit, when(first.first)));
      finding.at = first.first;
      finding.evidence = {first.evidence};
    }
  }

 private:
  struct First {
    Instant first;
    std::string evidence;
    bool at_boot;
  };
  const Host& host_;
  std::optional<Instant> began_, boot_;
  std::map<std::string, First, std::less<>> units_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

constexpr Example kExamples[] = {
    {"a newcomer",
     "--- /var/log/syslog\n2026-05-01T10:00:00+00:00 h systemd[1]: Started ssh.service - OpenBSD Secure Shell server.\n"
     "2026-05-20T10:00:00+00:00 h systemd[1]: Started kworker.service - Kernel worker.\n",
     1},
    {"the old ones",
     "--- /var/log/syslog\n2026-05-01T10:00:00+00:00 h systemd[1]: Started ssh.service - OpenBSD Secure Shell server.\n"
     "2026-05-20T10:00:00+00:00 h systemd[1]: Started ssh.service - OpenBSD Secure Shell server.\n",
     0},
};

}  // namespace

extern const Detector service_started_first_time_detector;
constinit const Detector service_started_first_time_detector{
    .id = "service_started_first_time",
    .area = Area::logs,
    .severity = Severity::note,
    .title = "A service started for the first time",
    .explain =
        R"(After days of the same services, systemd started one that the logs had never named. New software does so, and so
does what intruders install to survive a restart. It is a note that tells when. What to do: see what the unit runs, and which
package it belongs to.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
