// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "remedy/measure.h"
#include "sweep/host/config/postfix.h"

namespace abate::remedy {

extern const Measure mail_records_measure;

namespace {

void look(const Ground& ground, Advised& out) {
  const sweep::Host& host = ground.host;
  const sweep::Postfix postfix{*host.tree};
  const bool exim = sweep::exists(*host.tree, "/etc/exim4") || sweep::exists(*host.tree, "/etc/exim.conf");
  if (!postfix.configured() && !exim) return;
  std::string domain{trim(sweep::read_or_nothing(*host.tree, "/etc/mailname", 256))};
  if (domain.empty() || domain.find('.') == std::string::npos) domain = "your domain";
  const bool signs = sweep::exists(*host.tree, "/etc/opendkim.conf") || sweep::exists(*host.tree, "/etc/rspamd");
  out.said(
      fmt::format("three records in the DNS of {} tell others which mail is really yours; abate asks no DNS, so look "
                  "yourself",
                  shown_name(domain)),
      fmt::format("SPF: TXT at {0}: \"v=spf1 a mx -all\". DKIM: {1}. DMARC: TXT at _dmarc.{0}: \"v=DMARC1; "
                  "p=quarantine; rua=mailto:postmaster@{0}\"",
                  domain,
                  signs ? "a signer is installed; publish its public key"
                        : "install opendkim or rspamd, and publish its public key"));
}

constexpr MeasureExample kExamples[] = {{"a mail server", R"x(--- /etc/mailname
mail.example.org
--- /etc/postfix/main.cf
myhostname = mail.example.org
)x",
                                         Standing::said},
                                        {"none", "--- /etc/passwd\nroot:x:0:0::/root:/bin/sh\n", Standing::already}};

}  // namespace

constinit const Measure mail_records_measure{
    .name = "mail_records",
    .requirement = "R31",
    .title = "Records that say which mail is yours",
    .explain =
        R"TEXT(Says which records to set in the DNS of a domain that sends mail: SPF (which servers may send), DKIM (a signature), DMARC (what others do with mail that has neither, and where their reports go: they tell you of misuse first). Abate cannot set them: your DNS is elsewhere.)TEXT",
    .look = look,
    .examples = kExamples};

}  // namespace abate::remedy
