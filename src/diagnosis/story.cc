// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/story.h"

#include <algorithm>
#include <set>

namespace abate::diagnosis {

std::vector<const Finding*> Scene::of(std::string_view detector) const {
  std::vector<const Finding*> found;
  for (const Finding& finding : findings)
    if (finding.detector == detector) found.push_back(&finding);
  return found;
}

std::vector<const Finding*> Scene::with_role(std::string_view role) const {
  std::vector<const Finding*> found;
  for (const Finding& finding : findings)
    if (finding.role == role) found.push_back(&finding);
  return found;
}

std::vector<const Finding*> Scene::web_files() const {
  std::vector<const Finding*> found;
  std::set<std::string_view> paths;
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::malicious || finding.subject.kind != SubjectKind::file) continue;
    if (host.site_of(finding.subject.path) != nullptr && paths.insert(finding.subject.path).second)
      found.push_back(&finding);
  }
  std::ranges::stable_sort(found, [](const Finding* a, const Finding* b) {
    return a->at.value_or(kDistantFuture) < b->at.value_or(kDistantFuture);
  });
  return found;
}

std::vector<const Finding*> Scene::persistence() const {
  std::vector<const Finding*> found;
  std::set<std::string> subjects;
  for (const Finding& finding : findings) {
    const bool starts = finding.subject.kind == SubjectKind::cron || finding.subject.kind == SubjectKind::unit ||
                        finding.subject.kind == SubjectKind::key || finding.role == "persistence";
    if (!starts || finding.severity < Severity::suspicious) continue;
    if (subjects.insert(finding.subject.path + "\n" + finding.subject.name).second) found.push_back(&finding);
  }
  return found;
}

bool Scene::is_familiar(const IpAddress& client, Instant before) const {
  std::set<std::int64_t> days;
  for (const Seen& seen : trail.seen())
    if (seen.what == Seen::What::login && seen.accepted && seen.client == client && seen.at &&
        *seen.at < before - std::chrono::hours{24})
      days.insert(to_micros(*seen.at) / 86'400'000'000);
  return days.size() >= 2;
}

CauseStep step_of(Step step, const Finding& finding) {
  CauseStep made;
  made.step = step;
  made.finding = finding.id;
  made.at = finding.at;
  const std::string& subject = finding.subject.path.empty() ? finding.subject.name : finding.subject.path;
  made.says = subject.empty() ? finding.why : fmt::format("{}: {}", subject, finding.why);
  return made;
}

bool comes_back(const Finding& finding) {
  return finding.role == "persistence" || finding.subject.kind == SubjectKind::cron ||
         finding.subject.kind == SubjectKind::unit || finding.subject.kind == SubjectKind::key ||
         (finding.subject.kind == SubjectKind::account && finding.role != "mail_burst");
}

bool does_harm(const Finding& finding, Category category) {
  if (!finding.leads.empty()) return true;
  const std::string_view role = finding.role;
  switch (category) {
    case Category::spam: return role == "mailer" || role == "bot" || finding.detector == "port_25_outside_mta";
    case Category::ddos: return role == "bot" || role == "flooder" || role == "scanner";
    case Category::proxy: return role == "proxy" || role == "open_proxy" || role == "tunnel" || role == "proxyware";
    case Category::phishing: return role == "kit";
    case Category::malware: return role == "malware" || role == "dropper" || role == "miner";
    case Category::illegal_content: return role == "torrent";
    default:
      return role == "bot" || role == "miner" || role == "scanner" || role == "brute_forcer" || role == "malware" ||
             role == "flooder";
  }
}

const Finding* harm_among(std::span<const Finding* const> findings, Category category) {
  const auto worth = [&](const Finding& finding) {
    return (finding.leads.empty() ? 0 : 16) + (does_harm(finding, category) ? 8 : 0) + (comes_back(finding) ? 0 : 4) +
           (finding.severity == Severity::malicious ? 2 : 0) + (finding.subject.kind == SubjectKind::account ? 0 : 1);
  };
  const Finding* best = nullptr;
  for (const Finding* finding : findings)
    if (best == nullptr || worth(*finding) > worth(*best)) best = finding;
  return best;
}

void order(std::vector<CauseStep>& cause) {
  std::ranges::stable_sort(cause, [](const CauseStep& a, const CauseStep& b) {
    if (a.step != b.step) return a.step < b.step;
    return a.at.value_or(kDistantFuture) < b.at.value_or(kDistantFuture);
  });
  std::set<std::pair<Step, std::string>> seen;
  std::erase_if(cause, [&](const CauseStep& step) {
    return !step.finding.empty() && !seen.emplace(step.step, step.finding).second;
  });
}

}  // namespace abate::diagnosis
