// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kUsersMax = 1000;
constexpr auto kQuiet = std::chrono::days{14};

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    if (!event.at) return;
    if ((event.program == "sudo" || event.program.starts_with("sshd")) && (!began_ || *event.at < *began_))
      began_ = event.at;
    const Command* command = as<Command>(event);
    if (command == nullptr || !command->allowed || command->as != "root" || command->user == "root") return;
    const auto found = users_.find(command->user);
    if (found != users_.end() ? found->second.first <= *event.at : users_.size() >= kUsersMax) return;
    users_.insert_or_assign(std::string{command->user.substr(0, 64)}, First{*event.at, evidence_of(event)});
  }
  void finish(Findings& out) override {
    for (const auto& [user, first] : users_) {
      if (!began_ || first.first - *began_ < kQuiet) continue;
      const Account* account = host_.account(user);
      const bool service = account != nullptr && account->uid < 1000;
      Finding& finding = out.add(account_subject(user), fmt::format("{} used root's rights for the first time on {}",
                                                                    user, when(first.first)));
      finding.severity =
          service || (host_.ticket.span && near_harm(host_, first.first)) ? Severity::suspicious : Severity::note;
      finding.at = first.first;
      finding.evidence = {first.evidence};
      finding.ids = {user};
      if (account != nullptr) finding.uid = account->uid;
    }
  }

 private:
  struct First {
    Instant first;
    std::string evidence;
  };
  const Host& host_;
  std::optional<Instant> began_;
  std::map<std::string, First, std::less<>> users_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

#define ABATE_SUDO(day, user) \
  "2026-05-" day "T10:00:00+00:00 h sudo: " user " : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh\n"
constexpr Example kExamples[] = {
    {"a newcomer", "--- /var/log/auth.log\n" ABATE_SUDO("01", "anna") ABATE_SUDO("20", "bob"), 1},
    {"the usual one", "--- /var/log/auth.log\n" ABATE_SUDO("01", "anna") ABATE_SUDO("20", "anna"), 0},
};
#undef ABATE_SUDO

}  // namespace

extern const Detector sudo_to_root_by_new_user_detector;
constinit const Detector sudo_to_root_by_new_user_detector{
    .id = "sudo_to_root_by_new_user",
    .area = Area::logs,
    .severity = Severity::suspicious,
    .title = "Somebody used root's rights for the first time",
    .explain =
        R"(For weeks only certain accounts used sudo or su to become root; then another did. It is suspicious for a
service's account (www-data, postgres), and around the time of a report. False alarms: a new colleague. What to do: see what
was run, and ask that person.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
