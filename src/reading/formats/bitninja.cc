// SPDX-License-Identifier: Apache-2.0
// BitNinja's mails to abuse desks.
#include "reading/format.h"
#include "reading/prose/named.h"

namespace abate::reading {
extern const Format bitninja_format;
namespace {

int recognise(const Input& input) {
  if (input.json() != nullptr) return 0;
  return prose::shows(input, {"bitninja"}) || prose::shows(input, {"registered as an attack source"}) ? 34 : 0;
}

Result<Reading> read(const Input& input) {
  return prose::read_named(input, {.type = {}, .detail = {}, .east = std::chrono::minutes{0}},
                           "connection/vulnerability_scan", "connection/");
}

constexpr std::string_view kExample0 =
    "From: info@bitninja.example\n"
    "Subject: Your server 192.0.2.5 has been registered as an attack source\n"
    "\n"
    "Timestamp (UTC): 2026-10-09 22:15:01\n"
    "The IP 192.0.2.5 tried to attack our protected server 198.51.100.5.\n"
    "Attack type: http-botnet\n";
constexpr std::string_view kExample1 =
    "From: info@bitninja.example\n"
    "Subject: Your server 192.0.2.5 has been registered as an attack source\n"
    "\n"
    "Remote connection: [192.0.2.5:5000] at 2026-10-09 22:15:01, BitNinja honeypot\n"
    "Attack type: WP login brute force\n";

constexpr Example kExamples[] = {
    {"an attack on a web site", "message/rfc822", kExample0, Outcome::read, 1, "connection/vulnerability_scan",
     "192.0.2.5"},
    {"its times are UTC", "message/rfc822", kExample1, Outcome::read, 1, "connection/login_attack", "192.0.2.5"},
};

}  // namespace

constinit const Format bitninja_format{
    .name = "bitninja",
    .title = "BitNinja incident",
    .explain =
        R"(BitNinja names one source, a time in UTC (as its form says), an attack type and what the source asked for. Its
"http-botnet" is a web attack by the source, not a botnet that it runs. Addresses inside the request are the victim's.)",
    .recognise = recognise,
    .sure_max = 34,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
