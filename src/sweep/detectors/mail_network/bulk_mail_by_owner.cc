// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMailsMax = 20'000;  // whose fate is followed
constexpr std::size_t kSendersMax = 500;
constexpr std::size_t kIdsMax = 20'000;
constexpr std::size_t kJobsMax = 200;
constexpr std::uint32_t kMany = 200;  // recipients within a day: more than a person writes to
constexpr std::size_t kDomainsMin = 4;
constexpr auto kBeginning = 120s;  // from a job's start to its first mail

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}

  void see(const Event& event) override {
    if (const JobRun* job = as<JobRun>(event); job != nullptr && event.at && !job->edited) see_job(event, *job);
    const Mail* mail = as<Mail>(event);
    if (mail == nullptr || mail->queue_id.empty() || !event.at) return;
    if (mail->step == MailStep::accepted_remotely || mail->step == MailStep::accepted_locally) accept(event, *mail);
    const auto found = mails_.find(mail->queue_id);
    if (found == mails_.end()) return;
    Followed& one = found->second;
    if (mail->step == MailStep::message_id) one.message_id = mail->message_id.substr(0, 200);
    if (mail->step == MailStep::from && one.sender.empty()) one.sender = mail->sender.substr(0, 200);
    if (mail->step == MailStep::to) count(found->first, one, event, *mail);
    if (mail->step == MailStep::removed) mails_.erase(found);
  }

  void finish(Findings& out) override {
    for (const auto& [name, sender] : senders_) {
      if (sender.recipients < kMany || sender.domains.size() < kDomainsMin) continue;
      const bool named = std::ranges::any_of(host_.ticket.leads, [&](const Lead& lead) {
        return (lead.kind == LeadKind::queue_id || lead.kind == LeadKind::message_id) &&
               sender.ids.contains(lead.value);
      });
      const Job* job = job_before(sender.first);
      Finding& finding = out.add(
          mailbox_subject(name),
          fmt::format("{} was the sender of mail to {} addresses within a day, handed in on this server itself from {} "
                      "on; {} refused or put off{}",
                      name, sender.recipients, when(sender.first), sender.refused,
                      job != nullptr ? fmt::format("; a job of {} began just then", job->user) : ""));
      finding.severity = named                                     ? Severity::malicious
                         : sender.refused * 5 >= sender.recipients ? Severity::suspicious
                                                                   : Severity::note;
      finding.at = sender.first;
      sender.evidence.into(finding);
      finding.ids = {name};
      for (const Lead& lead : host_.ticket.leads)
        if (sender.ids.contains(lead.value)) finding.ids.push_back(lead.value);
      finding.role = "bulk_mail";
      if (sender.uid) finding.uid = sender.uid;
      if (job == nullptr) continue;
      finding.evidence.push_back(job->evidence);
      finding.ids.push_back(job->user);
      if (const Account* account = host_.account(job->user)) finding.uid = account->uid;
    }
  }

 private:
  struct Followed {
    std::string sender, message_id;
    std::optional<std::uint32_t> uid;
  };
  struct Sender {
    Instant first, day;
    std::uint32_t today = 0, recipients = 0, refused = 0;  // recipients: of its busiest day
    std::set<std::string, std::less<>> domains, ids;
    std::optional<std::uint32_t> uid;
    Evidence evidence;
  };
  struct Job {
    Instant at;
    std::string user, evidence;
  };

  // Of persons: the system's own jobs write reports, not newsletters.
  void see_job(const Event& event, const JobRun& job) {
    const Account* account = host_.account(job.user);
    if (account == nullptr || account->uid < 1000 || host_.is_web_user(account->uid) || jobs_.size() >= kJobsMax)
      return;
    const auto known = std::ranges::find_if(jobs_, [&](const Job& one) { return one.at == *event.at; });
    if (known == jobs_.end()) jobs_.push_back({*event.at, std::string{job.user}, evidence_of(event)});
  }

  // Handed in here: over loopback without a password, or by a person's account; web scripts have a detector of theirs.
  void accept(const Event& event, const Mail& mail) {
    if (mails_.size() >= kMailsMax || !event.at) return;
    if (mail.step == MailStep::accepted_remotely) {
      if (!mail.client || !host_.is_own_address(*mail.client) || !mail.sasl_user.empty()) return;
      mails_.insert_or_assign(std::string{mail.queue_id}, Followed{.sender = std::string{mail.sender.substr(0, 200)}});
      return;
    }
    const Account* account = mail.uid ? host_.account(*mail.uid) : host_.account(mail.local_user);
    if (account == nullptr || account->uid < 1000 || host_.is_web_user(account->uid)) return;
    mails_.insert_or_assign(std::string{mail.queue_id},
                            Followed{.sender = std::string{mail.sender.substr(0, 200)}, .uid = account->uid});
  }

  void count(const std::string& queue_id, const Followed& mail, const Event& event, const Mail& to) {
    if (mail.sender.find('@') == std::string::npos || to.recipient.find('@') == std::string_view::npos) return;
    if (to.relay == "local" || to.relay.find("dovecot") != std::string_view::npos) return;
    if (senders_.size() >= kSendersMax && !senders_.contains(mail.sender)) return;
    auto [found, is_new] = senders_.try_emplace(mail.sender);
    Sender& sender = found->second;
    if (is_new || *event.at - sender.day > 24h) {
      sender.day = *event.at;
      sender.today = 0;
    }
    if (++sender.today > sender.recipients) {
      sender.recipients = sender.today;
      if (sender.today == 1 || sender.first < sender.day) sender.first = sender.day;
    }
    if (to.status != "sent") ++sender.refused;
    if (sender.domains.size() < 16)
      sender.domains.emplace(to.recipient.substr(to.recipient.rfind('@') + 1).substr(0, 100));
    if (sender.ids.size() < kIdsMax) {
      sender.ids.insert(queue_id);
      if (!mail.message_id.empty()) sender.ids.insert(mail.message_id);
    }
    if (mail.uid) sender.uid = mail.uid;
    sender.evidence.add(event);
  }

  const Job* job_before(Instant first) const {
    const Job* best = nullptr;
    for (const Job& job : jobs_)
      if (job.at <= first && first <= job.at + kBeginning && (best == nullptr || best->at < job.at)) best = &job;
    return best;
  }

  const Host& host_;
  std::map<std::string, Followed, std::less<>> mails_;
  std::map<std::string, Sender, std::less<>> senders_;
  std::vector<Job> jobs_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

