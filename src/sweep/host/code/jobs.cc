// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/code/jobs.h"

#include "base/text.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kShownBytes = 300;

}  // namespace

bool is_unpackaged_job(const Autostart& start) {
  return (start.kind == AutostartKind::cron || start.kind == AutostartKind::at) && !start.packaged;
}

Finding& add_job(const Host& host, const Autostart& job, std::string why, Findings& out) {
  Subject subject;
  subject.kind = SubjectKind::cron;
  subject.path = job.path;
  subject.line = job.line;
  subject.name = job.account;
  Finding& finding = out.add(std::move(subject), std::move(why));
  finding.at = job.modified;
  finding.paths = job.programs;
  finding.evidence.push_back(
      fmt::format("{}:{}: {} {}", job.path, job.line, job.schedule, job.command.substr(0, kShownBytes)));
  if (const Account* account = host.account(job.account)) finding.uid = account->uid;
  finding.ids.push_back(job.account);
  finding.role = "persistence";
  return finding;
}

void find_jobs(const Host& host, std::string_view does, JobTest is_meant, Findings& out) {
  for (const Autostart& start : host.autostarts)
    if (is_unpackaged_job(start) && is_meant(start, command_signs(start.command)))
      add_job(host, start, fmt::format("A job of {} {}", start.account, does), out);
}

}  // namespace abate::sweep
