// SPDX-License-Identifier: Apache-2.0
// Safe Browsing alerts for network administrators, in words.
#include "reading/format.h"
#include "reading/prose/named.h"

namespace abate::reading {
extern const Format safe_browsing_format;
namespace {

int recognise(const Input& input) {
  if (input.json() != nullptr) return 0;
  return prose::shows(input, {"safe browsing"}) && (prose::shows(input, {"http://"}) ||
                                                    prose::shows(input, {"https://"}) || prose::shows(input, {"hxxp"}))
             ? 28
             : 0;
}

Result<Reading> read(const Input& input) {
  return prose::read_named(input, {.type = {}, .detail = {}, .east = std::chrono::minutes{0}}, "content/malware",
                           "content/");
}

constexpr std::string_view kExample0 =
    "From: alerts@search.example\n"
    "Subject: Safe Browsing Alert Report for AS64500\n"
    "\n"
    "The following URLs on your network are dangerous:\n"
    "http://bad.example.com/x 192.0.2.14 2026-10-09 10:00:00\n";
constexpr std::string_view kExample1 =
    "From: alerts@search.example\n"
    "Subject: Safe Browsing Alert Report for AS64500\n"
    "\n"
    "Social engineering pages:\n"
    "http://bad.example.com/x\n";

constexpr Example kExamples[] = {
    {"a list", "message/rfc822", kExample0, Outcome::read, 1, "content/malware", "192.0.2.14"},
    {"social engineering", "message/rfc822", kExample1, Outcome::read, 1, "content/phishing", ""},
};

}  // namespace

constinit const Format safe_browsing_format{
    .name = "safe_browsing",
    .title = "Google Safe Browsing alert",
    .explain =
        R"(Lists of URLs that Google found to be dangerous in one's network, with dates. Social engineering and "web forgery" are
phishing; "malware", "unwanted software" and "attack sites" are malware. Times are UTC.)",
    .recognise = recognise,
    .sure_max = 28,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
