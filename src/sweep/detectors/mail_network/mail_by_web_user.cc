// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kMailsMax = 20'000;  // whose fate is followed
constexpr std::size_t kSendersMax = 500;
constexpr std::size_t kHoursMax = 5000;
constexpr std::uint32_t kManyAnHour = 30;
constexpr std::uint32_t kBurst = 60;  // far more than contact forms and shop mails of a small site within an hour
constexpr std::size_t kIdsMax = 60;

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const Mail* mail = as<Mail>(event);
    if (mail == nullptr || mail->queue_id.empty()) return;
    if (mail->step == MailStep::accepted_locally) {
      accept(event, *mail);
      return;
    }
    const auto found = mails_.find(mail->queue_id);
    if (found == mails_.end()) return;
    Hour& hour = senders_[found->second.sender].hours[found->second.hour];
    if (mail->step == MailStep::message_id && hour.ids.size() < kIdsMax) hour.ids.emplace_back(mail->message_id);
    if (mail->step == MailStep::to) {
      ++hour.recipients;
      if (mail->status != "sent") ++hour.refused;
      if (mail->relay == "local" || mail->relay.find("dovecot") != std::string_view::npos) ++hour.own;
    }
    if (mail->step == MailStep::removed) mails_.erase(found);
  }
  void finish(Findings& out) override {
    for (auto& [name, sender] : senders_) {
      if (!sender.is_web) continue;
      std::uint32_t top = 0;
      std::vector<std::uint32_t> counts;
      for (const auto& [hour, one] : sender.hours) {
        top = std::max(top, one.mails);
        counts.push_back(one.mails);
      }
      if (top < kManyAnHour) continue;
      std::ranges::sort(counts);
      const std::uint32_t usual = counts[counts.size() / 2];  // of the hours in which it sends at all
      const Hour* first = nullptr;
      Instant at;
      std::uint32_t mails = 0;
      std::uint32_t recipients = 0;
      std::uint32_t refused = 0;
      std::uint32_t own = 0;
      std::vector<std::string> ids;
      for (const auto& [hour, one] : sender.hours) {
        if (one.mails < std::max(kManyAnHour / 2, top / 4)) continue;
        if (first == nullptr) {
          first = &one;
          at = one.at;
        }
        mails += one.mails;
        recipients += std::max(one.recipients, one.mails);
        refused += one.refused;
        own += one.own;
        for (const std::string& id : one.ids)
          if (ids.size() < 2 * kIdsMax) ids.push_back(id);
      }
      if (first == nullptr || own * 2 > recipients) continue;  // to its own mailboxes: a form, a cron report
      // Spam lists are old: a good part of it comes back or is put off. Of a shop's letters a few in a hundred do, too:
      // where the report names none of these mails, more must.
      const bool named = std::ranges::any_of(
          host_.ticket.leads, [&](const Lead& lead) { return std::ranges::find(ids, lead.value) != ids.end(); });
      const bool unwanted = refused * (named ? 20 : 7) >= recipients && refused >= 5;
      // Where the burst fills most of the hours, what is usual is what the quiet ones are; then more must come back.
      const bool quiet_before = refused * 5 >= recipients && top >= 10 * std::max(counts[counts.size() / 4], 1U);
      const bool far_above =
          mails >= kBurst && (quiet_before || counts.size() < 4 || top >= 10 * std::max(usual, 1U) || usual == top);
      Finding& finding = out.add(
          account_subject(name),
          fmt::format("The web server's user {} handed in {} mails from {} on, {} of {} deliveries refused or put off",
                      name, mails, when(at), refused, recipients));
      finding.severity = unwanted && far_above ? Severity::malicious : Severity::suspicious;
      finding.at = at;
      first->evidence.into(finding);
      finding.uid = sender.uid;
      finding.ids = std::move(ids);
      finding.ids.push_back(name);
      finding.role = "mail_burst";
    }
  }

 private:
  struct Hour {
    Instant at;
    std::uint32_t mails = 0, recipients = 0, refused = 0, own = 0;
    std::vector<std::string> ids;
    Evidence evidence;
  };
  struct Sender {
    std::optional<std::uint32_t> uid;
    bool is_web = false;
    std::map<std::int64_t, Hour> hours;
  };
  struct Followed {
    std::string sender;
    std::int64_t hour;
  };

  void accept(const Event& event, const Mail& mail) {
    if (!event.at) return;
    const Account* account = mail.uid ? host_.account(*mail.uid) : host_.account(mail.local_user);
    const std::uint32_t uid = mail.uid.value_or(account != nullptr ? account->uid : 65'535);
    std::string name = account != nullptr        ? account->name
                       : mail.local_user.empty() ? fmt::format("uid {}", uid)
                                                 : std::string{mail.local_user.substr(0, 64)};
    if (senders_.size() >= kSendersMax && !senders_.contains(name)) return;
    Sender& sender = senders_[name];
    sender.uid = uid;
    sender.is_web =
        host_.is_web_user(uid) || (account == nullptr && (name == "www-data" || name == "apache" || name == "nobody"));
    const std::int64_t hour = to_micros(*event.at) / 3'600'000'000;
    if (sender.hours.size() >= kHoursMax && !sender.hours.contains(hour)) return;
    Hour& one = sender.hours[hour];
    if (one.mails++ == 0) one.at = *event.at;
    if (!sender.is_web) return;
    one.evidence.add(event);
    if (one.ids.size() < kIdsMax) one.ids.emplace_back(mail.queue_id);
    if (mails_.size() < kMailsMax) mails_.insert_or_assign(std::string{mail.queue_id}, Followed{std::move(name), hour});
  }

  const Host& host_;
  std::map<std::string, Sender, std::less<>> senders_;
  std::map<std::string, Followed, std::less<>> mails_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

constexpr Example kExamples[] = {
    {"a script sends spam as www-data",
     "--- /var/log/mail.log\n"
#define ABATE_MAIL(id)                                                  \
  "2026-05-01T10:00:00+00:00 h postfix/pickup[1]: " id                  \
  "1: uid=33 from=<www-data>\n"                                         \
  "2026-05-01T10:00:00+00:00 h postfix/smtp[1]: " id                    \
  "1: to=<a@example.com>, relay=mx[192.0.2.1]:25, delay=1, dsn=5.1.1, " \
  "status=bounced (x)\n"                                                \
  "2026-05-01T10:00:00+00:00 h postfix/pickup[1]: " id                  \
  "2: uid=33 from=<www-data>\n"                                         \
  "2026-05-01T10:00:00+00:00 h postfix/pickup[1]: " id                  \
  "3: uid=33 from=<www-data>\n"                                         \
  "2026-05-01T10:00:00+00:00 h postfix/pickup[1]: " id "4: uid=33 from=<www-data>\n"
     ABATE_MAIL("AAAAA0") ABATE_MAIL("AAAAA1") ABATE_MAIL("AAAAA2") ABATE_MAIL("AAAAA3") ABATE_MAIL("AAAAA4")
         ABATE_MAIL("AAAAA5") ABATE_MAIL("AAAAA6") ABATE_MAIL("AAAAA7") ABATE_MAIL("AAAAA8") ABATE_MAIL("AAAAA9")
             ABATE_MAIL("AAAAB0") ABATE_MAIL("AAAAB1") ABATE_MAIL("AAAAB2") ABATE_MAIL("AAAAB3") ABATE_MAIL("AAAAB4")
#undef ABATE_MAIL
                 "--- /etc/passwd\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n",
     1},
    {"a contact form",
     "--- /var/log/mail.log\n"
     "2026-05-01T10:00:00+00:00 h postfix/pickup[1]: 4F00A1B2C3: uid=33 from=<www-data>\n"
     "2026-05-01T10:00:01+00:00 h postfix/smtp[1]: 4F00A1B2C3: to=<a@example.com>, relay=mx[192.0.2.1]:25, delay=1, "
     "dsn=2.0.0, "
     "status=sent (ok)\n"
     "--- /etc/passwd\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n",
     0},
};

}  // namespace

extern const Detector mail_by_web_user_detector;
constinit const Detector mail_by_web_user_detector{
    .id = "mail_by_web_user",
    .area = Area::mail_network,
    .severity = Severity::malicious,
    .title = "A burst of mail by the web server's user",
    .explain = R"(Scripts of web sites hand mail to the server as the web server's user (www-data, apache, a customer's
account). A contact form sends a few a day. Hundreds within hours, many of them refused by the receivers, are spam that
somebody sends with a script of theirs on this server. False alarms: a newsletter sent by the site itself; its addresses
are good, so little of it is refused, and it is shown as suspicious only. What to do: hold the queue, find the script (the
times of the first mails in the web server's log name it), then how it came there.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
