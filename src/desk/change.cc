// SPDX-License-Identifier: Apache-2.0
#include "desk/change.h"

#include "base/canonical_json.h"
#include "base/hash.h"
#include "base/text.h"
#include "desk/access.h"
#include "model/deadlines.h"

namespace abate::desk {
namespace {

Result<bool> is_repeated(const Once& once, const std::string& before) {
  if (before.empty()) return false;
  if (before != once.said) return failure(Fault::malformed, std::string{kKeyUsedBefore});
  return true;
}

Result<void> judge(const Ask& ask, const Ticket& ticket, Move move) {
  if (ask.version != ticket.version)
    return failure(Fault::stale, "you saw version {} of {}, it is at version {} now: read it again", ask.version,
                   ticket.id, ticket.version);
  TRY(next_state(ticket.state, move));
  return {};
}

Result<std::string> checked(const std::string& raw, std::size_t bytes_max, std::string_view what) {
  if (trim(raw).empty()) return failure(Fault::malformed, "'{}' is missing or empty", what);
  if (raw.size() > bytes_max)
    return failure(Fault::malformed, "'{}' has {} bytes; at most {} are taken", what, raw.size(), bytes_max);
  return make_valid_utf8(trim(raw));
}

}  // namespace

const Principal& the_system() {
  static const Principal system = Principal::system();
  return system;
}

Result<Entry> Change::enter(EntryKind kind, boost::json::object body) {
  Result<Entry> entry = store.append_entry(ticket.id, now, who.actor(), kind, canonical_json(body));
  if (entry) {
    ticket.last_seq = entry->seq;
    ticket.last_hash = entry->hash;
  }
  return entry;
}

Result<void> Change::save(bool bookkeeping) {
  const std::optional<Due> due = next_due(ticket, terms, now);
  const std::optional<Instant> at = due ? std::optional{due->at} : std::nullopt;
  return bookkeeping ? store.touch_ticket(ticket, at) : store.update_ticket(ticket, at);
}

Result<Ticket> change_ticket(Desk& desk, const Ask& ask, Move move, const std::function<Result<void>(Change&)>& work) {
  const std::shared_ptr<const Policy> policy = desk.policy.load();
  Result<Ticket> changed = in_write(desk.store, [&](Transaction& store) -> Result<Ticket> {
    TRY_ASSIGN(Ticket ticket, store.ticket(ask.ticket_id));
    TRY(may_see(ask.who, ticket));
    TRY(may(ask.who, move));
    if (!ask.once.key.empty()) {
      TRY_ASSIGN(const std::string before, store.take_key(ask.once.key, ask.once.said, desk.clock.now()));
      TRY_ASSIGN(const bool repeated, is_repeated(ask.once, before));
      if (repeated) return ticket;
    }
    TRY(judge(ask, ticket, move));
    TRY_ASSIGN(const TicketState to, next_state(ticket.state, move));
    Change change{desk, store, ask.who, ticket, policy->of(ticket.category), desk.clock.now()};
    TRY(work(change));
    ticket.state = to;
    TRY(change.save());
    return ticket;
  });
  if (changed) {
    desk.bell.ring(Bell::Topic::outbox);
    desk.bell.ring(Bell::Topic::due);
  }
  return changed;
}

Once once_of(const Principal& who, const std::string& ticket_id, std::string_view key, std::string_view said) {
  const std::string poster = who.kind == Principal::Kind::token ? "token:" + who.name : who.actor();
  return {sha256_hex(canonical_json({ticket_id, poster, key})), sha256_hex(said)};
}

Result<bool> said_before(Desk& desk, const Once& once) {
  if (once.key.empty()) return false;
  TRY_ASSIGN(const std::string before,
             in_read(desk.store, [&](Transaction& store) { return store.said_under_key(once.key); }));
  return is_repeated(once, before);
}

Result<Ticket> make_ticket(Desk& desk, Transaction& store, const Service& service, const Customer& customer,
                           Category category) {
  const Instant now = desk.clock.now();
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(now)};
  const int year = static_cast<int>(date.year());
  TRY_ASSIGN(const std::uint64_t number, store.next_ticket_number(year));
  Ticket ticket;
  ticket.id = format_ticket_id(year, number);
  ticket.version = 1;
  ticket.category = category;
  ticket.service = service;
  ticket.customer = customer;
  ticket.created_at = now;
  ticket.required_actions = desk.policy.load()->of(category).required_actions;
  TRY(store.insert_ticket(ticket, std::nullopt));
  return ticket;
}

Result<void> touch(Desk& desk, Transaction& store, const std::string& ticket_id,
                   const std::function<Result<void>(Change&)>& work) {
  const std::shared_ptr<const Policy> policy = desk.policy.load();
  TRY_ASSIGN(Ticket ticket, store.ticket(ticket_id));
  Change change{desk, store, the_system(), ticket, policy->of(ticket.category), desk.clock.now()};
  return work(change);
}

Result<std::string> checked_reason(const std::string& reason) { return checked(reason, kReasonBytesMax, "reason"); }
Result<std::string> checked_text(const std::string& text) { return checked(text, kTextBytesMax, "text"); }

}  // namespace abate::desk
