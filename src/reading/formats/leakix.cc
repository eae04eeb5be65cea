// SPDX-License-Identifier: Apache-2.0
// LeakIX's notices of exposed services.
#include "reading/format.h"
#include "reading/prose/named.h"

namespace abate::reading {
extern const Format leakix_format;
namespace {

int recognise(const Input& input) {
  if (input.json() != nullptr) return 0;
  return prose::shows(input, {"leakix"}) && prose::shows(input, {"discovered"}) ? 34 : 0;
}

Result<Reading> read(const Input& input) {
  return prose::read_named(input, {.type = {}, .detail = {}, .east = std::chrono::minutes{0}}, "vulnerability/cve",
                           "vulnerability/");
}

constexpr std::string_view kExample0 =
    "From: guardian@leakix.example\n"
    "Subject: [LeakIX] Critical security issue for 192.0.2.6\n"
    "\n"
    "| Severity   | Critical            |\n"
    "| Discovered | 09 Oct 26 03:04 UTC |\n"
    "| Host       | 192.0.2.6           |\n";
constexpr std::string_view kExample1 =
    "From: guardian@leakix.example\n"
    "Subject: [LeakIX] exposed database on 192.0.2.6\n"
    "\n"
    "Discovered: 2026-10-09 03:04 UTC\n"
    "Host: 192.0.2.6\n";

constexpr Example kExamples[] = {
    {"a table of one", "message/rfc822", kExample0, Outcome::read, 1, "vulnerability/cve", "192.0.2.6"},
    {"an exposed database", "message/rfc822", kExample1, Outcome::read, 1, "vulnerability/open_service", "192.0.2.6"},
};

}  // namespace

constinit const Format leakix_format{
    .name = "leakix",
    .title = "LeakIX notice",
    .explain =
        R"(LeakIX names a host, a severity, when it was discovered (UTC) and the software. What it finds is a weakness or a leak of the
host itself, so the host is what is reported on.)",
    .recognise = recognise,
    .sure_max = 34,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
