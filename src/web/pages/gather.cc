// SPDX-License-Identifier: Apache-2.0
#include "web/pages/gather.h"

#include "desk/look.h"

namespace abate::web {
namespace {

constexpr std::size_t kEntriesShownMax = desk::kPageMax;

// Why the newest notice did not arrive, in the other side's words.
Result<std::string> why_undelivered(desk::Desk& desk, const std::string& ticket_id) {
  return desk::in_read(desk.store, [&](desk::Transaction& store) -> Result<std::string> {
    TRY_ASSIGN(const std::vector<Notice> notices, store.notices_of_ticket(ticket_id));
    for (auto at = notices.rbegin(); at != notices.rend(); ++at)
      if (at->state == NoticeState::bounced || at->state == NoticeState::failed) return at->diagnostic;
    return std::string{};
  });
}

// Both kinds of page: what they show of a ticket is filled into either view.
template <class View>
Result<void> gather_common(desk::Desk& desk, const Principal& who, const std::string& id, const Cursors& cursors,
                           View& view) {
  TRY_ASSIGN(view.ticket, desk::see_ticket(desk, who, id));
  view.terms = desk.policy.load()->of(view.ticket.category);
  TRY_ASSIGN(desk::Listed<desk::KeptIncident> incidents,
             desk::see_incidents(desk, who, id, desk::Page{cursors.incidents, kIncidentsShownMax}));
  view.incidents = std::move(incidents.items);
  view.next_incidents = std::move(incidents.next);
  TRY_ASSIGN(desk::Listed<Entry> entries,
             desk::see_entries(desk, who, id, desk::Page{cursors.entries, kEntriesShownMax}));
  view.entries = std::move(entries.items);
  view.next_entries = std::move(entries.next);
  return {};
}

}  // namespace

Result<std::map<std::string, ReporterLine>> reporters_of(desk::Desk& desk,
                                                         const std::vector<desk::KeptIncident>& incidents) {
  using Lines = std::map<std::string, ReporterLine>;
  return desk::in_read(desk.store, [&](desk::Transaction& store) -> Result<Lines> {
    Lines lines;
    for (const desk::KeptIncident& kept : incidents) {
      if (lines.contains(kept.report_id)) continue;
      TRY_ASSIGN(const Report report, store.report(kept.report_id));
      ReporterLine line;
      line.report_id = report.id;
      line.address = report.reading.reporter.address.empty() ? report.envelope_from : report.reading.reporter.address;
      line.authenticated = report.reading.reporter.authenticated;
      if (is_authenticated(line.authenticated)) {
        TRY_ASSIGN(line.record, store.reporter_record(line.authenticated));
      }
      lines.emplace(report.id, std::move(line));
    }
    return lines;
  });
}

Result<CaseView> gather_case(desk::Desk& desk, const Principal& who, const std::string& id, const Cursors& cursors) {
  CaseView view;
  TRY(gather_common(desk, who, id, cursors, view));
  view.chain_whole = chain_holds(view.entries);
  TRY_ASSIGN(view.reporters, reporters_of(desk, view.incidents));
  TRY_ASSIGN(view.to_weigh, desk::see_incidents_to_weigh(desk, who, id));
  if (view.ticket.notice == NoticeStanding::undelivered) {
    TRY_ASSIGN(view.undelivered_why, why_undelivered(desk, id));
  }
  return view;
}

Result<ClientView> gather_client(desk::Desk& desk, const Principal& who, const std::string& id,
                                 const Cursors& cursors) {
  ClientView view;
  TRY(gather_common(desk, who, id, cursors, view));
  return view;
}

}  // namespace abate::web
