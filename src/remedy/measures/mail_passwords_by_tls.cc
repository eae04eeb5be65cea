// SPDX-License-Identifier: Apache-2.0
#include "remedy/edit.h"
#include "remedy/measure.h"
#include "sweep/host/config/config_text.h"
#include "sweep/host/config/postfix.h"

namespace abate::remedy {

extern const Measure mail_passwords_by_tls_measure;

namespace {

constexpr const char* kMain = "/etc/postfix/main.cf";
constexpr const char* kKey = "smtpd_tls_auth_only";

bool takes_passwords_in_clear(const sweep::Postfix& postfix) {
  for (const sweep::PostfixService& service : postfix.services()) {
    if (service.command != "smtpd" || !service.inet || !postfix.reachable(service)) continue;
    const std::string level = postfix.value("smtpd_tls_security_level", &service);
    if (sweep::is_yes(postfix.value("smtpd_sasl_auth_enable", &service)) && level != "encrypt" &&
        !sweep::is_yes(postfix.value("smtpd_tls_wrappermode", &service)) &&
        !sweep::is_yes(postfix.value(kKey, &service)))
      return true;
  }
  return false;
}

bool has_certificate(const sweep::Postfix& postfix) {
  return !postfix.value("smtpd_tls_cert_file").empty() || !postfix.value("smtpd_tls_chain_files").empty();
}

void look(const Ground& ground, Advised& out) {
  const sweep::Postfix postfix{*ground.host.tree};
  if (!postfix.configured()) return;
  if (!takes_passwords_in_clear(postfix)) return out.already("Postfix takes passwords over TLS only, or none");
  Subject subject = file_subject(kMain);
  subject.kind = SubjectKind::config;
  constexpr const char* kWhy = "Passwords of mailboxes cross the network in the clear: whoever listens has them";
  if (!has_certificate(postfix))
    return out.by_hand(
        subject, kWhy,
        "Get a certificate (certbot), name it in smtpd_tls_cert_file and smtpd_tls_key_file, then run abate "
        "harden again.");
  Action& action = out.advise(subject, kWhy);
  action.effect = "Mail programs log in over TLS (STARTTLS) only";
  action.risk = "A device that cannot speak TLS (an old scanner) does not get in any more";
}

Result<Work> work(const Action&, const sweep::Host& host) {
  const sweep::Postfix postfix{*host.tree};
  Work work;
  if (const sweep::ConfigLine at = postfix.where(kKey); !at.path.empty() && at.line != 0) {
    TRY_ASSIGN(Change change,
               edit_line(host, at.path, at.line, [](std::string_view) { return fmt::format("{} = yes", kKey); }));
    work.changes.push_back(std::move(change));
  } else {
    TRY_ASSIGN(Change change, append_line(host, kMain, fmt::format("{} = yes", kKey)));
    work.changes.push_back(std::move(change));
  }
  work.check = {"postfix", "check"};
  if (host.live) work.afterwards = {{"postfix", "reload"}};
  work.undo_afterwards = work.afterwards;
  return work;
}

constexpr MeasureExample kExamples[] = {{"in the clear", R"x(--- /etc/postfix/main.cf
smtpd_sasl_auth_enable = yes
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/ssl/certs/mail.pem
--- /etc/postfix/master.cf
smtp      inet  n       -       y       -       -       smtpd
)x",
                                         Standing::advised},
                                        {"said no", R"x(--- /etc/postfix/main.cf
smtpd_sasl_auth_enable = yes
smtpd_tls_auth_only = no
smtpd_tls_cert_file = /etc/ssl/certs/mail.pem
--- /etc/postfix/master.cf
smtp      inet  n       -       y       -       -       smtpd
)x",
                                         Standing::advised},
                                        {"no certificate", R"x(--- /etc/postfix/main.cf
smtpd_sasl_auth_enable = yes
--- /etc/postfix/master.cf
smtp      inet  n       -       y       -       -       smtpd
)x",
                                         Standing::by_hand},
                                        {"over TLS", R"x(--- /etc/postfix/main.cf
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
--- /etc/postfix/master.cf
smtp      inet  n       -       y       -       -       smtpd
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure mail_passwords_by_tls_measure{
    .name = "mail_passwords_by_tls",
    .requirement = "R28",
    .title = "Mail passwords travel by TLS",
    .explain =
        R"TEXT(Lets Postfix take passwords over TLS only (smtpd_tls_auth_only = yes), where a certificate is set up: without it, a mailbox's password crosses the network in the clear. postfix check looks at it first.
What can go wrong: an old device that speaks no TLS cannot log in. Undo: abate undo.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
