// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "diagnosis/diagnose.h"

namespace abate::diagnosis {
namespace {

using namespace std::chrono_literals;

void add_client(Question& question, std::string_view text, const sweep::Host& host) {
  const Result<IpAddress> address = parse_ip(text);
  if (address && !host.is_own_address(*address)) question.clients.insert(*address);
}

}  // namespace

Question first_question(const sweep::Host& host, const std::vector<Finding>& findings) {
  Question question;
  for (const Lead& lead : host.ticket.leads)
    if (lead.kind == LeadKind::queue_id || lead.kind == LeadKind::message_id) question.ids.insert(lead.value);
  for (const Incident& incident : host.ticket.incidents)
    if (incident.started_at) question.spans.push_back({*incident.started_at - 10s, *incident.started_at + 5s});
  for (const Finding& finding : findings) {
    if (finding.severity < Severity::suspicious) continue;
    for (const std::string& address : finding.addresses) add_client(question, address, host);
    if (finding.detector == "php_request_mail") question.files.insert(finding.subject.path);
    if (finding.severity != Severity::malicious) continue;
    if (finding.subject.kind == SubjectKind::file && !finding.subject.path.empty())
      question.files.insert(finding.subject.path);
    if (finding.at) question.spans.push_back({*finding.at - 300s, *finding.at + 15s});
    if (finding.subject.kind == SubjectKind::mailbox || finding.subject.kind == SubjectKind::account)
      question.accounts.insert(finding.subject.name);
  }
  return question;
}

Question second_question(const sweep::Host& host, const std::vector<Finding>& findings, const Trail& trail) {
  Question question = trail.question();
  // Who used the bad files is an intruder; who only passed by in the same minute is not followed.
  for (const Seen& seen : trail.seen()) {
    if (!seen.client || host.is_own_address(*seen.client)) continue;
    if (seen.what == Seen::What::request && seen.status < 400 && question.files.contains(seen.file))
      question.clients.insert(*seen.client);
    if (seen.what == Seen::What::transfer && seen.accepted && question.files.contains(seen.file))
      question.clients.insert(*seen.client);
    // From where these accounts came in before tells whose address is familiar.
    if ((seen.what == Seen::What::transfer || seen.what == Seen::What::login) && !seen.user.empty())
      question.accounts.insert(seen.user);
    // A mail that the report names was put in by a log-in or a local account: what else it sent in that minute.
    if (seen.what == Seen::What::mail && !seen.id.empty() && question.ids.contains(seen.detail))
      question.ids.insert(seen.id);
  }
  static_cast<void>(findings);
  return question;
}

}  // namespace abate::diagnosis
