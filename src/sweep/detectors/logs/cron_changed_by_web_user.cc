// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kMax = 200;
constexpr auto kByHand = std::chrono::minutes{30};

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    if (!event.at) return;
    // "sudo -u www-data crontab -e" is how the guides of many applications put it.
    if (const Command* command = as<Command>(event);
        command != nullptr && (command->command.find("crontab") != std::string_view::npos ||
                               command->command.ends_with("sh") || command->command.starts_with("su"))) {
      if (by_hand_.size() < kMax) by_hand_.push_back(*event.at);
      return;
    }
    const JobRun* job = as<JobRun>(event);
    if (job == nullptr || !job->edited || edits_.size() >= kMax) return;
    const Account* account = host_.account(job->user);
    const bool web = account != nullptr ? host_.is_web_user(account->uid) && account->uid < 1000
                                        : job->user == "www-data" || job->user == "apache";
    if (web)
      edits_.push_back({std::string{job->user.substr(0, 64)}, *event.at, evidence_of(event),
                        account != nullptr ? std::optional{account->uid} : std::nullopt});
  }
  void finish(Findings& out) override {
    for (const Edit& edit : edits_) {
      bool by_hand = false;
      for (const Instant at : by_hand_) by_hand |= at <= edit.at && edit.at - at <= kByHand;
      Subject subject;
      subject.kind = SubjectKind::cron;
      subject.name = edit.user;
      for (const std::string_view folder : {"/var/spool/cron/crontabs/", "/var/spool/cron/"})
        if (subject.path.empty() && exists(*host_.tree, std::string{folder} + edit.user))
          subject.path = std::string{folder} + edit.user;
      Finding& finding =
          out.add(std::move(subject),
                  fmt::format("The web server's user {} changed its own cron jobs on {}", edit.user, when(edit.at)));
      finding.severity = by_hand ? Severity::note : Severity::suspicious;
      finding.at = edit.at;
      finding.evidence = {edit.evidence};
      finding.uid = edit.uid;
      finding.ids = {edit.user};
      finding.role = "persistence";
    }
  }

 private:
  struct Edit {
    std::string user;
    Instant at;
    std::string evidence;
    std::optional<std::uint32_t> uid;
  };
  const Host& host_;
  std::vector<Edit> edits_;
  std::vector<Instant> by_hand_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

constexpr Example kExamples[] = {
    {"a script keeps itself alive",
     "--- /var/log/cron.log\n2026-05-01T10:00:00+00:00 h crontab[1]: (www-data) REPLACE (www-data)\n", 1},
    {"root's own crontab", "--- /var/log/cron.log\n2026-05-01T10:00:00+00:00 h crontab[1]: (root) REPLACE (root)\n", 0},
};

}  // namespace

extern const Detector cron_changed_by_web_user_detector;
constinit const Detector cron_changed_by_web_user_detector{
    .id = "cron_changed_by_web_user",
    .area = Area::logs,
    .severity = Severity::suspicious,
    .title = "The web server's user changed its cron jobs",
    .explain =
        R"(crontab was run as the web server's user: by a script of a web site, or by an administrator for it. Intruders do
so that their shell comes back after it was removed. Where an administrator used sudo shortly before, it is only noted. What
to do: look at that crontab; remove what nobody of yours wrote.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
