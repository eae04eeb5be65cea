// SPDX-License-Identifier: Apache-2.0
// desk/ports/tickets.h — the part of the store that holds tickets and the hash-chained history.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "desk/ports/page.h"
#include "model/entry.h"
#include "model/ticket.h"

namespace abate::desk {

struct TicketFilter {
  std::optional<TicketState> state;
  std::optional<Category> category;
  std::string service_id;
  std::string customer_id;
  std::optional<bool> overdue;  // judged at `now`
  bool hide_in_review = false;  // what a customer sees
  std::string text;             // part of an id, an address, a service or customer name
  Instant now;
};

class Tickets {
 public:
  virtual ~Tickets() = default;

  virtual Result<Ticket> ticket(const std::string& id) = 0;
  virtual Result<Ticket> ticket_by_reply_token(const std::string& token) = 0;
  // The newest ticket of that service and category which model/merging.h says an incident joins, if any.
  virtual Result<std::optional<Ticket>> joinable_ticket(const std::string& service_id, Category category,
                                                        Instant now) = 0;
  virtual Result<std::vector<Ticket>> tickets_of_service(const std::string& service_id) = 0;
  virtual Result<Listed<Ticket>> tickets(const TicketFilter& filter, const Page& page) = 0;  // newest first
  virtual Result<std::vector<std::pair<TicketState, std::uint64_t>>> ticket_totals() = 0;
  // The next number of that year, each given once.
  virtual Result<std::uint64_t> next_ticket_number(int year) = 0;
  virtual Result<void> insert_ticket(const Ticket& ticket, std::optional<Instant> next_due_at) = 0;
  // Writes the whole ticket with version + 1 where `ticket.version` is still the version there, else stale; the
  // version in `ticket` is counted up. `next_due_at` is when the clock must look at it again.
  virtual Result<void> update_ticket(Ticket& ticket, std::optional<Instant> next_due_at) = 0;
  // As update_ticket, but the version stays: for the desk's own bookkeeping (a notice went out, a reminder was
  // entered), so that somebody who is typing an answer is not told that the ticket changed. Two transactions that touch
  // one ticket must not both win: the second one runs again (the database's row lock and repeatable read see to it).
  virtual Result<void> touch_ticket(const Ticket& ticket, std::optional<Instant> next_due_at) = 0;

  // Tickets whose next_due_at has come and that are leased to nobody; leased to `owner` until then. Updating ends it.
  virtual Result<std::vector<Ticket>> claim_due(std::size_t count, const std::string& owner, Instant now,
                                                Instant lease_until) = 0;
  virtual Result<std::optional<Instant>> earliest_due() = 0;  // the earliest next_due_at or end of a lease on one
  // Measures that policy took by itself since then, over all tickets: for the brake.
  virtual Result<std::uint64_t> automatic_measures_since(Instant since) = 0;

  // Fills in seq, prev and hash, and keeps it. The stream's head is read and moved in this transaction.
  virtual Result<Entry> append_entry(const std::string& stream, Instant at, const std::string& actor, EntryKind kind,
                                     const std::string& canonical_body) = 0;
  // In order. The cursor is the seq of the last entry in decimal digits, so a stream of events resumes by it.
  virtual Result<Listed<Entry>> entries(const std::string& stream, const Page& page) = 0;
  // Every entry in (stream, seq) order and, after each stream's last, its head as kept: for `history verify`.
  virtual Result<void> walk_history(const std::function<Result<void>(const Entry&)>& visit,
                                    const std::function<Result<void>(const std::string& stream, std::uint64_t seq,
                                                                     const std::string& hash)>& head) = 0;
};

}  // namespace abate::desk
