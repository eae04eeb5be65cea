// SPDX-License-Identifier: Apache-2.0
#include "desk/measures.h"

#include <algorithm>

#include "base/canonical_json.h"
#include "desk/access.h"
#include "desk/notify.h"
#include "model/ladder.h"

namespace abate::desk {
namespace {

Measure* newest(Ticket& ticket, MeasureKind kind) {
  for (auto at = ticket.measures.rbegin(); at != ticket.measures.rend(); ++at)
    if (at->kind == kind) return &*at;
  return nullptr;
}

Measure* numbered(Ticket& ticket, std::uint32_t number) {
  const auto at = std::ranges::find(ticket.measures, number, &Measure::number);
  return at == ticket.measures.end() ? nullptr : &*at;
}

Measure& add(Change& change, MeasureKind kind, MeasureState state, const std::string& reason) {
  Measure measure;
  measure.number = static_cast<std::uint32_t>(change.ticket.measures.size() + 1);
  measure.kind = kind;
  measure.state = state;
  measure.reason = reason;
  measure.by = change.who.actor();
  measure.at = change.now;
  return change.ticket.measures.emplace_back(measure);
}

boost::json::object body_of(const Measure& measure) {
  return {{"measure", measure_name(measure.kind)},
          {"number", measure.number},
          {"reason", measure.reason},
          {"deliberate", measure.deliberate}};
}

Result<void> order(Change& change, const Measure& measure, bool on) {
  const std::string key = fmt::format("{}.m{}.{}", change.ticket.id, measure.number, on ? "on" : "off");
  const std::string body = canonical_json(boost::json::object{{"key", key},
                                                              {"measure", measure_name(measure.kind)},
                                                              {"on", on},
                                                              {"service_id", change.ticket.service.id},
                                                              {"ticket_id", change.ticket.id},
                                                              {"reason", measure.reason},
                                                              {"at", format_rfc3339(change.now)}});
  const std::shared_ptr<const Provider> provider = change.desk.provider.load();
  for (const std::string& enforcer : provider->enforcers) {
    OutboxItem item;
    item.key = key + "/" + enforcer;
    item.kind = OutboxKind::order;
    item.ticket_id = change.ticket.id;
    item.target = enforcer;
    item.payload = body;
    item.measure_number = measure.number;
    item.on = on;
    item.due_at = change.now;
    TRY(change.store.enqueue(item));
  }
  return {};
}

// Does another ticket of this service need the same measure? Then lifting it here must not lift it there.
Result<bool> held_elsewhere(Change& change, MeasureKind kind) {
  TRY_ASSIGN(const std::vector<Ticket> others, change.store.tickets_of_service(change.ticket.service.id));
  return std::ranges::any_of(others, [&](const Ticket& other) {
    return other.id != change.ticket.id &&
           std::ranges::any_of(other.measures, [&](const Measure& m) { return m.kind == kind && holds(m.state); });
  });
}

Result<void> lifted(Change& change, Measure& measure, const std::string& why) {
  measure.state = MeasureState::lifted;
  measure.at = change.now;
  boost::json::object body = body_of(measure);
  body["reason"] = why;
  TRY(change.enter(EntryKind::measure_lifted, std::move(body)));
  return {};
}

}  // namespace

Result<void> propose(Change& change, MeasureKind kind, const std::string& reason) {
  const Measure measure = add(change, kind, MeasureState::proposed, reason);
  TRY(change.enter(EntryKind::measure_proposed, body_of(measure)));
  return {};
}

Result<void> take(Change& change, MeasureKind kind, const std::string& reason, bool deliberate) {
  Measure* measure = newest(change.ticket, kind);
  if (measure != nullptr && (holds(measure->state) || measure->state == MeasureState::lifting))
    return failure(Fault::conflict, "{} is {} already", measure_name(kind), measure_state_name(measure->state));
  if (measure != nullptr && measure->state == MeasureState::failed) {
    measure->state = MeasureState::lifted;  // the attempt that failed is over; the new one has its own key
    measure = nullptr;
  }
  if (measure == nullptr || measure->state != MeasureState::proposed)
    measure = &add(change, kind, MeasureState::approved, reason);
  measure->state = MeasureState::approved;
  measure->reason = reason;
  measure->by = change.who.actor();
  measure->deliberate = deliberate;
  measure->at = change.now;
  change.ticket.ladder_next_at = change.now + change.terms.step_pause;
  TRY(change.enter(EntryKind::measure_approved, body_of(*measure)));
  if (!change.desk.provider.load()->enforcers.empty()) return order(change, *measure, true);
  return order_given_up(change, measure->number, true, "no enforcer is configured: it has to be done by hand");
}

Result<void> lift(Change& change, MeasureKind kind, const std::string& reason) {
  Measure* measure = newest(change.ticket, kind);
  if (measure == nullptr || measure->state == MeasureState::lifted || measure->state == MeasureState::lifting)
    return failure(Fault::conflict, "{} is not in force on {}", measure_name(kind), change.ticket.id);
  if (!holds(measure->state)) return lifted(change, *measure, reason);
  TRY_ASSIGN(const bool elsewhere, held_elsewhere(change, kind));
  if (elsewhere) return lifted(change, *measure, reason + " (another ticket of this service still needs it)");
  measure->state = MeasureState::lifting;
  measure->reason = reason;
  measure->by = change.who.actor();
  measure->at = change.now;
  if (change.desk.provider.load()->enforcers.empty()) return lifted(change, *measure, reason);
  return order(change, *measure, false);
}

Result<void> lift_all(Change& change, const std::string& reason) {
  std::vector<MeasureKind> kinds;
  for (const Measure& measure : change.ticket.measures)
    if (measure.kind != MeasureKind::terminate && measure.state != MeasureState::lifted &&
        measure.state != MeasureState::lifting && measure.state != MeasureState::failed)
      kinds.push_back(measure.kind);
  for (const MeasureKind kind : kinds) TRY(lift(change, kind, reason));
  return {};
}

Result<void> order_done(Change& change, std::uint32_t number, bool on) {
  Measure* measure = numbered(change.ticket, number);
  if (measure == nullptr) return {};
  TRY_ASSIGN(const std::uint64_t open, change.store.orders_open(change.ticket.id, number, on));
  if (open > 0) return {};
  if (on && measure->state == MeasureState::approved) {
    measure->state = MeasureState::in_force;
    measure->at = change.now;
    TRY(change.enter(EntryKind::measure_in_force, body_of(*measure)));
    TRY(notify(change, NoticeKind::measure,
               fmt::format("Your server is {}. Reason: {}", measure_title(measure->kind), measure->reason)));
    return change.save();
  }
  if (!on && measure->state == MeasureState::lifting) {
    TRY(lifted(change, *measure, measure->reason));
    TRY(notify(change, NoticeKind::lifted,
               fmt::format("Your server is no longer {}. Reason: {}", measure_title(measure->kind), measure->reason)));
    return change.save();
  }
  return {};
}

Result<void> order_given_up(Change& change, std::uint32_t number, bool on, const std::string& why) {
  Measure* measure = numbered(change.ticket, number);
  if (measure == nullptr) return {};
  boost::json::object body = body_of(*measure);
  body["why"] = why;
  body["on"] = on;
  TRY(change.enter(EntryKind::measure_failed, std::move(body)));
  measure->at = change.now;
  if (on) {
    measure->state = MeasureState::failed;
    return {};
  }
  // What could not be lifted is still in force. It goes on under a number of its own, so that lifting it again is a new
  // order with a new key.
  measure->state = MeasureState::lifted;
  const bool deliberate = measure->deliberate;
  add(change, measure->kind, MeasureState::in_force, "it could not be lifted: " + why).deliberate = deliberate;
  return {};
}

Result<Ticket> decide_measure(Desk& desk, const Ask& ask, const MeasureAsk& asked) {
  if (asked.measure == MeasureKind::terminate && asked.on && ask.who.is_team()) TRY(may_terminate(ask.who));
  return change_ticket(desk, ask, asked.on ? Move::measure : Move::lift, [&](Change& change) -> Result<void> {
    TRY_ASSIGN(const std::string reason, checked_reason(asked.reason));
    if (!asked.on) {
      TRY(lift(change, asked.measure, reason));
      // What a person gave back, the clock does not take again at its next look: they have a whole pause to go on.
      change.ticket.ladder_next_at =
          std::max(change.ticket.ladder_next_at.value_or(change.now), change.now + change.terms.step_pause);
      return {};
    }
    if (asked.measure == MeasureKind::terminate && asked.confirm != change.ticket.service.id)
      return failure(Fault::malformed, "'confirm' must repeat the id of the service that is to be terminated");
    if (const auto why = why_not(change.ticket, change.terms, asked.measure, asked.deliberate, change.now))
      return failure(Fault::conflict, "{} cannot be taken now: {}", measure_name(asked.measure), *why);
    return take(change, asked.measure, reason, asked.deliberate);
  });
}

}  // namespace abate::desk
