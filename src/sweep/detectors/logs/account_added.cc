// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kMax = 500;

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const AccountChange* change = as<AccountChange>(event);
    if (change == nullptr || changes_.size() >= kMax || change->user.empty()) return;
    const bool admin =
        change->step == AccountStep::group_joined &&
        (change->group == "sudo" || change->group == "wheel" || change->group == "root" || change->group == "docker");
    const bool became_root = change->uid == 0U;
    if (change->step != AccountStep::added && !admin && !became_root) return;
    changes_.push_back({std::string{change->user.substr(0, 64)}, std::string{change->group.substr(0, 64)}, change->step,
                        change->uid, event.at, evidence_of(event)});
  }
  void finish(Findings& out) override {
    for (const Change& change : changes_) {
      const bool root = change.uid == 0U && change.user != "root";
      Finding& finding = out.add(account_subject(change.user),
                                 change.step == AccountStep::group_joined
                                     ? fmt::format("{} became a member of {}", change.user, change.group)
                                 : root ? fmt::format("{} was made with all of root's rights (uid 0)", change.user)
                                        : fmt::format("The account {} was added", change.user));
      const bool in_time = host_.ticket.span && change.at && near_harm(host_, *change.at) &&
                           change.uid.value_or(1000) >= 1000 &&
                           (change.step != AccountStep::added || change.uid.value_or(0) >= 1000);
      finding.severity = root || in_time ? Severity::suspicious : Severity::note;
      finding.at = change.at;
      finding.evidence = {change.evidence};
      finding.uid = change.uid;
      finding.ids = {change.user};
    }
  }

 private:
  struct Change {
    std::string user, group;
    AccountStep step;
    std::optional<std::uint32_t> uid;
    std::optional<Instant> at;
    std::string evidence;
  };
  const Host& host_;
  std::vector<Change> changes_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

constexpr Example kExamples[] = {
    {"a second root",
     "--- /var/log/auth.log\n2026-05-01T10:00:00+00:00 h useradd[1]: new user: name=sys, UID=0, GID=0, home=/root, "
     "shell=/bin/bash, from=none\n",
     1},
    {"a password",
     "--- /var/log/auth.log\n2026-05-01T10:00:00+00:00 h passwd[1]: pam_unix(passwd:chauthtok): password changed for "
     "anna\n",
     0},
};

}  // namespace

extern const Detector account_added_detector;
constinit const Detector account_added_detector{
    .id = "account_added",
    .area = Area::accounts,
    .severity = Severity::suspicious,
    .title = "An account was added, or given more rights",
    .explain =
        R"(The log says that an account was made or joined a group of administrators (sudo, wheel, docker). Packages make
accounts for their services: that is only noted. A second account with uid 0, or a person's account made around the time of a
report, is suspicious. What to do: ask who made it; lock what nobody knows.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
