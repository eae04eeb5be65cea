// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/logs/find_logs.h"
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kLogsMax = 200;
constexpr std::size_t kHoursMax = 20'000;
constexpr std::int64_t kGapHours = 12;
constexpr std::int64_t kQuietHoursMax = 3;  // what the log itself shows otherwise: it speaks all the time

// Hours in which each system log said something. A log that speaks every hour and is silent for half a day, while
// another goes on, was cut or switched off.
class Watcher final : public LogWatcher {
 public:
  void see(const Event& event) override {
    if (!event.at || !event.origin.path.starts_with("/var/log/") || event.program == "access" ||
        event.program == "wtmp" || event.program == "btmp")
      return;
    if (event.origin.path != path_) {
      path_ = event.origin.path;
      log_ = nullptr;
      const std::string name = rotation_of(path_).log;
      if (is_system(name) && (logs_.size() < kLogsMax || logs_.contains(name))) log_ = &logs_[name];
    }
    if (log_ == nullptr) return;
    const std::int64_t hour = to_micros(*event.at) / 3'600'000'000;
    if (hour != log_->last || log_->hours.empty()) {
      log_->last = hour;
      if (log_->hours.size() < kHoursMax) log_->hours.insert(hour);
    }
  }
  void finish(Findings& out) override {
    for (const auto& [name, log] : logs_) {
      std::vector<std::pair<std::int64_t, std::int64_t>> gaps;  // length, hour before it
      std::int64_t before = 0;
      for (const std::int64_t hour : log.hours) {
        if (before != 0) gaps.emplace_back(hour - before - 1, before);
        before = hour;
      }
      if (gaps.size() < 72) continue;
      std::ranges::sort(gaps);
      if (gaps[gaps.size() * 99 / 100].first > kQuietHoursMax) continue;
      const auto& [length, hour] = gaps.back();
      if (length < kGapHours) continue;
      std::size_t others = 0;
      for (const auto& [other_name, other] : logs_) {
        if (other_name == name) continue;
        const auto begin = other.hours.upper_bound(hour + 1);
        others +=
            static_cast<std::size_t>(std::distance(begin, other.hours.lower_bound(std::max(hour + 1, hour + length))));
      }
      if (others < static_cast<std::size_t>(length) / 2) continue;  // the server was off
      Subject subject;
      subject.kind = SubjectKind::log;
      subject.path = name;
      const Instant at = from_micros((hour + 1) * 3'600'000'000);
      Finding& finding =
          out.add(std::move(subject),
                  fmt::format("This log is silent for {} hours from {} on, while others go on", length, when(at)));
      finding.at = at;
    }
  }

 private:
  struct Log {
    std::set<std::int64_t> hours;
    std::int64_t last = 0;
  };
  static bool is_system(std::string_view name) {
    for (const std::string_view one : {"/var/log/auth.log", "/var/log/secure", "/var/log/syslog", "/var/log/messages",
                                       "/var/log/mail.log", "/var/log/maillog", "/var/log/cron", "/var/log/cron.log"})
      if (name == one) return true;
    return false;
  }
  std::map<std::string, Log, std::less<>> logs_;
  std::string path_;
  Log* log_ = nullptr;
};

std::unique_ptr<LogWatcher> watch(const Host&) { return std::make_unique<Watcher>(); }

#define ABATE_H(day, hour) "2026-05-" day "T" hour ":00:00+00:00 h CRON[1]: x\n"
#define ABATE_HALF(day, a, b)                                                                             \
  ABATE_H(day, a "0")                                                                                     \
  ABATE_H(day, a "1") ABATE_H(day, a "2") ABATE_H(day, a "3") ABATE_H(day, a "4") ABATE_H(day, a "5")     \
      ABATE_H(day, a "6") ABATE_H(day, a "7") ABATE_H(day, a "8") ABATE_H(day, a "9") ABATE_H(day, b "0") \
          ABATE_H(day, b "1")
#define ABATE_EVENING(day)                                                                                          \
  ABATE_H(day, "12")                                                                                                \
  ABATE_H(day, "13") ABATE_H(day, "14") ABATE_H(day, "15") ABATE_H(day, "16") ABATE_H(day, "17") ABATE_H(day, "18") \
      ABATE_H(day, "19") ABATE_H(day, "20") ABATE_H(day, "21") ABATE_H(day, "22") ABATE_H(day, "23")
#define ABATE_DAY(day) ABATE_HALF(day, "0", "1") ABATE_EVENING(day)
#define ABATE_WEEK ABATE_DAY("01") ABATE_DAY("02") ABATE_DAY("03") ABATE_DAY("04") ABATE_DAY("05")
constexpr Example kExamples[] = {
    {"a day was cut out",
     "--- /var/log/auth.log\n" ABATE_WEEK ABATE_DAY("07") "--- /var/log/cron.log\n" ABATE_WEEK ABATE_DAY("06")
         ABATE_DAY("07"),
     1},
    {"the server was off for a day",
     "--- /var/log/auth.log\n" ABATE_WEEK ABATE_DAY("07") "--- /var/log/cron.log\n" ABATE_WEEK ABATE_DAY("07"), 0},
};
#undef ABATE_WEEK
#undef ABATE_DAY
#undef ABATE_EVENING
#undef ABATE_HALF
#undef ABATE_H

}  // namespace

extern const Detector logs_with_gap_detector;
constinit const Detector logs_with_gap_detector{
    .id = "logs_with_gap",
    .area = Area::logs,
    .severity = Severity::suspicious,
    .title = "A log is silent while others go on",
    .explain =
        R"(A log that otherwise speaks every hour says nothing for half a day or longer, while other logs of the same server
go on. Intruders cut out the hours in which they came, or stop the logging. False alarms: rsyslog was stopped or changed; a
disk was full. What to do: what this log does not tell may stand in the journal, in wtmp, or with whoever keeps copies.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
