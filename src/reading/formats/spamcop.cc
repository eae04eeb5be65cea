// SPDX-License-Identifier: Apache-2.0
// SpamCop reports in SpamCop's own form.
#include "reading/format.h"
#include "reading/prose/named.h"

namespace abate::reading {
extern const Format spamcop_format;
namespace {

int recognise(const Input& input) {
  if (input.json() != nullptr) return 0;
  return prose::shows(input, {"[spamcop ("}) || prose::shows(input, {"spamcop v", "offending message"}) ||
                 (input.message() != nullptr && input.message()->has_header("X-SpamCop-sourceip"))
             ? 38
             : 0;
}

Result<Reading> read(const Input& input) {
  return prose::read(input, {.type = "messaging/spam", .detail = {}, .east = {}});
}

constexpr std::string_view kExample0 =
    "From: 7000000000@reports.spamcop.example\n"
    "Subject: [SpamCop (192.0.2.9) id:7000000000]Win\n"
    "\n"
    "[ SpamCop V5.3.0 ]\n"
    "Email from 192.0.2.9 / Fri, 09 Oct 2026 20:11:02 -0700\n"
    "https://www.spamcop.example/w3m?i=z7z\n"
    "\n"
    "[ Offending message ]\n"
    "Received: from x.example ([192.0.2.9]) by mx.victim.example; Fri, 09 Oct 2026 20:11:02 -0700\n"
    "From: win@x.example\n"
    "Subject: Win\n"
    "\n"
    "http://win.example.net/\n";
constexpr std::string_view kExample1 =
    "From: 7000000001@reports.spamcop.example\n"
    "Subject: [SpamCop (http://pills.example.com/buy) id:7000000001]Pills\n"
    "\n"
    "[ SpamCop V5.3.0 ]\n"
    "Spamvertised web site: http://pills.example.com/buy\n"
    "http://pills.example.com/buy is 192.0.2.9; Sat, 10 Oct 2026 03:12:00 GMT\n";

constexpr Example kExamples[] = {
    {"a spam source", "message/rfc822", kExample0, Outcome::read, 1, "messaging/spam", "192.0.2.9"},
    {"a spamvertised site", "message/rfc822", kExample1, Outcome::read, 1, "messaging/spam", "192.0.2.9"},
};

}  // namespace

constinit const Format spamcop_format{
    .name = "spamcop",
    .title = "SpamCop report",
    .explain =
        R"("[SpamCop (ADDRESS) id:N] subject" and "Email from ADDRESS / time", then the offending mail. For a spamvertised site the
subject and the text name the URL and the address that it had. The time is that of the handover to the reporter. SpamCop's
links to its own pages are not blamed. An open proxy that sent spam stays a spam report.)",
    .recognise = recognise,
    .sure_max = 38,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
