// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kBootsMax = 500;
constexpr auto kSameBoot = std::chrono::minutes{10};  // kernel, systemd and wtmp each tell of it

class Watcher final : public LogWatcher {
 public:
  void see(const Event& event) override {
    const UnitChange* change = as<UnitChange>(event);
    if (change == nullptr || change->what != "boot" || !event.at || boots_.size() >= kBootsMax) return;
    boots_.emplace(*event.at, evidence_of(event));
  }
  void finish(Findings& out) override {
    std::size_t count = 0;
    std::optional<Instant> last;
    std::vector<std::string> evidence;
    for (const auto& [at, line] : boots_) {
      const bool same = last && at - *last < kSameBoot;
      last = at;
      if (same) continue;
      ++count;
      if (evidence.size() >= Finding::kEvidenceMax) evidence.erase(evidence.begin());
      evidence.push_back(line);
    }
    if (count == 0) return;
    Subject subject;
    subject.kind = SubjectKind::log;
    subject.name = "starts of the server";
    Finding& finding = out.add(std::move(subject), fmt::format("The logs show {} start{} of the server, the last on {}",
                                                               count, count == 1 ? "" : "s", when(*last)));
    finding.at = last;
    finding.evidence = std::move(evidence);
  }

 private:
  std::map<Instant, std::string> boots_;
};

std::unique_ptr<LogWatcher> watch(const Host&) { return std::make_unique<Watcher>(); }

constexpr Example kExamples[] = {
    {"a start", "--- /var/log/kern.log\n2026-05-01T10:00:00+00:00 h kernel: [    0.000000] Linux version 6.1.0 (x)\n",
     1},
    {"another program's words", "--- /var/log/syslog\n2026-05-01T10:00:00+00:00 h app[7]: Linux version 6.1.0\n", 0},
};

}  // namespace

extern const Detector boot_times_detector;
constinit const Detector boot_times_detector{
    .id = "boot_times",
    .area = Area::logs,
    .severity = Severity::note,
    .title = "When the server was started",
    .explain =
        R"(The kernel, systemd and wtmp tell when the server was started. Processes that are not started by themselves are
gone after that; what came back has a place from which it starts. It is a note for the timeline.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
