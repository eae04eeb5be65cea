// SPDX-License-Identifier: Apache-2.0
// web/pages_samples.h — views to render: what a calm day looks like, for tests and for pictures.
#pragma once

#include "web/pages/case_page.h"
#include "web/pages/client_page.h"
#include "web/pages/queue_page.h"
#include "web/pages/report_page.h"
#include "web/pages/sign_in_page.h"
#include "web/pages/ticket_list_page.h"

namespace abate::web::samples {

Instant now();  // 2 March 2026, 14:40 UTC
Principal analyst();
Principal lead();
Principal customer();
Frame frame(const Principal& who, std::string title, std::string_view active);

Ticket ticket(TicketState state);  // spam on vps-1001, opened seven hours ago where it is open
desk::KeptIncident incident(int number);
desk::KeptIncident ambiguous_incident();
Entry entry(std::uint64_t seq, EntryKind kind, std::string actor, std::string body, Duration ago);
std::vector<Entry> chained(std::vector<Entry> entries);  // seq, prev and hash filled in

CaseView case_view(TicketState state);
ClientView client_view(TicketState state);
QueueView queue_view();
TicketListView list_view();
ReportListView report_list_view();
ReportView report_view();

}  // namespace abate::web::samples