#define ABATE_TO(n, domain)                                                         \
  "2026-05-01T10:00:0" n "+00:00 h postfix/smtp[9]: 4F00A1B2C3: to=<a" n "@" domain \
  ">, relay=mx[192.0.2.1]:25, "                                                     \
  "delay=1, dsn=5.1.1, status=bounced (x)\n"
#define ABATE_FIVE           \
  ABATE_TO("1", "a.example") \
  ABATE_TO("2", "b.example") ABATE_TO("3", "c.example") ABATE_TO("4", "d.example") ABATE_TO("5", "a.example")
#define ABATE_TWENTY ABATE_FIVE ABATE_FIVE ABATE_FIVE ABATE_FIVE
#define ABATE_HUNDRED ABATE_TWENTY ABATE_TWENTY ABATE_TWENTY ABATE_TWENTY ABATE_TWENTY
#define ABATE_BEGIN(client)                                                                                      \
  "--- /var/log/mail.log\n2026-05-01T10:00:00+00:00 h postfix/smtpd[1]: 4F00A1B2C3: client=" client              \
  "\n"                                                                                                           \
  "2026-05-01T10:00:00+00:00 h postfix/qmgr[1]: 4F00A1B2C3: from=<news@shop.example>, size=1, nrcpt=200 (queue " \
  "active)\n"
constexpr Example kExamples[] = {
    {"a newsletter to old addresses, from a script on the server",
     ABATE_BEGIN("localhost[127.0.0.1]") ABATE_HUNDRED ABATE_HUNDRED, 1},
    {"a letter to a few", ABATE_BEGIN("localhost[127.0.0.1]") ABATE_TWENTY, 0},
    {"mail that comes from elsewhere", ABATE_BEGIN("mx.example.net[192.0.2.9]") ABATE_HUNDRED ABATE_HUNDRED, 0},
};
#undef ABATE_BEGIN
#undef ABATE_HUNDRED
#undef ABATE_TWENTY
#undef ABATE_FIVE
#undef ABATE_TO

}  // namespace

extern const Detector bulk_mail_by_owner_detector;
constinit const Detector bulk_mail_by_owner_detector{
    .id = "bulk_mail_by_owner",
    .area = Area::mail_network,
    .severity = Severity::malicious,
    .title = "Mail to very many, handed in on the server itself",
    .explain =
        R"(A program on this server handed mail for hundreds of addresses to the mail server, over loopback or by a
person's account: a newsletter, a shop's letters, or a stranger's script. It is called malicious where the reported mail is
one of them, suspicious where a fifth is refused, and a note otherwise. Mails of web scripts are told apart
(mail_by_web_user). False alarms: a newsletter that everybody asked for. What to do: if it is yours, stop it, take out
who complained and whoever did not ask for it, and say in the ticket how addresses come onto the list; if it is not, find
the program that began at that time.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
