// SPDX-License-Identifier: Apache-2.0
#include "model/ladder.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/deadlines.h"

namespace abate {

std::optional<MeasureKind> next_step(const Ticket& ticket, const Terms& terms) {
  for (const MeasureKind kind : terms.ladder) {
    const bool taken = std::ranges::any_of(ticket.measures, [&](const Measure& measure) {
      return measure.kind == kind && measure.state != MeasureState::lifted && measure.state != MeasureState::lifting;
    });
    if (!taken) return kind;
  }
  return std::nullopt;
}

std::optional<std::string> why_not(const Ticket& ticket, const Terms& terms, MeasureKind kind, bool deliberate,
                                   Instant now) {
  if (deliberate) return std::nullopt;  // R12: a named person's decision; who that may be is judged by the desk
  if (kind == MeasureKind::terminate)
    return "a service is terminated only for deliberate abuse, by a person's decision";
  if (std::ranges::find(terms.ladder, kind) == terms.ladder.end())
    return fmt::format("{} is not on the ladder of measures for {}", measure_name(kind),
                       category_name(ticket.category));
  if (ticket.state == TicketState::claimed)
    return "a claim waits for the desk; the fix clock rests until it is decided";
  if (!is_overdue(ticket, now)) return "the deadline has not passed";
  switch (ticket.notice) {
    case NoticeStanding::delivered: return std::nullopt;
    case NoticeStanding::none: return "the customer has not been sent a notice";
    case NoticeStanding::queued: return "the notice has not been delivered yet";
    case NoticeStanding::undelivered:
      return "the notice came back: the customer does not know; correct the address, or write again";
  }
  return std::nullopt;
}

void note_reached(Ticket& ticket, const Terms& terms, Instant now) {
  const bool late = ticket.notice != NoticeStanding::delivered && is_overdue(ticket, now);
  if (late || ticket.notice == NoticeStanding::undelivered)
    ticket.ladder_next_at = std::max(ticket.ladder_next_at.value_or(now), now + terms.respond_within);
  ticket.notice = NoticeStanding::delivered;
}

}  // namespace abate
