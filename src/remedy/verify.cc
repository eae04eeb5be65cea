// SPDX-License-Identifier: Apache-2.0
#include "remedy/verify.h"

#include <algorithm>
#include <set>

#include <boost/json.hpp>

#include "base/text.h"

namespace abate::remedy {
namespace {

bool tells_of_the_past(const Finding& finding) {
  return finding.subject.kind == SubjectKind::log || finding.subject.kind == SubjectKind::queue ||
         finding.subject.kind == SubjectKind::mailbox || finding.subject.kind == SubjectKind::account;
}

// A mailbox, or an account that somebody can log in as: open until it is locked. One without a shell is no way in.
bool lets_in(const Subject& subject, const sweep::Host& host) {
  if (subject.kind == SubjectKind::mailbox) return true;
  if (subject.kind != SubjectKind::account) return false;
  const sweep::Account* account = host.account(subject.name);
  return account == nullptr || account->can_log_in();
}

std::string name_of(const Subject& subject) {
  const std::string& name = subject.path.empty() ? subject.name : subject.path;
  return shown_name(name.empty() ? subject.address : name);
}

Proof proof(std::string about, std::string tried, std::string seen, bool good, const std::string& service,
            Instant now) {
  Proof one;
  one.id = proof_id(about, tried);
  one.about = std::move(about);
  one.tried = std::move(tried);
  one.seen = std::move(seen);
  one.good = good;
  one.service = service;
  one.at = now;
  one.hash = proof_hash(one);
  return one;
}

}  // namespace

Verified verify(const std::vector<Stands>& stands, const std::map<std::string, std::vector<std::string>>& answers,
                const std::vector<Finding>& findings, const sweep::Host& host, Instant now) {
  const std::string service = host.addresses.empty() ? host.machine_id : host.addresses.front().to_string();
  Verified verified;
  std::set<std::string> answered;
  std::optional<Instant> last_change;
  bool all_hold = true;
  for (const Stands& one : stands) {
    verified.proofs.push_back(proof(one.action.action, one.tried, one.seen, one.holds, service, now));
    all_hold &= one.holds;
    if (!one.holds) continue;
    if (const auto ids = answers.find(one.action.action); ids != answers.end())
      answered.insert(ids->second.begin(), ids->second.end());
    if (one.action.at && (!last_change || *one.action.at > *last_change)) last_change = one.action.at;
  }
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::malicious && finding.severity != Severity::weak) continue;
    if (tells_of_the_past(finding)) {
      // A log goes on telling what was; an account that nobody locked is still open.
      const bool before = last_change && finding.at && *finding.at < *last_change;
      const bool needs_answer = lets_in(finding.subject, host);
      if (before && (!needs_answer || answered.contains(finding.id))) continue;
    } else if (answered.contains(finding.id)) {
      continue;
    }
    verified.proofs.push_back(proof(finding.id, "looked for it again: " + name_of(finding.subject),
                                    "still there: " + shown_text(finding.why, 400), false, service, now));
    verified.left.push_back(finding);
  }
  verified.gone = all_hold && verified.left.empty();
  verified.proofs.push_back(proof("sweep", "looked through the whole server again",
                                  verified.left.empty() ? "nothing malicious and no open door was found"
                                                        : fmt::format("{} things are left", verified.left.size()),
                                  verified.left.empty(), service, now));
  return verified;
}

}  // namespace abate::remedy
