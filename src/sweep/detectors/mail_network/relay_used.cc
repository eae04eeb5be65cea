// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kMailsMax = 20'000;
constexpr std::size_t kClientsMax = 5000;
constexpr std::size_t kIdsMax = 100;
constexpr std::uint32_t kRelayedMin = 5;

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const Mail* mail = as<Mail>(event);
    if (mail == nullptr || mail->queue_id.empty()) return;
    if (mail->step == MailStep::accepted_remotely) {
      if (!mail->sasl_user.empty() || !is_outside(host_, mail->client) || !event.at) return;
      if (mails_.size() < kMailsMax)
        mails_.insert_or_assign(std::string{mail->queue_id},
                                Followed{*mail->client, *event.at, evidence_of(event), {}});
      return;
    }
    const auto found = mails_.find(mail->queue_id);
    if (found == mails_.end()) return;
    if (mail->step == MailStep::message_id) found->second.message_id = mail->message_id;
    if (mail->step == MailStep::from && mail->sender.empty()) mails_.erase(found);  // a bounce that passes through
    if (mail->step == MailStep::to) deliver(event, *mail, found->second);
    if (mail->step == MailStep::removed) mails_.erase(found);
  }
  void finish(Findings& out) override {
    std::uint32_t all = 0;
    std::vector<std::pair<std::uint32_t, IpAddress>> clients;
    for (const auto& [address, client] : clients_)
      // Forwarded mail of a mailbox comes from everywhere, a little from each; who relays sends much to many.
      if (client.relayed >= kRelayedMin && client.domains.size() >= 2) {
        clients.emplace_back(client.relayed, address);
        all += client.relayed;
      }
    if (clients.empty()) return;
    std::ranges::sort(clients, std::greater{});
    Subject subject;
    subject.kind = SubjectKind::port;
    subject.port = 25;
    subject.protocol = "tcp";
    Finding& finding =
        out.add(std::move(subject),
                fmt::format("{} mails of {} strangers' addresses were passed on to other servers without a password",
                            all, clients.size()));
    for (const auto& [count, address] : clients) {
      const Client& client = clients_.at(address);
      if (!finding.at || client.first < *finding.at) finding.at = client.first;
      if (finding.addresses.size() < 30) finding.addresses.push_back(address.to_string());
      if (finding.evidence.size() + 2 <= Finding::kEvidenceMax) {
        finding.evidence.push_back(client.came);
        finding.evidence.push_back(client.went);
      }
      for (const std::string& id : client.ids)
        if (finding.ids.size() < 2 * kIdsMax) finding.ids.push_back(id);
    }
    finding.role = "relay_use";
  }

 private:
  struct Followed {
    IpAddress client;
    Instant at;
    std::string evidence, message_id;
  };
  struct Client {
    Instant first;
    std::uint32_t relayed = 0;
    std::set<std::string> domains;
    std::vector<std::string> ids;
    std::string came, went;
  };
  void deliver(const Event& event, const Mail& mail, const Followed& followed) {
    // To another server in the world, not to a mailbox here, nor to a filter or back end of our own.
    const std::size_t open = mail.relay.find('[');
    if (open == std::string_view::npos || event.program.ends_with("/lmtp") || event.program.ends_with("/local")) return;
    const std::string_view inner = mail.relay.substr(open + 1);
    const Result<IpAddress> to = parse_ip(inner.substr(0, inner.find(']')));
    if (!to || is_private(*to) || host_.is_own_address(*to)) return;
    if (clients_.size() >= kClientsMax && !clients_.contains(followed.client)) return;
    Client& client = clients_[followed.client];
    if (client.relayed++ == 0) {
      client.first = followed.at;
      client.came = followed.evidence;
      client.went = evidence_of(event);
    }
    const std::size_t at = mail.recipient.rfind('@');
    if (at != std::string_view::npos && client.domains.size() < 8)
      client.domains.insert(to_lower(mail.recipient.substr(at + 1)));
    if (client.ids.size() < kIdsMax) {
      client.ids.emplace_back(mail.queue_id);
      if (!followed.message_id.empty()) client.ids.push_back(followed.message_id);
    }
  }

  const Host& host_;
  std::map<std::string, Followed, std::less<>> mails_;
  std::map<IpAddress, Client> clients_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

#define ABATE_RELAYED(id, domain)                                      \
  "2026-05-01T10:00:00+00:00 h postfix/smtpd[1]: " id                  \
  ": client=unknown[192.0.2.7]\n"                                      \
  "2026-05-01T10:00:00+00:00 h postfix/qmgr[1]: " id                   \
  ": from=<x@example.net>, size=1, nrcpt=1 (queue active)\n"           \
  "2026-05-01T10:00:00+00:00 h postfix/smtp[1]: " id ": to=<b@" domain \
  ">, relay=mx[198.51.100.2]:25, delay=1, dsn=2.0.0, status=sent (ok)\n"
constexpr Example kExamples[] = {
    {"a stranger sends through us",
     "--- /var/log/mail.log\n" ABATE_RELAYED("AAAAA1", "example.com") ABATE_RELAYED("AAAAA2", "example.org")
         ABATE_RELAYED("AAAAA3", "example.com") ABATE_RELAYED("AAAAA4", "example.com")
             ABATE_RELAYED("AAAAA5", "example.com"),
     1},
    {"mail for a mailbox here",
     "--- /var/log/mail.log\n"
     "2026-05-01T10:00:00+00:00 h postfix/smtpd[1]: AAAAA1: client=mx[192.0.2.7]\n"
     "2026-05-01T10:00:00+00:00 h postfix/lmtp[1]: AAAAA1: to=<b@example.org>, relay=h[private/dovecot-lmtp], delay=1, "
     "dsn=2.0.0, status=sent (ok)\n",
     0},
};
#undef ABATE_RELAYED

}  // namespace

extern const Detector relay_used_detector;
constinit const Detector relay_used_detector{
    .id = "relay_used",
    .area = Area::mail_network,
    .severity = Severity::suspicious,
    .title = "Strangers' mail is passed on without a password",
    .explain =
        R"(The mail server took mail from outside, without a log-in, and sent it on to other servers: it is an open
relay, or its list of trusted networks is too wide. Spammers find such servers within hours. False alarms: a server that is
meant to relay for known machines elsewhere, or mailboxes that forward much. What to do: keep mynetworks to this machine,
demand a log-in for sending, hold what strangers have queued.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
