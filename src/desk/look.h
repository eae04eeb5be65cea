// SPDX-License-Identifier: Apache-2.0
// desk/look.h — reading what the desk holds, as far as whoever asks may see it (law 6).
#pragma once

#include <string>
#include <vector>

#include "desk/desk.h"
#include "model/actor.h"

namespace abate::desk {

// A customer sees their own tickets that left review; for anything else the answer is not_found, as if it were not.
Result<Ticket> see_ticket(Desk& desk, const Principal& who, const std::string& id);
Result<Listed<Ticket>> see_tickets(Desk& desk, const Principal& who, TicketFilter filter, const Page& page);
// A customer is not shown notes, proposals of measures, nor who reported.
Result<Listed<Entry>> see_entries(Desk& desk, const Principal& who, const std::string& ticket_id, const Page& page);
Result<Listed<KeptIncident>> see_incidents(Desk& desk, const Principal& who, const std::string& ticket_id,
                                           const Page& page);
// The team's: of a claimed ticket the incidents that must be weighed before it is accepted (team.h).
Result<std::vector<std::string>> see_incidents_to_weigh(Desk& desk, const Principal& who, const std::string& ticket_id);
Result<Report> see_report(Desk& desk, const Principal& who, const std::string& id);
Result<std::string> see_report_bytes(Desk& desk, const Principal& who, const std::string& id);
Result<std::vector<KeptIncident>> see_report_incidents(Desk& desk, const Principal& who, const std::string& id);
Result<Listed<Report>> see_reports(Desk& desk, const Principal& who, ReportFilter filter, const Page& page);

// May this customer be shown this entry?
bool shown_to_customer(EntryKind kind);

}  // namespace abate::desk
