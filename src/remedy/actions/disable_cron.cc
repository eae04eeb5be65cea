// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind disable_cron_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (!(finding.severity >= Severity::suspicious &&
          (finding.subject.kind == SubjectKind::cron || finding.detector.starts_with("cron_"))))
      continue;
    Action action = action_about(disable_cron_action, finding);
    action.effect = fmt::format("the job in {} no longer runs", finding.subject.path);
    action.risk = "";
    action.undo = "The line comes back as it was";
    action.proof = "cron lists the job no more, and it does not run at its next time";
    action.is_default = finding.severity == Severity::malicious;
    actions.push_back(std::move(action));
  }
}

// A line becomes a comment; a script of cron.daily and its like loses the right to run; a crontab as a whole goes.
Result<Work> work(const Action& action, const sweep::Host& host) {
  const Subject& subject = action.subject;
  if (subject.line != 0) {
    TRY_ASSIGN(Change change, comment_line(host, subject.path, subject.line));
    return Work{.changes = {std::move(change)}};
  }
  constexpr std::string_view kScripts[] = {"/etc/cron.hourly/", "/etc/cron.daily/", "/etc/cron.weekly/",
                                           "/etc/cron.monthly/"};
  if (std::ranges::any_of(kScripts, [&](std::string_view folder) { return subject.path.starts_with(folder); }))
    return Work{.changes = {restrict_change(subject.path, 0)}};
  return Work{.changes = {remove_change(subject.path)}};
}

}  // namespace

constinit const ActionKind disable_cron_action{
    .name = "disable_cron",
    .requirement = "R21",
    .explain =
        R"TEXT(Takes a job out of a crontab, or a crontab out of cron's way: the line becomes a comment that begins with #abate:, everything else stays as it is.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
