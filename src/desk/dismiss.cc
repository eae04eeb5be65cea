// SPDX-License-Identifier: Apache-2.0
// Dismissal ends a ticket in review, or a report that waits for a person, with its reason (law 2).
#include "base/canonical_json.h"
#include "desk/change.h"

namespace abate::desk {

Result<void> mark_harmful(Change& change, boost::json::object& body) {
  TRY_ASSIGN(const std::vector<std::string> reports, change.store.report_ids_of_ticket(change.ticket.id));
  for (const std::string& id : reports) TRY(change.store.mark_harmful(id));
  body["harmful"] = true;
  return {};
}

Result<Ticket> dismiss_ticket(Desk& desk, const Ask& ask, const std::string& reason, bool harmful) {
  return change_ticket(desk, ask, Move::dismiss, [&](Change& change) -> Result<void> {
    TRY_ASSIGN(const std::string why, checked_reason(reason));
    boost::json::object body{{"reason", why}};
    if (harmful) TRY(mark_harmful(change, body));
    TRY(change.enter(EntryKind::dismissed, std::move(body)));
    return {};
  });
}

Result<Report> dismiss_report(Desk& desk, const Principal& who, const std::string& report_id, const std::string& reason,
                              bool harmful) {
  if (!who.is_team()) return failure(Fault::refused, "reports are judged by the Abuse Team");
  TRY_ASSIGN(const std::string why, checked_reason(reason));
  return in_write(desk.store, [&](Transaction& store) -> Result<Report> {
    TRY_ASSIGN(const Report report, store.report(report_id));
    if (report.status == ReportStatus::received) return failure(Fault::conflict, "{} has not been read yet", report_id);
    if (report.status == ReportStatus::dismissed) return failure(Fault::conflict, "{} is dismissed already", report_id);
    TRY_ASSIGN(const std::vector<KeptIncident> incidents, store.incidents_of_report(report_id));
    for (const KeptIncident& kept : incidents)
      if (!kept.ticket_id.empty())
        return failure(Fault::conflict, "{} belongs to {}: decide there", report_id, kept.ticket_id);
    TRY(store.set_report_status(report_id, ReportStatus::dismissed, false, why));
    boost::json::object body{{"report", report_id}, {"reason", why}};
    if (harmful) {
      TRY(store.mark_harmful(report_id));
      body["harmful"] = true;
    }
    TRY(store.append_entry("reports", desk.clock.now(), who.actor(), EntryKind::dismissed, canonical_json(body)));
    return store.report(report_id);
  });
}

}  // namespace abate::desk
