// SPDX-License-Identifier: Apache-2.0
// desk/triage.h — what becomes of a report that was read: each incident is attributed, and what is matched joins the
// ticket of its service and category or makes one in review (R2–R5). Internal to the room.
#pragma once

#include "desk/change.h"

namespace abate::desk {

struct Placed {
  std::size_t in_tickets = 0;
  std::size_t for_a_person = 0;  // ambiguous, unassigned, not ours: nothing acts on them by itself (B2)
  std::size_t ignored = 0;       // policy wants nothing of them: they are not kept as incidents, the report is
  std::string why;               // for the person: what is open
};

// In one transaction with saving the reading.
Result<Placed> triage(Desk& desk, Transaction& store, const Unread& report, const Reading& reading);

// A person says where incidents belong; used by file_report too. Returns the ticket.
Result<Ticket> place_incidents(Desk& desk, Transaction& store, const Principal& who, const Assignment& owner,
                               Category category, std::vector<KeptIncident>& incidents, const Reporter& reporter,
                               bool kept_already = false);

}  // namespace abate::desk
