// SPDX-License-Identifier: Apache-2.0
#include "desk/clock.h"

#include <algorithm>

#include "base/log.h"
#include "desk/measures.h"
#include "desk/notify.h"
#include "model/deadlines.h"
#include "model/ladder.h"

namespace abate::desk {
namespace {

constexpr std::chrono::hours kBrakeWindow{1};
constexpr int kStepsPerLookMax = 8;  // a ticket that slept through everything catches up in one transaction

Result<void> remind(Change& change, const Due& due) {
  change.ticket.reminded.push_back(due.at);
  TRY(change.enter(EntryKind::reminded, {{"due", format_rfc3339(due.at)}}));
  return notify(change, NoticeKind::reminder);
}

Result<void> mark_overdue(Change& change, const Due& due) {
  change.ticket.overdue_for = due.at;
  TRY(change.enter(EntryKind::overdue,
                   {{"deadline", format_rfc3339(due.at)}, {"answered", change.ticket.answered_at.has_value()}}));
  return notify(change, NoticeKind::overdue);
}

// Automatic measures stop at the brake: a wrong feed must not switch off a whole provider. Then a person decides.
Result<bool> brake_holds(Change& change) {
  TRY_ASSIGN(const std::uint64_t taken, change.store.automatic_measures_since(change.now - kBrakeWindow));
  return taken >= change.terms.brake;
}

Result<void> climb(Change& change) {
  const std::optional<MeasureKind> step = next_step(change.ticket, change.terms);
  if (!step || why_not(change.ticket, change.terms, *step, false, change.now)) return {};
  const std::string reason =
      change.ticket.answered_at ? "the harm was not fixed by the deadline" : "nobody answered by the deadline";
  change.ticket.ladder_next_at = change.now + change.terms.step_pause;
  if (change.terms.enforce != EnforceMode::automatic) return propose(change, *step, reason);
  TRY_ASSIGN(const bool braked, brake_holds(change));
  if (braked)
    return propose(change, *step,
                   reason + fmt::format("; the brake of {} automatic measures an hour holds", change.terms.brake));
  return take(change, *step, reason, false);
}

Result<void> keep_time(Change& change) {
  for (int step = 0; step < kStepsPerLookMax; ++step) {
    const std::optional<Due> due = next_due(change.ticket, change.terms, change.now);
    if (!due || due->at > change.now) break;
    switch (due->kind) {
      case Due::Kind::reminder: TRY(remind(change, *due)); break;
      case Due::Kind::overdue: TRY(mark_overdue(change, *due)); break;
      case Due::Kind::ladder: {
        const std::size_t before = change.ticket.measures.size();
        TRY(climb(change));
        if (change.ticket.measures.size() != before) return change.save();  // a measure is a change that people see
        return change.save(true);
      }
    }
  }
  return change.save(true);
}

}  // namespace

DeadlineClock::~DeadlineClock() { stop(); }

void DeadlineClock::start() {
  thread_ = std::thread{[this] { run(); }};
}

void DeadlineClock::stop() {
  stopping_ = true;
  desk_.bell.ring(Bell::Topic::due);
  if (thread_.joinable()) thread_.join();
}

Result<std::size_t> DeadlineClock::tick(const std::string& owner) {
  const Instant now = desk_.clock.now();
  TRY_ASSIGN(const std::vector<Ticket> due, in_write(desk_.store, [&](Transaction& store) {
               return store.claim_due(kDueBatchMax, owner, now, now + kDueLease);
             }));
  for (const Ticket& ticket : due) {
    const Result<void> kept =
        desk_.store.write([&](Transaction& store) { return touch(desk_, store, ticket.id, keep_time); });
    if (!kept) log_error("clock", {{"ticket", ticket.id}, {"why", kept.error().what}});
  }
  if (!due.empty()) desk_.bell.ring(Bell::Topic::outbox);
  return due.size();
}

std::chrono::milliseconds DeadlineClock::until_next() {
  const Result<std::optional<Instant>> next =
      in_read(desk_.store, [](Transaction& store) { return store.earliest_due(); });
  if (!next || !*next) return kClockSleepMax;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(**next - desk_.clock.now());
  return std::clamp(wait, std::chrono::milliseconds{1}, kClockSleepMax);
}

void DeadlineClock::run() {
  const std::string owner = desk_.node + "/clock";
  std::uint64_t seen = 0;
  while (!stopping_ && !desk_.bell.closed()) {
    const Result<std::size_t> looked = tick(owner);
    if (!looked) log_error("clock", {{"why", looked.error().what}});
    if (looked && *looked == kDueBatchMax) continue;
    desk_.bell.wait(Bell::Topic::due, seen, looked ? until_next() : kClockSleepMax);
  }
}

}  // namespace abate::desk
