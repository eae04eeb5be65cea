// SPDX-License-Identifier: Apache-2.0
// What fail2ban's "complain" action and its kin send: a form letter and the log lines of one address.
#include "reading/format.h"
#include "reading/prose/named.h"

namespace abate::reading {
extern const Format fail2ban_format;
namespace {

int recognise(const Input& input) {
  if (input.json() != nullptr) return 0;
  return prose::shows(input, {"lines containing failures of"}) || prose::shows(input, {"fail2ban", "abuse"}) ||
                 prose::shows(input, {"log lines are given below", "abuse"})
             ? 30
             : 0;
}

Result<Reading> read(const Input& input) {
  return prose::read_named(input, {}, "connection/login_attack", "connection/");
}

constexpr std::string_view kExample0 =
    "From: fail2ban@mx.victim.example\n"
    "Date: Sat, 10 Oct 2026 10:00:30 +0000\n"
    "Subject: Abuse from 192.0.2.3\n"
    "\n"
    "We have detected abuse from the IP address 192.0.2.3.\n"
    "Log lines are given below.\n"
    "Oct 10 10:00:01 mx sshd[1]: Invalid user pi from 192.0.2.3 port 40000\n";
constexpr std::string_view kExample1 =
    "From: log@victim.example\n"
    "Subject: Abuse from 192.0.2.3\n"
    "\n"
    "We have detected abuse to our block 198.51.100.0/24 from 192.0.2.3.\n"
    "Lines containing failures of 192.0.2.3 (max 1000)\n"
    "192.0.2.3 - - [10/Oct/2026:03:09:22 +0200] \"GET /.env HTTP/1.1\" 404 9 \"-\" \"x\"\n";

constexpr Example kExamples[] = {
    {"the letter as it comes", "message/rfc822", kExample0, Outcome::read, 1, "connection/login_attack", "192.0.2.3"},
    {"web server lines, victim network first", "message/rfc822", kExample1, Outcome::read, 1,
     "connection/vulnerability_scan", "192.0.2.3"},
};

}  // namespace

constinit const Format fail2ban_format{
    .name = "fail2ban",
    .title = "fail2ban complaint",
    .explain =
        R"(The letter of fail2ban's complain action, which many have reworded: "Lines containing failures of ADDRESS", "Log lines
are given below". The address that the subject or the letter names is the culprit; the kind is a log-in attack unless the
lines show another. Log times get the zone that the letter names, or that of a clock that visibly runs with the lines.)",
    .recognise = recognise,
    .sure_max = 30,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
