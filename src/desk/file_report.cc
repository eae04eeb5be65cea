// SPDX-License-Identifier: Apache-2.0
// What the desk could not place by itself, a person places (law 2, B2).
#include "base/hash.h"
#include "base/text.h"
#include "desk/triage.h"

namespace abate::desk {
namespace {

Result<Assignment> owner_of(Transaction& store, const std::string& service_id) {
  TRY_ASSIGN(const std::uint64_t version, store.ledger_version());
  TRY_ASSIGN(const std::vector<Assignment> rows, store.assignments_of_service(version, service_id));
  if (!rows.empty()) return rows.back();
  return failure(Fault::malformed, "the ledger knows no service '{}'", service_id);
}

// A report that could not be read still says one thing: that somebody complained. That becomes the incident.
KeptIncident complaint(const Report& report, Category category) {
  KeptIncident kept;
  kept.id = report.id + ".1";
  kept.report_id = report.id;
  kept.incident.category = category;
  kept.incident.type = category == Category::spam ? "messaging/spam" : "other/unspecified";
  kept.incident.reasons = {"filed by a person"};
  kept.seen_at = report.received_at;
  if (report.reading.mail && !report.reading.mail->text.empty()) {
    Evidence evidence;
    evidence.content_type = "text/plain";
    evidence.description = "the report's text";
    evidence.bytes = shorten(report.reading.mail->text, kEvidenceBytesMax);
    evidence.sha256 = sha256_hex(evidence.bytes);
    kept.incident.evidence.push_back(std::move(evidence));
  }
  return kept;
}

}  // namespace

Result<Ticket> file_report(Desk& desk, const Principal& who, const std::string& report_id,
                           const std::string& service_id, Category category) {
  if (!who.is_team()) return failure(Fault::refused, "reports are judged by the Abuse Team");
  Result<Ticket> filed = in_write(desk.store, [&](Transaction& store) -> Result<Ticket> {
    TRY_ASSIGN(const Report report, store.report(report_id));
    if (report.status == ReportStatus::received) return failure(Fault::conflict, "{} has not been read yet", report_id);
    TRY_ASSIGN(const Assignment owner, owner_of(store, service_id));
    TRY_ASSIGN(std::vector<KeptIncident> incidents, store.incidents_of_report(report_id));
    std::erase_if(incidents, [](const KeptIncident& kept) { return !kept.ticket_id.empty(); });
    const bool unread = incidents.empty();
    if (unread && report.status == ReportStatus::read)
      return failure(Fault::conflict, "all incidents of {} stand in tickets already", report_id);
    if (unread) incidents.push_back(complaint(report, category));
    TRY_ASSIGN(const Ticket ticket,
               place_incidents(desk, store, who, owner, category, incidents, report.reading.reporter, !unread));
    TRY(store.set_report_status(report_id, ReportStatus::read, false, "filed under " + ticket.id));
    return ticket;
  });
  if (filed) desk.bell.ring(Bell::Topic::outbox);
  return filed;
}

}  // namespace abate::desk
