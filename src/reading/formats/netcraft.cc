// SPDX-License-Identifier: Apache-2.0
// Netcraft's requests in words (its X-ARF and XARF forms are read by those formats).
#include "reading/format.h"
#include "reading/prose/named.h"

namespace abate::reading {
extern const Format netcraft_format;
namespace {

int recognise(const Input& input) {
  if (input.json() != nullptr) return 0;
  return prose::shows(input, {"netcraft"}) ? 28 : 0;
}

Result<Reading> read(const Input& input) {
  return prose::read_named(input, {.type = {}, .detail = {}, .east = std::chrono::minutes{0}}, "content/phishing",
                           "content/");
}

constexpr std::string_view kExample0 =
    "From: takedown@netcraft.example\n"
    "Subject: Netcraft Issue 1: Phishing attack\n"
    "\n"
    "Phishing URL: hxxps://login[.]example[.]com/a\n"
    "IP address: 192.0.2.13\n"
    "First seen: 2026-10-09 18:22:10\n"
    "\n"
    "traceroute to 192.0.2.13\n"
    " 1  gw.example (198.51.100.1)  0.4 ms\n"
    " 2  192.0.2.13  9.1 ms\n";
constexpr std::string_view kExample1 =
    "From: takedown@netcraft.example\n"
    "Subject: Netcraft Issue 2: malware\n"
    "\n"
    "The malware URL: http://dl.example.com/a.exe on 192.0.2.13\n";

constexpr Example kExamples[] = {
    {"with a traceroute", "message/rfc822", kExample0, Outcome::read, 1, "content/phishing", "192.0.2.13"},
    {"malware", "message/rfc822", kExample1, Outcome::read, 1, "content/malware", "192.0.2.13"},
};

}  // namespace

constinit const Format netcraft_format{
    .name = "netcraft",
    .title = "Netcraft takedown request",
    .explain =
        R"(A phishing, malware or web shell URL with the address it had. A mail can hold a whole traceroute: its hops are not to blame,
and neither are the links to Netcraft's own pages or to the site that is imitated. Times are UTC.)",
    .recognise = recognise,
    .sure_max = 28,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
