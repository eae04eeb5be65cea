// SPDX-License-Identifier: Apache-2.0
#include "desk/refuse.h"

#include <algorithm>
#include <functional>
#include <set>

#include "desk/notify.h"
#include "model/deadlines.h"

namespace abate::desk {
namespace {

std::optional<Instant> stated_time(const Incident& incident) {
  return incident.ended_at ? incident.ended_at : incident.started_at;
}

bool is_after_claim(const KeptIncident& kept, const Ticket& ticket, const Terms& terms) {
  const std::optional<Instant> at = stated_time(kept.incident);
  return ticket.state == TicketState::claimed && ticket.claimed_at && at &&
         *at > *ticket.claimed_at + terms.claim_slack;
}

// "spam from 203.0.113.10, 17:30 UTC"
std::string what_and_when(const Incident& incident) {
  const std::string where = incident.source_ip ? fmt::format(" from {}", incident.source_ip->to_string()) : "";
  return fmt::format("{}{}, {}", category_title(incident.category), where, format_for_people(*stated_time(incident)));
}

Result<void> refuse_for(Change& change, const KeptIncident& kept) {
  const std::string reason = fmt::format(
      "A new incident was reported: {}. That is after you told us that it is fixed, so something is still at work. It "
      "is in the ticket as {}.",
      what_and_when(kept.incident), kept.id);
  return refuse_now(change, reason,
                    {{"incident", kept.id}, {"incident_at", format_rfc3339(*stated_time(kept.incident))}});
}

std::string to_weigh_note(const KeptIncident& newest, std::size_t count) {
  return fmt::format(
      "Needs a look: harm done after the claim is shown by {} of the incidents that came now, the newest being {} "
      "({}). "
      "Policy does not take this reporter's word for it, so the claim stands until you weigh it: send it back, or "
      "accept "
      "it and say that you looked at this.",
      count, newest.id, what_and_when(newest.incident));
}

constexpr auto kReadingWaitsMax = std::chrono::hours{24};

}  // namespace

Result<void> refuse_now(Change& change, const std::string& reason, boost::json::object more) {
  TRY_ASSIGN(change.ticket.state, next_state(change.ticket.state, Move::refuse));  // the notice names the deadline
  resume_fix_clock(change.ticket, change.now);
  more["reason"] = reason;
  if (change.ticket.fix_by) more["fix_by"] = format_rfc3339(*change.ticket.fix_by);
  TRY(change.enter(EntryKind::refused, std::move(more)));
  return notify(change, NoticeKind::refused, reason);
}

Result<Ticket> refuse_claim(Desk& desk, const Ask& ask, const std::string& reason) {
  return change_ticket(desk, ask, Move::refuse, [&](Change& change) -> Result<void> {
    TRY_ASSIGN(const std::string why, checked_reason(reason));
    return refuse_now(change, why);
  });
}

Result<bool> is_believed(Change& change, const Reporter& reporter) {
  const std::string& who = reporter.authenticated;
  if (who.empty() || who == "none") return false;
  TRY_ASSIGN(const ReporterRecord record, change.store.reporter_record(who));
  return has_good_record(change.terms, record.opened, record.dismissed, record.harmful);
}

Result<void> weigh_against_claim(Change& change, const std::vector<KeptIncident>& incidents, const ReportedBy& by) {
  std::vector<const KeptIncident*> later;
  for (const KeptIncident& kept : incidents)
    if (is_after_claim(kept, change.ticket, change.terms)) later.push_back(&kept);
  if (later.empty()) return {};
  std::ranges::sort(later, std::greater{}, [](const KeptIncident* kept) { return *stated_time(kept->incident); });
  Change by_itself{change.desk, change.store, the_system(), change.ticket, change.terms, change.now};
  std::set<std::string_view> disbelieved;  // reports
  for (const KeptIncident* kept : later) {
    if (disbelieved.contains(kept->report_id)) continue;
    bool counts = change.terms.refuse == RefuseMode::any;
    if (!counts) {
      TRY_ASSIGN(const Reporter reporter, by(*kept));
      TRY_ASSIGN(counts, is_believed(change, reporter));
    }
    if (counts) return refuse_for(by_itself, *kept);
    disbelieved.insert(kept->report_id);
  }
  TRY(by_itself.enter(EntryKind::note, {{"text", to_weigh_note(*later.front(), later.size())}}));
  return {};
}

Result<std::vector<std::string>> incidents_to_weigh(Transaction& store, const Ticket& ticket, const Terms& terms) {
  std::vector<std::string> ids;
  if (ticket.state != TicketState::claimed || !ticket.claimed_at) return ids;
  Page page{{}, kPageMax};
  do {
    TRY_ASSIGN(const Listed<KeptIncident> listed, store.incidents_of_ticket(ticket.id, page));
    for (const KeptIncident& kept : listed.items)
      if (kept.seen_at > *ticket.claimed_at && is_after_claim(kept, ticket, terms)) ids.push_back(kept.id);
    page.after = listed.next;
    // They come newest first, but for what waited to be read.
    if (!listed.items.empty() && listed.items.back().seen_at + kReadingWaitsMax < *ticket.claimed_at) break;
  } while (!page.after.empty());
  return ids;
}

}  // namespace abate::desk
