// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::uint32_t kRefusedAnHour = 50;
constexpr std::size_t kHoursMax = 20'000;

class Watcher final : public LogWatcher {
 public:
  void see(const Event& event) override {
    const Mail* mail = as<Mail>(event);
    if (mail == nullptr || mail->step != MailStep::to || !event.at) return;
    const std::int64_t hour = to_micros(*event.at) / 3'600'000'000;
    if (hours_.size() >= kHoursMax && !hours_.contains(hour)) return;
    Hour& one = hours_[hour];
    ++one.all;
    if (mail->status == "sent") return;
    if (one.refused++ == 0) one.at = *event.at;
    if (one.refused < 4) one.evidence.add(event);
  }
  void finish(Findings& out) override {
    const Hour* first = nullptr;
    std::uint32_t refused = 0;
    std::uint32_t all = 0;
    for (const auto& [hour, one] : hours_) {
      if (one.refused < kRefusedAnHour || one.refused * 5 < one.all) continue;
      if (first == nullptr) first = &one;
      refused += one.refused;
      all += one.all;
    }
    if (first == nullptr) return;
    Subject subject;
    subject.kind = SubjectKind::queue;
    subject.name = "outgoing mail";
    Finding& finding = out.add(
        std::move(subject),
        fmt::format("From {} on, receivers refused or put off {} of {} deliveries", when(first->at), refused, all));
    finding.at = first->at;
    first->evidence.into(finding);
  }

 private:
  struct Hour {
    Instant at;
    std::uint32_t all = 0, refused = 0;
    Evidence evidence;
  };
  std::map<std::int64_t, Hour> hours_;
};

std::unique_ptr<LogWatcher> watch(const Host&) { return std::make_unique<Watcher>(); }

#define ABATE_BACK                                                                                             \
  "2026-05-01T10:00:00+00:00 h postfix/smtp[1]: AAAAA1: to=<b@example.org>, relay=mx[192.0.2.1]:25, delay=1, " \
  "dsn=5.1.1, status=bounced (x)\n"
#define ABATE_FIVE ABATE_BACK ABATE_BACK ABATE_BACK ABATE_BACK ABATE_BACK
constexpr Example kExamples[] = {
    {"a list of dead addresses",
     "--- /var/log/mail.log\n" ABATE_FIVE ABATE_FIVE ABATE_FIVE ABATE_FIVE ABATE_FIVE ABATE_FIVE ABATE_FIVE ABATE_FIVE
         ABATE_FIVE ABATE_FIVE,
     1},
    {"five wrong addresses", "--- /var/log/mail.log\n" ABATE_FIVE, 0},
};
#undef ABATE_FIVE
#undef ABATE_BACK

}  // namespace

extern const Detector queue_of_bounces_detector;
constinit const Detector queue_of_bounces_detector{
    .id = "queue_of_bounces",
    .area = Area::mail_network,
    .severity = Severity::suspicious,
    .title = "Many deliveries are refused",
    .explain =
        R"(Within an hour many mails came back or were put off. Lists of spammers hold many dead addresses, and receivers
slow down whoever sends spam. By itself it does not say who sends. False alarms: a receiver that is away for a while, an old
newsletter list. What to do: see in the log by whom these mails were handed in.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
