// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kAccountsMax = 2000;
constexpr std::size_t kMailsMax = 20'000;
constexpr std::size_t kClientsMax = 300;
constexpr std::size_t kIdsMax = 100;
constexpr std::uint32_t kMails = 40;
constexpr std::uint32_t kRecipients = 100;
constexpr std::chrono::days kAtHomeReading{2};
constexpr std::chrono::days kAtHomeSending{5};

// One account's mails, by client.
class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    visits_.see(event);
    const Mail* mail = as<Mail>(event);
    if (mail == nullptr) return;
    if (mail->step == MailStep::accepted_remotely && !mail->sasl_user.empty() && mail->client && event.at) {
      accept(event, *mail);
      return;
    }
    const auto found = mails_.find(mail->queue_id);
    if (found == mails_.end()) return;
    Client& client = *found->second;
    if (mail->step == MailStep::message_id && client.ids.size() < kIdsMax) client.ids.emplace_back(mail->message_id);
    if (mail->step == MailStep::to) {
      ++client.recipients;
      if (mail->status != "sent") ++client.refused;
    }
    if (mail->step == MailStep::removed) mails_.erase(found);
  }

  void finish(Findings& out) override {
    const std::vector<const Visit*> visits = visits_.by_time();
    for (const auto& [name, account] : accounts_) {
      Networks known;
      for (const Visit* visit : visits) {
        if (visit->user != name) continue;
        const bool reads = visit->service != LoginService::smtp;
        Span& span = known[network_of(visit->client)];
        if (reads) span.read_first = std::min(span.read_first, visit->first);
        if (visit->last - visit->first >= (reads ? kAtHomeReading : kAtHomeSending)) span.long_there = true;
      }
      tell(name, account, known, out);
    }
  }

 private:
  struct Client {
    Instant first, last;
    std::uint32_t mails = 0, recipients = 0, refused = 0;
    std::vector<std::string> ids;
    Evidence evidence;
  };
  struct Account {
    std::map<IpAddress, Client> clients;
  };
  // Where an account is at home: it came for days from there, or read its mail there the day before it sent. An
  // intruder looks into the mailbox too, minutes before the first mail goes out.
  struct Span {
    Instant read_first = kDistantFuture;
    bool long_there = false;
    [[nodiscard]] bool is_home(Instant sent_first) const {
      return long_there || read_first + std::chrono::days{1} <= sent_first;
    }
  };
  using Networks = std::map<IpAddress, Span>;

  void accept(const Event& event, const Mail& mail) {
    auto account = accounts_.find(mail.sasl_user);
    if (account == accounts_.end()) {
      if (accounts_.size() >= kAccountsMax) return;
      account = accounts_.emplace(mail.sasl_user.substr(0, 128), Account{}).first;
    }
    auto& clients = account->second.clients;
    if (clients.size() >= kClientsMax && !clients.contains(*mail.client)) return;
    Client& client = clients[*mail.client];
    if (client.mails++ == 0) client.first = client.last = *event.at;
    client.first = std::min(client.first, *event.at);
    client.last = std::max(client.last, *event.at);
    client.evidence.add(event);
    if (client.ids.size() < kIdsMax) client.ids.emplace_back(mail.queue_id);
    if (mails_.size() < kMailsMax && !mail.queue_id.empty())
      mails_.insert_or_assign(std::string{mail.queue_id}, &client);
  }

  void tell(const std::string& name, const Account& account, const Networks& known, Findings& out) const {
    // What strangers sent: from networks where the account was not at home before.
    std::uint32_t mails = 0;
    std::uint32_t recipients = 0;
    std::uint32_t refused = 0;
    std::uint32_t own_mails = 0;
    std::set<IpAddress> networks;
    const Client* first = nullptr;
    std::vector<std::pair<Instant, IpAddress>> strangers;
    std::vector<std::string> ids;
    for (const auto& [address, client] : account.clients) {
      const auto network = known.find(network_of(address));
      if ((network != known.end() && network->second.is_home(client.first)) || !is_outside(host_, address)) {
        own_mails += client.mails;
        continue;
      }
      mails += client.mails;
      recipients += std::max(client.recipients, client.mails);
      refused += client.refused;
      networks.insert(network_of(address));
      strangers.emplace_back(client.first, address);
      if (first == nullptr || client.first < first->first) first = &client;
      for (const std::string& id : client.ids)
        if (ids.size() < 2 * kIdsMax) ids.push_back(id);
    }
    const bool many_networks = networks.size() >= 3;
    if (first == nullptr || (mails < kMails && recipients < kRecipients && !(many_networks && mails >= 10))) return;
    const bool unwanted = refused * 20 >= recipients && refused >= 5;
    const bool foreign =  // we know where it is at home
        own_mails > 0 || std::ranges::any_of(known, [&](const auto& network) {
          return network.second.is_home(first->first) && !networks.contains(network.first);
        });
    if (!foreign && !many_networks && !unwanted) return;   // a mailbox with one place, which is busy
    Finding& finding =
        out.add(mailbox_subject(name),
                fmt::format("With the password of {}, {} address{} in {} network{} sent {} mails to {} recipients from "
                            "{} on; {} were refused or put off",
                            name, strangers.size(), strangers.size() == 1 ? "" : "es", networks.size(),
                            networks.size() == 1 ? "" : "s", mails, recipients, when(first->first), refused));
    // The report names the mailbox, or one of its mails: what was unusual is then known to be unwanted.
    const bool reported = std::ranges::any_of(host_.ticket.leads, [&](const Lead& lead) {
      if (lead.kind == LeadKind::user) return lead.value == name;
      return (lead.kind == LeadKind::queue_id || lead.kind == LeadKind::message_id) &&
             std::ranges::find(ids, lead.value) != ids.end();
    });
    const bool sure = (many_networks && mails >= 20) || (unwanted && foreign) || (reported && foreign) ||
                      (unwanted && recipients >= 5 * kRecipients);
    finding.severity = sure ? Severity::malicious : Severity::suspicious;
    finding.at = first->first;
    first->evidence.into(finding);
    std::ranges::sort(strangers);
    for (const auto& [at, address] : strangers)
      if (finding.addresses.size() < 30) finding.addresses.push_back(address.to_string());
    finding.ids = std::move(ids);
    finding.ids.push_back(name);
    finding.role = "stolen_mailbox";
  }

  const Host& host_;
  Visits visits_;
  std::map<std::string, Account, std::less<>> accounts_;
  std::map<std::string, Client*, std::less<>> mails_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

