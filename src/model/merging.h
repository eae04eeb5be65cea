// SPDX-License-Identifier: Apache-2.0
// model/merging.h — which ticket an incident joins.
#pragma once

#include "model/incident.h"
#include "model/ticket.h"

namespace abate {

// Same service, same category, and still in review, open, claimed, or closed with its probation running at the time.
bool joins(const Ticket& ticket, const Service& service, Category category, Instant now);

// Adds what the ticket remembers of its incidents: addresses, count, the newest time.
void remember(Ticket& ticket, const Incident& incident, Instant seen_at);

}  // namespace abate
