// SPDX-License-Identifier: Apache-2.0
#include "model/ticket.h"

#include <fmt/format.h>

#include "model/words.h"

namespace abate {
namespace {

constexpr std::array kStates{Word{TicketState::in_review, "in_review"}, Word{TicketState::open, "open"},
                             Word{TicketState::claimed, "claimed"}, Word{TicketState::closed, "closed"},
                             Word{TicketState::dismissed, "dismissed"}};
constexpr std::array kMoveNames{
    Word{Move::open, "open"},   Word{Move::dismiss, "dismiss"}, Word{Move::reply, "reply"},
    Word{Move::claim, "claim"}, Word{Move::accept, "accept"},   Word{Move::refuse, "refuse"},
    Word{Move::close, "close"}, Word{Move::reopen, "reopen"},   Word{Move::extend, "extend"},
    Word{Move::merge, "merge"}, Word{Move::split, "split"},     Word{Move::add_incident, "add_incident"},
    Word{Move::note, "note"},   Word{Move::measure, "measure"}, Word{Move::lift, "lift"},
    Word{Move::prove, "prove"},
};
constexpr std::array kNotices{Word{NoticeStanding::none, "none"}, Word{NoticeStanding::queued, "queued"},
                              Word{NoticeStanding::delivered, "delivered"},
                              Word{NoticeStanding::undelivered, "undelivered"}};

constexpr std::string_view kIdPrefix = "T-";

}  // namespace

std::string_view ticket_state_name(TicketState state) { return word_of(kStates, state); }
std::optional<TicketState> parse_ticket_state(std::string_view name) { return find_word(kStates, name); }
std::string_view move_name(Move move) { return word_of(kMoveNames, move); }
std::string_view notice_standing_name(NoticeStanding standing) { return word_of(kNotices, standing); }
std::optional<NoticeStanding> parse_notice_standing(std::string_view name) { return find_word(kNotices, name); }

Result<TicketState> next_state(TicketState from, Move move) {
  if (const std::optional<TicketState> to = find_move(from, move)) return *to;
  std::string allowed;
  for (const MoveRow& row : kMoves) {
    if (row.from != from || row.move == Move::add_incident) continue;
    if (!allowed.empty()) allowed += ", ";
    allowed += move_name(row.move);
  }
  return failure(Fault::conflict, "a ticket that is {} cannot take '{}'; it can take: {}", ticket_state_name(from),
                 move_name(move), allowed);
}

std::string format_ticket_id(int year, std::uint64_t number) {
  return fmt::format("{}{:04}-{:06}", kIdPrefix, year, number);
}

bool is_ticket_id(std::string_view text) {
  if (!text.starts_with(kIdPrefix) || text.size() < 13 || text.size() > 24 || text[6] != '-') return false;
  const auto digits = [](std::string_view part) { return part.find_first_not_of("0123456789") == part.npos; };
  return digits(text.substr(2, 4)) && digits(text.substr(7));
}

}  // namespace abate
