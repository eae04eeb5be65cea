// SPDX-License-Identifier: Apache-2.0
#include "model/merging.h"

#include <algorithm>

namespace abate {

bool joins(const Ticket& ticket, const Service& service, Category category, Instant now) {
  if (ticket.service.id != service.id || ticket.category != category || !ticket.merged_into.empty()) return false;
  switch (ticket.state) {
    case TicketState::in_review:
    case TicketState::open:
    case TicketState::claimed: return true;
    case TicketState::closed: return ticket.probation_until && now < *ticket.probation_until;
    case TicketState::dismissed: return false;
  }
  return false;
}

void remember(Ticket& ticket, const Incident& incident, Instant seen_at) {
  ++ticket.incident_count;
  const Instant at = incident.ended_at.value_or(incident.started_at.value_or(seen_at));
  if (!ticket.last_incident_at || *ticket.last_incident_at < at) ticket.last_incident_at = at;
  if (!incident.source_ip || ticket.addresses.size() >= kTicketAddressesMax) return;
  const auto place = std::ranges::lower_bound(ticket.addresses, *incident.source_ip);
  if (place == ticket.addresses.end() || *place != *incident.source_ip)
    ticket.addresses.insert(place, *incident.source_ip);
}

}  // namespace abate
