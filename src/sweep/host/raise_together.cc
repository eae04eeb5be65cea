// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/raise_together.h"

#include <algorithm>
#include <map>

#include "sweep/kit/event.h"

namespace abate::sweep {
namespace {

using namespace std::chrono_literals;

constexpr auto kSession = 1h;  // what a stranger does first, he does at once

void raise(Finding& finding, std::string by) {
  finding.severity = Severity::malicious;
  if (finding.evidence.size() < Finding::kEvidenceMax) finding.evidence.push_back(std::move(by));
}

bool follows(const Finding& login, const Finding& thing) {
  return login.at && thing.at && *login.at <= *thing.at && *thing.at <= *login.at + kSession;
}

// Whoever came in as somebody writes as that account; as root, or by sudo, as anybody. Units and system jobs are
// root's.
bool could_write(const Host& host, const Finding& login, const Finding& thing) {
  const Account* account = host.account(login.subject.name);
  const bool all =
      account == nullptr || account->uid == 0 || std::ranges::any_of(account->groups, [](std::string_view name) {
        return name == "sudo" || name == "wheel" || name == "admin";
      });
  return all || thing.uid.value_or(0) == account->uid;
}

bool is_left_behind(const Finding& finding) {
  constexpr std::string_view kPrograms[] = {"program_of_no_package", "executable_in_open_place",
                                            "program_of_bad_start"};
  if (finding.subject.kind == SubjectKind::file)
    return std::ranges::find(kPrograms, finding.detector) != std::end(kPrograms);
  return finding.subject.kind == SubjectKind::unit || finding.subject.kind == SubjectKind::cron;
}

void raise_after_intruder(const Host& host, std::vector<Finding>& findings) {
  for (Finding& thing : findings) {
    if (thing.severity != Severity::suspicious || !is_left_behind(thing)) continue;
    const auto login = std::ranges::find_if(findings, [&](const Finding& finding) {
      return finding.severity == Severity::malicious && finding.detector == "login_after_failures" &&
             finding.subject.kind == SubjectKind::account && follows(finding, thing) &&
             could_write(host, finding, thing);
    });
    if (login != findings.end()) raise(thing, fmt::format("written within an hour after: {}", login->why));
  }
}

// An account in an intruder's hands: from a network that it never came from, and then the malicious program.
void raise_accounts_before_malware(const Host& host, std::vector<Finding>& findings) {
  for (Finding& login : findings) {
    const bool strange = login.detector == "login_from_new_network" || login.detector == "login_after_failures";
    if (login.severity != Severity::suspicious || !strange) continue;
    const auto thing = std::ranges::find_if(findings, [&](const Finding& finding) {
      return finding.severity == Severity::malicious && finding.subject.kind == SubjectKind::file && finding.uid &&
             finding.uid == login.uid && !host.is_web_user(*finding.uid) && follows(login, finding);
    });
    if (thing != findings.end())
      raise(login, fmt::format("within an hour after it: {} ({})", thing->subject.path, thing->why));
  }
}

// What the report names, in a folder that holds something malicious, is part of it: the form in front of the script
// that takes the passwords.
void raise_beside_malicious(const Host& host, std::vector<Finding>& findings) {
  std::map<std::string, std::string> bad;  // folder -> what lies there
  for (const Finding& finding : findings)
    if (finding.severity == Severity::malicious && finding.subject.kind == SubjectKind::file &&
        host.site_of(finding.subject.path) != nullptr)
      bad.emplace(folder_of(finding.subject.path), finding.subject.path);
  for (Finding& finding : findings) {
    const Site* site = host.site_of(finding.subject.path);
    if (finding.severity != Severity::suspicious || finding.leads.empty() || site == nullptr) continue;
    const auto beside = bad.find(std::string{folder_of(finding.subject.path)});
    if (beside == bad.end() || beside->first == site->docroot) continue;  // a whole site lies in one folder
    raise(finding, fmt::format("beside {}", beside->second));
  }
}

// A form of the site's own is where its application is. What mails to whoever asks, is asked by strangers where only
// content is kept, and is named by the report, is a spammer's.
void raise_reported_mailers(std::vector<Finding>& findings) {
  for (Finding& mailer : findings) {
    if (mailer.detector != "php_request_mail" || mailer.severity != Severity::suspicious || mailer.leads.empty())
      continue;
    const auto asked = std::ranges::find_if(findings, [&](const Finding& finding) {
      return finding.detector == "post_to_stray_file" && finding.subject.path == mailer.subject.path;
    });
    if (asked != findings.end()) raise(mailer, fmt::format("named by the report, and {}", asked->why));
  }
}

}  // namespace

void raise_together(const Host& host, std::vector<Finding>& findings) {
  raise_after_intruder(host, findings);
  raise_accounts_before_malware(host, findings);
  raise_reported_mailers(findings);
  raise_beside_malicious(host, findings);
}

}  // namespace abate::sweep
