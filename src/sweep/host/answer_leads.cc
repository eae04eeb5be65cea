// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/answer_leads.h"

#include <algorithm>
#include <charconv>

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
}

}  // namespace abate::sweep
