// SPDX-License-Identifier: Apache-2.0
// model/ticket.h — the case: incidents about one service and category, its state, its clocks, its measures.
//
// What may follow what stands in one table (kMoves). A move with constant arguments that the table forbids does not
// compile; at run time `next_state` is the one function that refuses. Suspended and terminated are measures in force,
// not states: a suspended customer still replies and claims.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/result.h"
#include "base/time.h"
#include "model/assignment.h"
#include "model/category.h"
#include "model/measure.h"

namespace abate {

enum class TicketState : std::uint8_t { in_review, open, claimed, closed, dismissed };
std::string_view ticket_state_name(TicketState state);
std::optional<TicketState> parse_ticket_state(std::string_view name);

enum class Move : std::uint8_t {
  open,
  dismiss,
  reply,
  claim,
  accept,
  refuse,
  close,
  reopen,
  extend,
  merge,
  split,
  add_incident,
  note,
  measure,
  lift,
  prove,
};
std::string_view move_name(Move move);

struct MoveRow {
  TicketState from;
  Move move;
  TicketState to;
};
inline constexpr std::array kMoves = [] {
  using enum TicketState;
  return std::array{
      MoveRow{in_review, Move::open, open},
      MoveRow{in_review, Move::dismiss, dismissed},
      MoveRow{in_review, Move::add_incident, in_review},
      MoveRow{in_review, Move::merge, closed},
      MoveRow{in_review, Move::split, in_review},
      MoveRow{in_review, Move::note, in_review},
      MoveRow{in_review, Move::measure, in_review},  // deliberate abuse need not wait for opening (R12)
      MoveRow{in_review, Move::lift, in_review},
      MoveRow{open, Move::reply, open},
      MoveRow{open, Move::claim, claimed},
      MoveRow{open, Move::close, closed},
      MoveRow{open, Move::extend, open},
      MoveRow{open, Move::add_incident, open},
      MoveRow{open, Move::merge, closed},
      MoveRow{open, Move::split, open},
      MoveRow{open, Move::note, open},
      MoveRow{open, Move::measure, open},
      MoveRow{open, Move::lift, open},
      MoveRow{open, Move::prove, open},
      MoveRow{claimed, Move::reply, claimed},
      MoveRow{claimed, Move::accept, closed},
      MoveRow{claimed, Move::refuse, open},
      MoveRow{claimed, Move::extend, claimed},
      MoveRow{claimed, Move::add_incident, claimed},
      MoveRow{claimed, Move::merge, closed},
      MoveRow{claimed, Move::split, claimed},
      MoveRow{claimed, Move::note, claimed},
      MoveRow{claimed, Move::measure, claimed},
      MoveRow{claimed, Move::lift, claimed},
      MoveRow{claimed, Move::prove, claimed},
      MoveRow{closed, Move::reply, closed},
      MoveRow{closed, Move::prove, closed},  // what a watch sees during probation
      MoveRow{closed, Move::reopen, open},
      MoveRow{closed, Move::add_incident, closed},  // harm done before the closing, reported late
      MoveRow{closed, Move::note, closed},
      MoveRow{closed, Move::lift, closed},
      MoveRow{dismissed, Move::note, dismissed},
      MoveRow{dismissed, Move::lift, dismissed},
  };
}();

constexpr std::optional<TicketState> find_move(TicketState from, Move move) {
  for (const MoveRow& row : kMoves)
    if (row.from == from && row.move == move) return row.to;
  return std::nullopt;
}

// For constant arguments: a forbidden move does not compile.
consteval TicketState after(TicketState from, Move move) {
  const std::optional<TicketState> to = find_move(from, move);
  if (!to) throw "this move is forbidden from this state: see kMoves";
  return *to;
}

// Fault::conflict, naming state and move, when the table forbids it.
Result<TicketState> next_state(TicketState from, Move move);

enum class NoticeStanding : std::uint8_t {
  none,         // nothing was sent yet
  queued,       // in the outbox
  delivered,    // the customer's mail server took the newest notice, or the customer wrote to us since
  undelivered,  // it bounced or was given up: the deadline counts, but no measure is taken (law 5)
};
std::string_view notice_standing_name(NoticeStanding standing);
std::optional<NoticeStanding> parse_notice_standing(std::string_view name);

// A /64 holds more addresses than anybody can read: beyond this a ticket lists no more; its incidents have them all.
constexpr std::size_t kTicketAddressesMax = 256;

struct Ticket {
  std::string id;             // "T-2026-000123"
  std::uint64_t version = 0;  // counts changes; every update states the version it read
  TicketState state = TicketState::in_review;
  Category category = Category::other;
  Service service;
  Customer customer;
  std::vector<IpAddress> addresses;  // of its incidents, each once, in order
  Instant created_at;
  std::optional<Instant> opened_at;
  std::optional<Instant> respond_by;
  std::optional<Instant> fix_by;
  std::optional<Instant> answered_at;  // the first reply or claim: stops respond-by, never fix-by
  std::optional<Instant> claimed_at;
  std::optional<Duration> fix_left;  // while claimed: what the fix clock showed; may be negative
  std::optional<Instant> closed_at;
  std::optional<Instant> probation_until;  // closed: harm that returns before this reopens
  std::optional<Instant> overdue_for;      // the deadline whose passing was already entered
  std::vector<Instant> reminded;           // the reminder times that were already sent, in order
  std::optional<Instant> ladder_next_at;   // not before this the next step of the ladder
  NoticeStanding notice = NoticeStanding::none;
  std::vector<Measure> measures;
  std::vector<std::string> required_actions;
  std::string merged_into;  // closed by a merge: the ticket that goes on
  std::string reply_token;  // secret: a mail that bears it belongs here
  std::string assigned_to;  // the analyst's e-mail, or empty
  std::uint32_t incident_count = 0;
  std::optional<Instant> last_incident_at;
  std::uint64_t last_seq = 0;  // newest entry
  std::string last_hash;
  friend bool operator==(const Ticket&, const Ticket&) = default;
};

// "T-2026-000123"
std::string format_ticket_id(int year, std::uint64_t number);
bool is_ticket_id(std::string_view text);

}  // namespace abate
