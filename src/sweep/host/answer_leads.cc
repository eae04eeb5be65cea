// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/answer_leads.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/text.h"
#include "sweep/host/web/sites.h"

namespace abate::sweep {
namespace {

bool holds(const std::vector<std::string>& all, std::string_view one) {
  return std::ranges::find(all, one) != all.end();
}

// "33:mail.php(12) : eval()'d code", "www.example.org/x/mail.php for 192.0.2.1", "/home/u/public_html/x": the file's
// name.
std::string script_name(std::string_view value) {
  if (const std::size_t colon = value.find(':'); colon != std::string_view::npos && colon < 8)
    value.remove_prefix(colon + 1);
  value = value.substr(0, value.find_first_of("( "));
  return std::string{file_name(value)};
}

bool answers(const Lead& lead, const Finding& finding, const std::vector<std::string>& served) {
  const Subject& subject = finding.subject;
  switch (lead.kind) {
    case LeadKind::url:
    case LeadKind::path:
      return !subject.path.empty() &&
             (holds(served, subject.path) ||
              std::ranges::any_of(finding.paths, [&](const std::string& path) { return holds(served, path); }));
    case LeadKind::queue_id:
    case LeadKind::message_id: return holds(finding.ids, lead.value);
    case LeadKind::user:
      return finding.severity >= Severity::suspicious && (holds(finding.ids, lead.value) || subject.name == lead.value);
    case LeadKind::hash: return subject.sha256 == lead.value || holds(finding.ids, lead.value);
    case LeadKind::infohash: return holds(finding.ids, lead.value) || contains_ignoring_case(subject.path, lead.value);
    case LeadKind::script: {
      const std::string name = script_name(lead.value);
      return name.size() > 3 && file_name(subject.path) == name;
    }
    case LeadKind::port: {
      std::uint16_t port = 0;
      std::from_chars(lead.value.data(), lead.value.data() + lead.value.size(), port);
      return port != 0 && subject.port == port;
    }
    case LeadKind::remote: return holds(finding.addresses, lead.value);
    case LeadKind::address:
    case LeadKind::domain:
    case LeadKind::subject:
    case LeadKind::time: return false;
  }
  return false;
}

// What the report names, in a folder that holds something malicious, is part of it: the form in front of the script that
// takes the passwords.
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
    finding.severity = Severity::malicious;
    finding.evidence.push_back(fmt::format("beside {}", beside->second));
  }
}

}  // namespace

void answer_leads(const Host& host, std::vector<Finding>& findings) {
  for (const Lead& lead : host.ticket.leads) {
    std::vector<std::string> served;
    if (lead.kind == LeadKind::url)
      for (const Served& one : served_from(host, lead.value)) served.push_back(one.path);
    for (Finding& finding : findings)
      if (std::string text = lead.text(); answers(lead, finding, served) && !holds(finding.leads, text))
        finding.leads.push_back(std::move(text));
  }
  raise_beside_malicious(host, findings);
}

}  // namespace abate::sweep
