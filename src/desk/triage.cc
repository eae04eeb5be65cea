// SPDX-License-Identifier: Apache-2.0
#include "desk/triage.h"

#include <map>

#include "desk/attribute.h"
#include "desk/open.h"
#include "desk/refuse.h"
#include "model/merging.h"

namespace abate::desk {
namespace {

struct Group {  // incidents of one report about one service and category
  Assignment owner;
  std::vector<KeptIncident> incidents;
};
using Groups = std::map<std::pair<std::string, Category>, Group>;

// Harm after the closing reopens; harm that was done before it and is told late only joins.
bool harm_returned(const Ticket& ticket, const std::vector<KeptIncident>& incidents) {
  for (const KeptIncident& kept : incidents) {
    const Instant at = kept.incident.ended_at.value_or(kept.incident.started_at.value_or(kept.seen_at));
    if (!ticket.closed_at || at > *ticket.closed_at) return true;
  }
  return false;
}

// Policy opens where the reporter is proved, has the record that policy asks for, and is not alone with a murmur.
Result<bool> opens_by_itself(Change& change, const Reporter& reporter, const std::string& report_id) {
  const Terms& terms = change.terms;
  if (change.ticket.state != TicketState::in_review || terms.open != OpenMode::automatic) return false;
  TRY_ASSIGN(const bool believed, is_believed(change, reporter));
  if (!believed) return false;
  if (terms.noise_incidents > 1 || terms.noise_reporters > 1) {
    TRY_ASSIGN(const Echo echo, change.store.echo_of_ticket(change.ticket.id, change.now - terms.noise_window,
                                                            report_id, reporter.authenticated));
    if (is_noise(terms, echo.incidents, echo.reporters)) return false;
  }
  return true;
}

boost::json::object entry_body(const std::vector<KeptIncident>& incidents, const Reporter& reporter) {
  boost::json::array ids;
  for (const KeptIncident& kept : incidents) {
    if (ids.size() == 100) break;  // the rest is counted; the incidents themselves are in the store
    ids.emplace_back(kept.id);
  }
  return {{"report", incidents.front().report_id},
          {"incidents", std::move(ids)},
          {"count", incidents.size()},
          {"reporter", reporter.address},
          {"authenticated", reporter.authenticated}};
}

std::string_view what_is_open(Verdict verdict) {
  switch (verdict) {
    case Verdict::ambiguous: return "the address changed hands around that time, so whose it was is not certain";
    case Verdict::unassigned: return "no address, or one of ours that nobody held at that time";
    case Verdict::not_ours: return "the address is not one of ours";
    case Verdict::matched: break;
  }
  return "placed";
}

KeptIncident keep_incident(const Unread& report, std::size_t number, const Incident& incident) {
  KeptIncident kept;
  kept.id = fmt::format("{}.{}", report.id, number);
  kept.report_id = report.id;
  kept.incident = incident;
  kept.seen_at = report.received_at;
  return kept;
}

}  // namespace

Result<Ticket> place_incidents(Desk& desk, Transaction& store, const Principal& who, const Assignment& owner,
                               Category category, std::vector<KeptIncident>& incidents, const Reporter& reporter,
                               bool kept_already) {
  const Instant now = desk.clock.now();
  TRY_ASSIGN(std::optional<Ticket> found, store.joinable_ticket(owner.service.id, category, now));
  const bool fresh = !found;
  if (fresh) {
    TRY_ASSIGN(found, make_ticket(desk, store, owner.service, owner.customer, category));
  }
  Ticket& ticket = *found;
  std::vector<std::string> moving;
  for (KeptIncident& kept : incidents) {
    kept.ticket_id = ticket.id;
    remember(ticket, kept.incident, kept.seen_at);
    if (kept_already)
      moving.push_back(kept.id);
    else
      TRY(store.add_incident(kept));
  }
  if (kept_already) TRY(store.move_incidents(moving, ticket.id));
  const std::shared_ptr<const Policy> policy = desk.policy.load();
  Change change{desk, store, who, ticket, policy->of(category), now};
  TRY(change.enter(fresh ? EntryKind::reported : EntryKind::incident_added, entry_body(incidents, reporter)));
  TRY(weigh_against_claim(change, incidents, [&](const KeptIncident&) { return Result<Reporter>{reporter}; }));
  if (ticket.state == TicketState::closed && harm_returned(ticket, incidents))
    TRY(reopen_now(change, "new harm was reported after the case was closed"));
  TRY_ASSIGN(const bool opens, opens_by_itself(change, reporter, incidents.front().report_id));
  if (opens) TRY(open_now(change));
  TRY(change.save());
  return ticket;
}

Result<Placed> triage(Desk& desk, Transaction& store, const Unread& report, const Reading& reading) {
  Placed placed;
  Groups groups;
  std::array<std::size_t, 4> by_verdict{};
  const std::shared_ptr<const Policy> policy = desk.policy.load();
  std::size_t number = 0;
  for (const Incident& incident : reading.incidents) {
    KeptIncident kept = keep_incident(report, ++number, incident);
    if (is_ignored(policy->of(incident.category), reading.reporter.address, incident.source_ip)) {
      ++placed.ignored;
      continue;
    }
    const TimeSpan span = span_of(incident, report.received_at, policy->of(incident.category).undated_window);
    if (incident.source_ip) {
      TRY_ASSIGN(kept.attribution, attribute(desk, store, *incident.source_ip, span));
    } else {
      kept.attribution.verdict = Verdict::unassigned;  // no address: whose it is, a person must say
      kept.attribution.span = span;
    }
    ++by_verdict[static_cast<std::size_t>(kept.attribution.verdict)];
    if (kept.attribution.verdict != Verdict::matched) {
      TRY(store.add_incident(kept));
      ++placed.for_a_person;
      continue;
    }
    Group& group = groups[{kept.attribution.assignment->service.id, incident.category}];
    group.owner = *kept.attribution.assignment;
    group.incidents.push_back(std::move(kept));
  }
  for (auto& [key, group] : groups) {
    TRY(place_incidents(desk, store, the_system(), group.owner, key.second, group.incidents, reading.reporter));
    placed.in_tickets += group.incidents.size();
  }
  if (placed.ignored > 0)
    placed.why = fmt::format("{} of {} incidents: policy ignores reports of this reporter or about this address",
                             placed.ignored, reading.incidents.size());
  for (const Verdict verdict : {Verdict::ambiguous, Verdict::unassigned, Verdict::not_ours})
    if (const std::size_t n = by_verdict[static_cast<std::size_t>(verdict)]; n > 0)
      placed.why += fmt::format("{}{} of {} incidents: {}", placed.why.empty() ? "" : "; ", n, reading.incidents.size(),
                                what_is_open(verdict));
  return placed;
}

}  // namespace abate::desk
