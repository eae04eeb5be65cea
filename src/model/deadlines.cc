// SPDX-License-Identifier: Apache-2.0
#include "model/deadlines.h"

#include <algorithm>

#include "model/ladder.h"

namespace abate {
namespace {

// What is due next of the two: an unanswered ticket has both before it, an answered one only the fix.
std::optional<Instant> due_next(const Ticket& ticket, Instant now) {
  if (ticket.state != TicketState::open || !ticket.fix_by) return std::nullopt;
  if (ticket.answered_at || !ticket.respond_by) return ticket.fix_by;
  const Instant sooner = std::min(*ticket.respond_by, *ticket.fix_by);
  return sooner > now ? sooner : *ticket.respond_by;
}

// The reminders before `deadline`: of those that have come due only the last is worth sending.
std::optional<Instant> next_reminder(const Ticket& ticket, const Terms& terms, Instant deadline, Instant now) {
  const Instant began = ticket.opened_at.value_or(ticket.created_at);
  std::optional<Instant> latest_due, next_to_come;
  for (const std::chrono::seconds before : terms.remind_before) {
    const Instant at = deadline - before;
    if (at <= began || at >= deadline) continue;
    if (at <= now) {
      if (!latest_due || at > *latest_due) latest_due = at;
    } else if (!next_to_come || at < *next_to_come) {
      next_to_come = at;
    }
  }
  const auto sent = [&](Instant at) { return std::ranges::find(ticket.reminded, at) != ticket.reminded.end(); };
  if (latest_due && now < deadline && !sent(*latest_due)) return latest_due;
  return next_to_come;
}

// The next step of the ladder, once the ticket is overdue. A proposal that waits for a person holds the ladder.
std::optional<Instant> ladder_due(const Ticket& ticket, const Terms& terms, Instant overdue_since) {
  for (const Measure& measure : ticket.measures)
    if (measure.state == MeasureState::proposed || measure.state == MeasureState::approved ||
        measure.state == MeasureState::failed)
      return std::nullopt;
  // Law 5: while the notice is not delivered there is nothing to do; the delivery itself looks at the ticket again.
  if (ticket.notice != NoticeStanding::delivered || !next_step(ticket, terms)) return std::nullopt;
  return std::max(overdue_since, ticket.ladder_next_at.value_or(overdue_since));
}

}  // namespace

void start_clocks(Ticket& ticket, const Terms& terms, Instant now) {
  ticket.opened_at = now;
  ticket.respond_by = now + terms.respond_within;
  ticket.fix_by = now + terms.fix_within;
}

void note_answer(Ticket& ticket, Instant now) {
  if (!ticket.answered_at) ticket.answered_at = now;
}

void rest_fix_clock(Ticket& ticket, Instant now) {
  note_answer(ticket, now);
  ticket.claimed_at = now;
  if (ticket.fix_by) ticket.fix_left = *ticket.fix_by - now;
}

void resume_fix_clock(Ticket& ticket, Instant now) {
  if (ticket.fix_left) ticket.fix_by = now + *ticket.fix_left;
  ticket.fix_left.reset();
  ticket.claimed_at.reset();
}

void stop_clocks(Ticket& ticket, const Terms& terms, Instant now) {
  ticket.closed_at = now;
  ticket.probation_until = now + terms.probation;
  ticket.fix_left.reset();
}

void restart_clocks(Ticket& ticket, const Terms& terms, Instant now) {
  ticket.closed_at.reset();
  ticket.probation_until.reset();
  ticket.claimed_at.reset();
  ticket.fix_left.reset();
  ticket.answered_at.reset();
  ticket.overdue_for.reset();
  ticket.ladder_next_at.reset();
  ticket.reminded.clear();
  ticket.respond_by = now + terms.respond_within;
  ticket.fix_by = now + terms.fix_within;
}

std::optional<Instant> deadline(const Ticket& ticket) {
  if (ticket.state != TicketState::open) return std::nullopt;
  return ticket.answered_at ? ticket.fix_by : ticket.respond_by;
}

bool is_overdue(const Ticket& ticket, Instant now) {
  const std::optional<Instant> by = deadline(ticket);
  return by && *by <= now;
}

std::optional<Due> next_due(const Ticket& ticket, const Terms& terms, Instant now) {
  const std::optional<Instant> by = deadline(ticket);
  if (!by) return std::nullopt;
  if (ticket.overdue_for == by) {
    const std::optional<Instant> step = ladder_due(ticket, terms, *by);
    return step ? std::optional{Due{Due::Kind::ladder, *step}} : std::nullopt;
  }
  std::optional<Due> due = Due{Due::Kind::overdue, *by};
  if (const std::optional<Instant> next = due_next(ticket, now)) {
    const std::optional<Instant> reminder = next_reminder(ticket, terms, *next, now);
    if (reminder && *reminder < due->at && now < due->at) due = Due{Due::Kind::reminder, *reminder};
  }
  return due;
}

}  // namespace abate
