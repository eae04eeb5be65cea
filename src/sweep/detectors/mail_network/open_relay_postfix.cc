// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"
#include "sweep/host/config/postfix.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  const Postfix postfix{*host.tree};
  if (!postfix.configured()) return;
  std::set<std::uint32_t> told;
  const PostfixService plain{.name = "smtp", .command = "smtpd", .inet = true, .at = {}, .overrides = {}};
  std::vector<PostfixService> services = postfix.services();
  if (services.empty()) services.push_back(plain);
  for (const PostfixService& service : services) {
    const auto door = postfix.relays_for_strangers(service);
    if (!door || !told.insert(door->at.line).second) continue;
    const std::uint16_t port = service.name.starts_with("submission") && service.name != "submissions" ? 587
                               : service.name == "smtps" || service.name == "submissions"              ? 465
                                                                                          : port_of(service.name, 25);
    Finding& finding =
        report_door(host, out,
                    {.unit = "postfix.service",
                     .programs = "/usr/sbin/postfix /usr/lib/postfix/sbin/master /usr/libexec/postfix/master",
                     .port = port,
                     .role = "open_relay"},
                    door->at, fmt::format("Postfix carries anybody's mail to anybody: {}", door->because));
    finding.ids.push_back(service.name);
  }
  const std::string style = postfix.value("mynetworks_style");
  const ConfigLine networks = postfix.where("mynetworks");
  if (style == "class" && networks.line == 0)
    report_door(host, out,
                {.unit = "postfix.service", .programs = "/usr/sbin/postfix", .port = 25, .role = "open_relay"},
                postfix.where("mynetworks_style"),
                "Postfix trusts the whole address class around this server: thousands of strangers' machines");
}

constexpr Example kExamples[] = {
    {"mynetworks opened to the world",
     "--- /usr/sbin/postfix mode=0755\nx\n--- /etc/postfix/main.cf\ncompatibility_level = 3.6\nmynetworks = "
     "127.0.0.0/8,\n"
     "  0.0.0.0/0\ninet_interfaces = all\n--- /etc/postfix/master.cf\nsmtp inet n - y - - smtpd\n",
     1},
    {"the later setting wins and closes it",
     "--- /usr/sbin/postfix mode=0755\nx\n--- /etc/postfix/main.cf\ncompatibility_level = 3.6\nmynetworks = 0.0.0.0/0\n"
     "mynetworks = 127.0.0.0/8\n--- /etc/postfix/master.cf\nsmtp inet n - y - - smtpd\n",
     0},
    {"permit stands before the refusal",
     "--- /usr/sbin/postfix mode=0755\nx\n--- /etc/postfix/main.cf\nmynetworks = 127.0.0.0/8\nsmtpd_relay_restrictions "
     "= "
     "permit_mynetworks, permit, reject_unauth_destination\n--- /etc/postfix/master.cf\nsmtp inet n - y - - smtpd\n",
     1},
    {"an override in master.cf opens one service",
     "--- /usr/sbin/postfix mode=0755\nx\n--- /etc/postfix/main.cf\ncompatibility_level = 3.6\nmynetworks = "
     "127.0.0.0/8\n"
     "--- /etc/postfix/master.cf\nsmtp inet n - y - - smtpd\n2525 inet n - y - - smtpd\n  -o mynetworks=0.0.0.0/0\n",
     1},
    {"a table that says OK to everybody",
     "--- /usr/sbin/postfix mode=0755\nx\n--- /etc/postfix/clients\n0.0.0.0/0 OK\n--- /etc/postfix/main.cf\nmynetworks "
     "= "
     "127.0.0.0/8\nsmtpd_relay_restrictions = check_client_access cidr:/etc/postfix/clients, "
     "reject_unauth_destination\n"
     "--- /etc/postfix/master.cf\nsmtp inet n - y - - smtpd\n",
     1},
    {"listens on loopback only",
     "--- /usr/sbin/postfix mode=0755\nx\n--- /etc/postfix/main.cf\ncompatibility_level = 3.6\nmynetworks = 0.0.0.0/0\n"
     "inet_interfaces = loopback-only\n--- /etc/postfix/master.cf\nsmtp inet n - y - - smtpd\n",
     0},
    {"an office's private network",
     "--- /usr/sbin/postfix mode=0755\nx\n--- /etc/postfix/main.cf\ncompatibility_level = 3.6\nmynetworks = "
     "127.0.0.0/8 "
     "10.0.0.0/8 192.168.0.0/16 [::1]/128\n--- /etc/postfix/master.cf\nsmtp inet n - y - - smtpd\n",
     0},
};
}  // namespace
extern const Detector open_relay_postfix_detector;
constinit const Detector open_relay_postfix_detector{
    .id = "open_relay_postfix",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Postfix relays for everybody",
    .explain =
        R"(A mail server should carry mail to other servers only for its own users and machines. This one's settings let
anybody on the Internet send mail through it to anybody else. Spammers look for such servers all day; once found, the
server's address lands on blocklists and its queue fills with bounces.

False alarms: a firewall elsewhere that lets only your machines reach port 25; a server within a closed network.

What to do: take the networks of strangers (0.0.0.0/0, ::/0, public /8) out of mynetworks, give devices that must send
an account (SASL) or their own address, and keep reject_unauth_destination in smtpd_relay_restrictions before any
permit. Then hold and look through the queue.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
