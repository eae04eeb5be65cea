// SPDX-License-Identifier: Apache-2.0
// Alerts of WordPress security plugins: Wordfence, Limit Login Attempts and others.
#include "reading/format.h"
#include "reading/prose/named.h"

namespace abate::reading {
extern const Format wordfence_format;
namespace {

int recognise(const Input& input) {
  if (input.json() != nullptr) return 0;
  return prose::shows(input, {"wordfence"}) || prose::shows(input, {"locked out", "wordpress"}) ||
                 prose::shows(input, {"failed login attempts", "wordpress"})
             ? 30
             : 0;
}

Result<Reading> read(const Input& input) {
  return prose::read_named(input, {}, "connection/login_attack", "connection/");
}

constexpr std::string_view kExample0 =
    "From: wordpress@blog.victim.example\n"
    "Subject: [Wordfence Alert] blog.victim.example User locked out from signing in\n"
    "\n"
    "A user with IP addr 192.0.2.7 has been locked out from signing in.\n"
    "User IP: 192.0.2.7\n";
constexpr std::string_view kExample1 =
    "From: wordpress@blog.victim.example\n"
    "Subject: [Blog] Too many failed login attempts\n"
    "\n"
    "12 failed login attempts (3 lockouts) from IP: 192.0.2.7. Sent by WordPress.\n";

constexpr Example kExamples[] = {
    {"a lockout", "message/rfc822", kExample0, Outcome::read, 1, "connection/login_attack", "192.0.2.7"},
    {"another plugin", "message/rfc822", kExample1, Outcome::read, 1, "connection/login_attack", "192.0.2.7"},
};

}  // namespace

constinit const Format wordfence_format{
    .name = "wordfence",
    .title = "WordPress plugin alert",
    .explain =
        R"(Mails that a plugin in the victim's WordPress writes: lockouts, blocked logins, blocked requests. "User IP" is the culprit.)",
    .recognise = recognise,
    .sure_max = 30,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
