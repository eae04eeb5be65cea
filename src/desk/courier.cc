// SPDX-License-Identifier: Apache-2.0
#include "desk/courier.h"

#include <algorithm>

#include <boost/json.hpp>

#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "desk/change.h"
#include "desk/measures.h"
#include "model/ladder.h"

namespace abate::desk {
namespace {

constexpr std::size_t kDiagnosticBytesMax = 500;

// The notice behind a mail item: its key is "mail/TOKEN".
std::string token_of(const OutboxItem& item) { return item.key.substr(item.key.find('/') + 1); }

// After a bounce a mail server's "taken" proves little: the last one may have been taken too. It counts for another
// address than the one that bounced, or when a person wrote again, knowing of the bounce; the desk's own reminders do
// not. (The customer's own sign of life always does.)
Result<bool> proves_delivery(const Change& change, const Notice& sent) {
  if (change.ticket.notice != NoticeStanding::undelivered) return true;
  TRY_ASSIGN(const std::vector<Notice> notices, change.store.notices_of_ticket(change.ticket.id));
  return std::ranges::none_of(notices, [&](const Notice& other) {
    const bool written_since = sent.kind == NoticeKind::reply && other.settled_at && sent.queued_at > *other.settled_at;
    return other.state == NoticeState::bounced && equals_ignoring_case(other.to, sent.to) && !written_since;
  });
}

Result<void> settle_notice(Desk& desk, Transaction& store, const OutboxItem& item, NoticeState state,
                           const std::string& diagnostic) {
  TRY_ASSIGN(Notice notice, store.notice(token_of(item)));
  if (notice.state != NoticeState::queued) return {};  // a bounce overtook us
  notice.state = state;
  notice.settled_at = desk.clock.now();
  notice.diagnostic = diagnostic;
  TRY(store.update_notice(notice));
  if (notice.ticket_id.empty()) return {};
  return touch(desk, store, notice.ticket_id, [&](Change& change) -> Result<void> {
    boost::json::object body{{"notice", notice_kind_name(notice.kind)}, {"to", notice.to}};
    if (state == NoticeState::sent) {
      TRY_ASSIGN(const bool reached, proves_delivery(change, notice));
      if (reached) note_reached(change.ticket, change.terms, change.now);
      body["standing"] = notice_standing_name(change.ticket.notice);
      TRY(change.enter(EntryKind::notice_sent, std::move(body)));
    } else {
      change.ticket.notice = NoticeStanding::undelivered;
      body["diagnostic"] = diagnostic;
      TRY(change.enter(state == NoticeState::bounced ? EntryKind::notice_bounced : EntryKind::notice_failed,
                       std::move(body)));
    }
    return change.save(true);
  });
}

}  // namespace

std::chrono::milliseconds pause_after(std::uint32_t tries) {
  const std::uint32_t doublings = std::min<std::uint32_t>(tries, 11);
  const std::chrono::milliseconds pause =
      std::min<std::chrono::milliseconds>(std::chrono::milliseconds{kFirstPause} * (1U << doublings), kLongestPause);
  return pause + std::chrono::milliseconds{random_below(static_cast<std::uint32_t>(pause.count() / 4))};
}

Courier::Courier(Desk& desk, Carriers carriers, TicketJson ticket_json)
    : desk_{desk},
      carriers_{std::make_shared<const Carriers>(std::move(carriers))},
      ticket_json_{std::move(ticket_json)} {}

Courier::~Courier() { stop(); }

void Courier::start(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this, owner = fmt::format("{}/courier-{}", desk_.node, i)] { run(owner); });
}

