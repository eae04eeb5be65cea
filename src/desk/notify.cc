// SPDX-License-Identifier: Apache-2.0
#include "desk/notify.h"

#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "desk/notice_mail.h"

namespace abate::desk {
namespace {

constexpr std::size_t kTokenBytes = 15;  // 120 bits: nobody guesses an address that speaks for a customer
constexpr std::size_t kReferencesMax = 10;

// Where the customer is reached now: the newest ledger knows better than the ticket does.
Customer current_customer(Transaction& store, const Customer& known) {
  const Result<Customer> current = store.customer(known.id);
  return current && !current->email.empty() ? *current : known;
}

OutboxItem mail_item(const Provider& provider, const Notice& notice, std::string message, Instant now) {
  OutboxItem item;
  item.key = "mail/" + notice.token;
  item.kind = OutboxKind::mail;
  item.ticket_id = notice.ticket_id;
  item.target = notice.to;
  item.sender = bounce_address(provider, notice.token);
  item.payload = std::move(message);
  item.due_at = now;
  return item;
}

Notice fresh_notice(const Provider& provider, const std::string& ticket_id, NoticeKind kind, std::string to,
                    std::string subject, Instant now) {
  Notice notice;
  notice.token = random_token(kTokenBytes);
  notice.ticket_id = ticket_id;
  notice.kind = kind;
  notice.to = std::move(to);
  notice.message_id =
      fmt::format("{}.{}@{}", ticket_id.empty() ? "abate" : ticket_id, notice.token, provider.bounce_domain);
  notice.subject = std::move(subject);
  notice.queued_at = now;
  return notice;
}

}  // namespace

std::string reply_address(const Provider& provider, const std::string& reply_token) {
  return fmt::format("reply+{}@{}", reply_token, provider.bounce_domain);
}

std::string bounce_address(const Provider& provider, const std::string& notice_token) {
  return fmt::format("bounce+{}@{}", notice_token, provider.bounce_domain);
}

Result<void> notify(Change& change, NoticeKind kind, const std::string& says) {
  Ticket& ticket = change.ticket;
  const std::shared_ptr<const Provider> held = change.desk.provider.load();
  const Provider& provider = *held;
  ticket.customer = current_customer(change.store, ticket.customer);
  if (ticket.reply_token.empty()) ticket.reply_token = random_token(kTokenBytes);
  if (ticket.customer.email.empty()) {
    ticket.notice = NoticeStanding::undelivered;
    TRY(change.enter(EntryKind::notice_failed, {{"notice", notice_kind_name(kind)},
                                                {"why", "the ledger names no e-mail address for this customer"}}));
    return {};
  }
  TRY_ASSIGN(const Listed<KeptIncident> incidents,
             change.store.incidents_of_ticket(ticket.id, Page{{}, kNoticeIncidentsMax}));
  TRY_ASSIGN(const std::vector<Notice> earlier, change.store.notices_of_ticket(ticket.id));
  std::vector<std::string> references;
  for (const Notice& notice : earlier)
    if (references.size() < kReferencesMax) references.push_back(notice.message_id);

  std::optional<TicketLink> link;
  if (asks_for_work(kind)) {
    TRY_ASSIGN(link, make_link(change.store, provider, ticket, change.now));
  }
  const NoticeText text = compose_notice(provider, ticket, kind, incidents.items, says, link, change.now);
  const Notice notice = fresh_notice(provider, ticket.id, kind, ticket.customer.email, text.subject, change.now);
  TRY(change.store.insert_notice(notice));
  TRY(change.store.enqueue(mail_item(
      provider, notice,
      compose_message(provider, notice, text, reply_address(provider, ticket.reply_token), references, change.now),
      change.now)));
  if (ticket.notice == NoticeStanding::none) ticket.notice = NoticeStanding::queued;
  TRY(change.enter(EntryKind::notice_queued, {{"notice", notice_kind_name(kind)}, {"to", notice.to}}));
  return {};
}

Result<void> point_to_thread(Desk& desk, Transaction& store, const std::string& address, const Ticket& ticket) {
  const Instant now = desk.clock.now();
  TRY_ASSIGN(const bool told, store.pointed_since(address, now - kPointerPause));
  if (told) return {};
  const std::shared_ptr<const Provider> held = desk.provider.load();
  const Provider& provider = *held;
  const NoticeText text = compose_notice(provider, ticket, NoticeKind::pointer, {}, {}, std::nullopt, now);
  const Notice notice = fresh_notice(provider, {}, NoticeKind::pointer, address, text.subject, now);
  TRY(store.insert_notice(notice));
  return store.enqueue(
      mail_item(provider, notice,
                compose_message(provider, notice, text, reply_address(provider, ticket.reply_token), {}, now), now));
}

}  // namespace abate::desk
