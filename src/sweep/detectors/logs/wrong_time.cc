// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr auto kBack = std::chrono::hours{2};  // more than a change of summer time
constexpr std::size_t kPlacesMax = 20;

class Watcher final : public LogWatcher {
 public:
  void see(const Event& event) override {
    if (!event.at || event.program == "wtmp" || event.program == "btmp" || event.program == "lastlog") return;
    // Services log out of order by minutes; a clock that was set goes back by hours. Only what logs in order: syslog.
    const bool ordered =
        event.origin.path.starts_with("/var/log/auth.log") || event.origin.path.starts_with("/var/log/secure") ||
        event.origin.path.starts_with("/var/log/syslog") || event.origin.path.starts_with("/var/log/messages");
    if (!ordered) return;
    if (event.origin.path != path_) {
      path_ = event.origin.path;
      last_.reset();
    }
    if (last_ && *last_ - *event.at > kBack && places_.size() < kPlacesMax)
      places_.push_back({path_, event.origin.line, *last_, *event.at, evidence_of(event)});
    last_ = event.at;
  }
  void finish(Findings& out) override {
    for (const Place& place : places_) {
      Subject subject;
      subject.kind = SubjectKind::log;
      subject.path = place.path;
      Finding& finding =
          out.add(std::move(subject),
                  fmt::format("The time goes back from {} to {} in this log: the clock was wrong, or lines were put in",
                              when(place.before), when(place.after)));
      finding.at = place.after;
      finding.evidence = {place.evidence};
    }
  }

 private:
  struct Place {
    std::string path;
    std::uint64_t line;
    Instant before, after;
    std::string evidence;
  };
  std::string path_;
  std::optional<Instant> last_;
  std::vector<Place> places_;
};

std::unique_ptr<LogWatcher> watch(const Host&) { return std::make_unique<Watcher>(); }

constexpr Example kExamples[] = {
    {"back by days",
     "--- /var/log/auth.log\n2026-05-05T10:00:00+00:00 h sshd[1]: a\n2026-05-01T10:00:00+00:00 h sshd[1]: b\n", 1},
    {"in order",
     "--- /var/log/auth.log\n2026-05-01T10:00:00+00:00 h sshd[1]: a\n2026-05-05T10:00:00+00:00 h sshd[1]: b\n", 0},
};

}  // namespace

extern const Detector wrong_time_detector;
constinit const Detector wrong_time_detector{
    .id = "wrong_time",
    .area = Area::logs,
    .severity = Severity::note,
    .title = "The time of a log goes back",
    .explain =
        R"(Lines of one log stand in the order in which they were written. Where the time goes back by hours, the server's
clock was wrong before or after, or somebody put lines in. Times of other logs from then may be wrong too. What to do: compare
with the times of the report before drawing conclusions.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
