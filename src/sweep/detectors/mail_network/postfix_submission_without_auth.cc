// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/host/config/open_door.h"
#include "sweep/host/config/postfix.h"

namespace abate::sweep {
namespace {

bool refuses_unknown(const Postfix& postfix, const PostfixService& service) {
  for (const std::string list :
       {"smtpd_client_restrictions", "smtpd_relay_restrictions", "smtpd_recipient_restrictions"})
    for (const std::string& word : parts_of(postfix.value(list, &service), " ,\t"))
      if (word == "reject") return true;
  return false;
}

void look(const Host& host, Findings& out) {
  const Postfix postfix{*host.tree};
  for (const PostfixService& service : postfix.services()) {
    const bool submission = service.name == "submission" || service.name == "submissions" || service.name == "smtps" ||
                            service.name == "587" || service.name == "465";
    if (!submission || service.command != "smtpd" || !postfix.reachable(service)) continue;
    if (is_yes(postfix.value("smtpd_sasl_auth_enable", &service)) || refuses_unknown(postfix, service)) continue;
    const std::uint16_t port = service.name == "submission" || service.name == "587" ? 587 : 465;
    report_door(host, out,
                {.unit = "postfix.service", .programs = "/usr/sbin/postfix", .port = port, .role = "open_relay"},
                service.at, "Postfix offers the port for users' mail without asking who they are")
        .severity = Severity::note;
  }
}

constexpr Example kExamples[] = {
    {"submission without authentication",
     "--- /usr/sbin/postfix mode=0755\nx\n--- /etc/postfix/main.cf\ncompatibility_level = 3.6\n--- "
     "/etc/postfix/master.cf\n"
     "submission inet n - y - - smtpd\n  -o syslog_name=postfix/submission\n",
     1},
    {"as Debian's comment suggests it",
     "--- /usr/sbin/postfix mode=0755\nx\n--- /etc/postfix/main.cf\ncompatibility_level = 3.6\n--- "
     "/etc/postfix/master.cf\n"
     "submission inet n - y - - smtpd\n  -o smtpd_sasl_auth_enable=yes\n  -o smtpd_tls_auth_only=yes\n",
     0},
};
}  // namespace
extern const Detector postfix_submission_without_auth_detector;
constinit const Detector postfix_submission_without_auth_detector{
    .id = "postfix_submission_without_auth",
    .area = Area::mail_network,
    .severity = Severity::note,
    .title = "Submission port without authentication",
    .explain =
        R"(Ports 587 and 465 are for users who hand in mail and say who they are. Here nobody is asked. That is not
yet an open relay, since other rules refuse strangers' mail, but one more mistake would make it one, and users' names
cannot be told apart in the logs. False alarms: a port that only machines of your network use.

What to do: set smtpd_sasl_auth_enable=yes and smtpd_relay_restrictions=permit_sasl_authenticated,reject for the
service in master.cf, or switch the service off.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
