// SPDX-License-Identifier: Apache-2.0
// What the login failure daemon of ConfigServer Firewall sends.
#include "reading/format.h"
#include "reading/prose/named.h"

namespace abate::reading {
extern const Format csf_lfd_format;
namespace {

int recognise(const Input& input) {
  if (input.json() != nullptr) return 0;
  return prose::shows(input, {"lfd on ", "blocked"}) || prose::shows(input, {"[lf_"}) ? 32 : 0;
}

Result<Reading> read(const Input& input) {
  return prose::read_named(input, {}, "connection/login_attack", "connection/");
}

constexpr std::string_view kExample0 =
    "From: root@srv.victim.example\n"
    "Subject: lfd on srv.victim.example: blocked 192.0.2.4 (XX/Example/-)\n"
    "\n"
    "Time:     Sat Oct 10 09:15:02 2026 +0200\n"
    "IP:       192.0.2.4 (XX/Example/-)\n"
    "Failures: 5 (sshd)\n"
    "Log entries:\n"
    "Oct 10 09:14:40 srv sshd[2]: Failed password for root from 192.0.2.4 port 5 ssh2\n";
constexpr std::string_view kExample1 =
    "From: root@srv.victim.example\n"
    "Subject: lfd on srv.victim.example: blocked 192.0.2.4 (XX/Example/-)\n"
    "\n"
    "*Port Scan* detected from 192.0.2.4 (XX/Example/-). 11 hits in the last 30 seconds\n"
    "Kernel: Firewall: *TCP_IN Blocked* IN=eth0 SRC=192.0.2.4 DST=198.51.100.4 PROTO=TCP SPT=5 DPT=23\n";

constexpr Example kExamples[] = {
    {"a block for SSH", "message/rfc822", kExample0, Outcome::read, 1, "connection/login_attack", "192.0.2.4"},
    {"a port scan", "message/rfc822", kExample1, Outcome::read, 1, "connection/port_scan", "192.0.2.4"},
};

}  // namespace

constinit const Format csf_lfd_format{
    .name = "csf_lfd",
    .title = "CSF/LFD alert",
    .explain =
        R"(The alerts of lfd: "lfd on HOST: blocked ADDRESS" with Time, IP, Failures and log entries. "Time" names the
zone of the server, and the log entries run on the same clock.)",
    .recognise = recognise,
    .sure_max = 32,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
