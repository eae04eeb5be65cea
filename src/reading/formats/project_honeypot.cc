// SPDX-License-Identifier: Apache-2.0
// Project Honey Pot's monitor reports.
#include "reading/format.h"
#include "reading/prose/named.h"

namespace abate::reading {
extern const Format project_honeypot_format;
namespace {

int recognise(const Input& input) {
  if (input.json() != nullptr) return 0;
  return prose::shows(input, {"project honey pot"}) || prose::shows(input, {"ips engaged in"}) ? 34 : 0;
}

Result<Reading> read(const Input& input) {
  return prose::read(input, {.type = "messaging/spam", .detail = {}, .east = {}});
}

constexpr std::string_view kExample0 =
    "From: monitor@honey.example\n"
    "Subject: Project Honey Pot Monitor Report (10/01/2026 - 10/09/2026)\n"
    "\n"
    "IPs Engaged In Harvesting On Your Network:\n"
    "\n"
    "192.0.2.10\n"
    "192.0.2.11\n"
    "\n"
    "IPs Engaged In Comment Spamming On Your Network:\n"
    "\n"
    "192.0.2.12\n";
constexpr std::string_view kExample1 =
    "From: monitor@honey.example\n"
    "Subject: Project Honey Pot Monitor Report (10/01/2026 - 10/09/2026)\n"
    "\n"
    "IPs Engaged In Dictionary Attacks On Your Network:\n"
    "\n"
    "2001:db8::10\n";

constexpr Example kExamples[] = {
    {"two lists", "message/rfc822", kExample0, Outcome::read, 3, "messaging/spam", "192.0.2.10"},
    {"one address of IPv6", "message/rfc822", kExample1, Outcome::read, 1, "messaging/spam", "2001:db8::10"},
};

}  // namespace

constinit const Format project_honeypot_format{
    .name = "project_honeypot",
    .title = "Project Honey Pot report",
    .explain =
        R"(Lists of addresses under "IPs Engaged In Harvesting / Email Spamming / Dictionary Attacks / Comment Spamming On Your
Network". All are spam or its preparation. The report names only the range of dates, so its incidents have no time.)",
    .recognise = recognise,
    .sure_max = 34,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