#define ABATE_FIVE(id, client)                                              \
  "2026-05-01T10:00:00+00:00 h postfix/smtpd[1]: " id "1: client=x[" client \
  "], sasl_method=LOGIN, sasl_username=a@example.org\n"                     \
  "2026-05-01T10:00:00+00:00 h postfix/smtpd[1]: " id "2: client=x[" client \
  "], sasl_method=LOGIN, sasl_username=a@example.org\n"                     \
  "2026-05-01T10:00:00+00:00 h postfix/smtpd[1]: " id "3: client=x[" client \
  "], sasl_method=LOGIN, sasl_username=a@example.org\n"                     \
  "2026-05-01T10:00:00+00:00 h postfix/smtpd[1]: " id "4: client=x[" client \
  "], sasl_method=LOGIN, sasl_username=a@example.org\n"                     \
  "2026-05-01T10:00:00+00:00 h postfix/smtpd[1]: " id "5: client=x[" client \
  "], sasl_method=LOGIN, sasl_username=a@example.org\n"
constexpr Example kExamples[] = {
    {"a stolen mailbox",
     "--- /var/log/mail.log\n" ABATE_FIVE("AAAAA0", "192.0.2.1") ABATE_FIVE("AAAAA1", "198.51.100.2")
         ABATE_FIVE("AAAAA2", "203.0.113.3") ABATE_FIVE("AAAAA3", "203.0.113.4"),
     1},
    {"somebody writes five mails", "--- /var/log/mail.log\n" ABATE_FIVE("AAAAA0", "192.0.2.1"), 0},
};
#undef ABATE_FIVE

}  // namespace

extern const Detector sasl_burst_detector;
constinit const Detector sasl_burst_detector{
    .id = "sasl_burst",
    .area = Area::mail_network,
    .severity = Severity::malicious,
    .title = "Strangers send with a mailbox's password",
    .explain =
        R"(A mailbox is used from networks where it never read its mail, by many machines at once or with many mails
that the receivers refuse: somebody has its password and sends spam with it. A newsletter that the owner sends from the
usual place is spared. False alarms: a new office that sends much at once (suspicious only). What to do: lock the mailbox or
change its password, end its sessions, hold what is queued, and let the owner change the same password elsewhere.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