void Courier::stop() {
  stopping_ = true;
  desk_.bell.ring(Bell::Topic::outbox);
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

void Courier::use(Carriers carriers) {
  carriers_.store(std::make_shared<const Carriers>(std::move(carriers)));
  const std::lock_guard lock{standings_mutex_};
  standings_.clear();
}

std::map<std::string, Standing> Courier::standings() const {
  const std::lock_guard lock{standings_mutex_};
  return standings_;
}

// A mail server that says no for good is there; whatever else fails means that nobody took it.
void Courier::remember(const OutboxItem& item, const Result<void>& carried, Instant now) {
  const bool mail = item.kind == OutboxKind::mail;
  const bool away = !carried && !(mail && carried.error().fault == Fault::refused);
  const std::lock_guard lock{standings_mutex_};
  const auto [place, fresh] = standings_.try_emplace(mail ? "smtp" : "enforcer:" + item.target);
  Standing& standing = place->second;
  if (fresh || standing.away != away) standing.since = now;
  standing.away = away;
  if (away) standing.why = shorten(make_valid_utf8(carried.error().what), kDiagnosticBytesMax);
}

Result<void> Courier::carry_out(const OutboxItem& item) {
  const std::shared_ptr<const Carriers> carriers = carriers_.load();
  if (item.kind == OutboxKind::mail) return carriers->mailer->send(item.sender, item.target, item.payload);
  const auto enforcer = std::ranges::find(carriers->enforcers, item.target, [](const auto& e) { return e->name(); });
  if (enforcer == carriers->enforcers.end())
    return failure(Fault::unavailable, "no enforcer is called '{}' in the configuration any more", item.target);
  boost::system::error_code wrong;
  const boost::json::value body = boost::json::parse(item.payload, wrong);
  if (wrong) return failure(Fault::malformed, "an order in the outbox is no JSON: {}", wrong.message());
  TRY_ASSIGN(const Ticket ticket,
             in_read(desk_.store, [&](Transaction& store) { return store.ticket(item.ticket_id); }));
  Order order;
  order.key = body.at("key").as_string();
  order.measure = parse_measure(std::string_view{body.at("measure").as_string()}).value_or(MeasureKind::suspend);
  order.on = item.on;
  order.service_id = ticket.service.id;
  order.ticket_id = ticket.id;
  order.body = item.payload;
  order.ticket_json = ticket_json_(ticket);
  return (*enforcer)->carry_out(order);
}

// While the store is away what was done is kept in hand: were it forgotten, the customer would get the same mail again.
Result<void> Courier::settle(const std::function<Result<void>(Transaction&)>& work, Instant lease_end) {
  for (std::uint64_t seen = 0;;) {
    const Result<void> settled = desk_.store.write(work);
    if (settled || settled.error().fault != Fault::unavailable) return settled;
    if (stopping_ || desk_.bell.closed() || desk_.clock.now() > lease_end)
      return settled;  // then somebody else does it
    log_warning("outbox_waits", {{"why", settled.error().what}});
    desk_.bell.wait(Bell::Topic::outbox, seen, kCourierSleepMax);
  }
}

Result<void> Courier::deliver(const OutboxItem& item, Instant lease_end) {
  const Result<void> carried = carry_out(item);
  const Instant now = desk_.clock.now();
  remember(item, carried, now);
  const std::string why = carried ? "" : shorten(make_valid_utf8(carried.error().what), kDiagnosticBytesMax);
  if (carried)
    return settle(
        [&](Transaction& store) -> Result<void> {
          TRY(store.outbox_done(item.key));
          if (item.kind == OutboxKind::mail) return settle_notice(desk_, store, item, NoticeState::sent, {});
          return touch(desk_, store, item.ticket_id,
                       [&](Change& change) { return order_done(change, item.measure_number, item.on); });
        },
        lease_end);
  const bool final_no = item.kind == OutboxKind::mail && carried.error().fault == Fault::refused;
  if (!final_no && item.tries < kTriesMax)
    return settle([&](Transaction& store) { return store.outbox_retry(item.key, now + pause_after(item.tries), why); },
                  lease_end);
  return desk_.store.write([&](Transaction& store) -> Result<void> {
    TRY(store.outbox_give_up(item.key, why));
    if (item.kind == OutboxKind::mail)
      return settle_notice(desk_, store, item, final_no ? NoticeState::bounced : NoticeState::failed, why);
    return touch(desk_, store, item.ticket_id, [&](Change& change) -> Result<void> {
      TRY(order_given_up(change, item.measure_number, item.on, why));
      return change.save();
    });
  });
}

Result<std::size_t> Courier::deliver_some(const std::string& owner) {
  const Instant now = desk_.clock.now();
  TRY_ASSIGN(const std::vector<OutboxItem> items, in_write(desk_.store, [&](Transaction& store) {
               return store.claim_outbox(kCourierBatchMax, owner, now, now + kCourierLease);
             }));
  for (const OutboxItem& item : items) {
    const Result<void> delivered = deliver(item, now + kCourierLease);
    if (!delivered) log_error("outbox_not_settled", {{"key", item.key}, {"why", delivered.error().what}});
    if (stopping_) break;  // what is left is taken up when its lease ends
  }
  if (!items.empty()) desk_.bell.ring(Bell::Topic::due);
  return items.size();
}

void Courier::run(const std::string& owner) {
  std::uint64_t seen = 0;
  while (!stopping_ && !desk_.bell.closed()) {
    const Result<std::size_t> tried = deliver_some(owner);
    if (!tried) log_error("courier", {{"why", tried.error().what}});
    if (tried && *tried > 0) continue;
    // A retry that comes due has no bell: the sleep is bounded, and the query for what is due is an index look-up.
    desk_.bell.wait(Bell::Topic::outbox, seen, kCourierSleepMax);
  }
}

}  // namespace abate::desk
