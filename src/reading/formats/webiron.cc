// SPDX-License-Identifier: Apache-2.0
// WebIron's web attack reports.
#include "reading/format.h"
#include "reading/prose/named.h"

namespace abate::reading {
extern const Format webiron_format;
namespace {

int recognise(const Input& input) {
  if (input.json() != nullptr) return 0;
  return prose::shows(input, {"offending/source ip", "block type"}) ? 36 : 0;
}

Result<Reading> read(const Input& input) {
  return prose::read_named(input, {}, "connection/login_attack", "connection/");
}

constexpr std::string_view kExample0 =
    "From: team@abuse-reporting.webiron.example\n"
    "Subject: 192.0.2.8\n"
    "\n"
    "Offending/Source IP:  192.0.2.8\n"
    "  - Issue:  Source is part of botnets.\n"
    "  - Block Type: New Ban\n"
    "  - Time:  2026-10-09 22:14:33-07:00\n"
    "  - Targeted URL:  http://[Site Host Removed]/wp-login.php\n"
    "  - Targeted Range:  198.51.100.0/24\n";
constexpr std::string_view kExample1 =
    "From: team@abuse-reporting.webiron.example\n"
    "Subject: 192.0.2.8\n"
    "\n"
    "Offending/Source IP:  192.0.2.8\n"
    "  - Issue:  Bad bot: scraping content\n"
    "  - Block Type: New Ban\n";

constexpr Example kExamples[] = {
    {"a log-in attack", "message/rfc822", kExample0, Outcome::read, 1, "connection/login_attack", "192.0.2.8"},
    {"bad crawling", "message/rfc822", kExample1, Outcome::read, 1, "connection/scraping", "192.0.2.8"},
};

}  // namespace

constinit const Format webiron_format{
    .name = "webiron",
    .title = "WebIron report",
    .explain =
        R"("Offending/Source IP" is the culprit; Time bears its offset; Targeted range and URL are the victim's and are not blamed. Its
words about botnets tell how the attack came, not that the host controls one.)",
    .recognise = recognise,
    .sure_max = 36,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
