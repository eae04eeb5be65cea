// SPDX-License-Identifier: Apache-2.0
#include "remedy/sent_since.h"

#include "base/text.h"

namespace abate::remedy {
namespace {

constexpr std::size_t kNameBytesMax = 256;
constexpr std::size_t kLogsMax = 200;

// Into a mailbox of this server, or to a filter on it.
bool stays_here(std::string_view relay) {
  for (const std::string_view begins :
       {"local", "virtual", "dovecot", "private/", "maildrop", "127.", "[127.", "::1", "[::1"})
    if (relay.starts_with(begins)) return true;
  return relay.empty() || relay == "none" || relay.contains("[127.") || relay.contains("[::1]") ||
         relay.contains("dovecot");
}

std::string_view without_brackets(std::string_view id) {
  if (id.starts_with('<')) id.remove_prefix(1);
  if (id.ends_with('>')) id.remove_suffix(1);
  return id;
}

}  // namespace

std::string sender_of_account(std::string_view name) { return fmt::format("account:{}", name); }
std::string sender_of_mailbox(std::string_view name) { return fmt::format("mailbox:{}", to_lower(name)); }
std::string sender_of_script(std::string_view path) { return fmt::format("script:{}", path); }

SentSince::SentSince(const sweep::Host& host, Instant since) : host_{host}, since_{since} {
  for (const Lead& lead : host.ticket.leads)
    if (lead.kind == LeadKind::queue_id || lead.kind == LeadKind::message_id)
      reported_.emplace(without_brackets(lead.value));
}

void SentSince::Whose::put(std::string_view id, const std::string& sender) {
  if (id.empty() || id.size() > kNameBytesMax) return;
  newer_.insert_or_assign(std::string{id}, sender);
  if (newer_.size() < kMailsMax) return;
  older_ = std::move(newer_);
  newer_.clear();
}

const std::string* SentSince::Whose::find(std::string_view id) const {
  for (const auto* half : {&newer_, &older_})
    if (const auto found = half->find(id); found != half->end()) return &found->second;
  return nullptr;
}

void SentSince::note_log(const sweep::Event& event) {
  auto log = logs_.find(event.origin.path);
  if (log == logs_.end()) {
    if (logs_.size() >= kLogsMax) return;
    log = logs_.emplace(std::string{event.origin.path}, Lines{}).first;
  }
  Lines& lines = log->second;
  if (*event.at < since_)
    lines.last_before = std::max(lines.last_before, event.origin.line);
  else if (lines.first_since == 0)
    lines.first_since = event.origin.line;
}

SentTold::Sender* SentSince::sender(const std::string& key, std::string_view name) {
  const auto found = senders_.find(key);
  if (found != senders_.end()) return &found->second;
  if (senders_.size() >= kSendersMax) {
    is_whole_ = false;
    return nullptr;
  }
  SentTold::Sender fresh;
  fresh.name = name.substr(0, kNameBytesMax);
  return &senders_.emplace(key, std::move(fresh)).first->second;
}

void SentSince::accept(const sweep::Mail& mail, const std::string& key, std::string_view name) {
  SentTold::Sender* who = sender(key, name);
  if (who == nullptr) return;
  by_queue_.put(mail.queue_id, key);
  by_message_.put(without_brackets(mail.message_id), key);
  who->is_reported |= reported_.contains(mail.queue_id) || reported_.contains(without_brackets(mail.message_id));
}

// The Message-ID tells it again where a filter hands the mail in once more.
void SentSince::follow(const sweep::Mail& mail) {
  const std::string_view id = without_brackets(mail.message_id);
  const std::string* key = by_queue_.find(mail.queue_id);
  if (key == nullptr) key = by_message_.find(id);
  if (key == nullptr) return;
  const std::string whose = *key;
  by_queue_.put(mail.queue_id, whose);
  by_message_.put(id, whose);
  if (const auto who = senders_.find(whose); who != senders_.end())
    who->second.is_reported |= reported_.contains(id) || reported_.contains(mail.queue_id);
}

void SentSince::count(const sweep::Event& event, SentTold::Sender* who) const {
  if (who == nullptr || *event.at < since_) return;
  if (who->count == 0) who->first = sweep::evidence_of(event);
  who->count += event.times;
}

void SentSince::deliver(const sweep::Event& event, const sweep::Mail& mail) {
  const std::string* key = by_queue_.find(mail.queue_id);
  if (key == nullptr || mail.status != "sent" || stays_here(mail.relay)) return;
  if (const auto who = senders_.find(*key); who != senders_.end()) count(event, &who->second);
}

void SentSince::see(const sweep::Event& event) {
  const sweep::Mail* mail = sweep::as<sweep::Mail>(event);
  if (mail == nullptr || !event.at) return;
  note_log(event);
  switch (mail->step) {
    case sweep::MailStep::accepted_locally: {
      const sweep::Account* account = mail->uid ? host_.account(*mail->uid) : host_.account(mail->local_user);
      const std::string name = account != nullptr ? account->name
                               : mail->uid        ? fmt::format("uid {}", *mail->uid)
                                                  : std::string{mail->local_user};
      return accept(*mail, sender_of_account(name), "the account " + name);
    }
    case sweep::MailStep::accepted_remotely:
      if (!mail->sasl_user.empty())
        accept(*mail, sender_of_mailbox(mail->sasl_user), fmt::format("the mailbox {}", mail->sasl_user));
      else
        follow(*mail);
      return;
    case sweep::MailStep::message_id: return follow(*mail);
    case sweep::MailStep::script:
      if (mail->script.starts_with('/') && *event.at >= since_)
        count(event, sender(sender_of_script(mail->script), fmt::format("the script {}", mail->script)));
      return;
    case sweep::MailStep::to: return deliver(event, *mail);
    default: return;
  }
}

SentTold SentSince::told() const {
  SentTold told{.since = since_, .senders = senders_, .logs = {}, .is_whole = is_whole_};
  // A log that ends before tells nothing of it, unless it is the newest: then nothing came since.
  const std::string* newest = nullptr;
  for (const auto& [path, lines] : logs_) {
    if (lines.first_since == 0) {
      if (newest == nullptr) newest = &path;  // "mail.log" stands before "mail.log.1"
      continue;
    }
    told.logs.push_back({path, lines.last_before > 0 ? lines.last_before + 1 : lines.first_since});
  }
  if (told.logs.empty() && newest != nullptr)
    told.logs.push_back({*newest, logs_.find(*newest)->second.last_before + 1});
  return told;
}

}  // namespace abate::remedy
