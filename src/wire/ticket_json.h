// SPDX-License-Identifier: Apache-2.0
// wire/ticket_json.h — the ticket form "abate.ticket/1" (CONTRACT.md; docs/schemas/ticket.schema.json): what the API
// answers with and what the sweep is given. Pure.
//
// A customer's view leaves out (law 6): measures that are only proposed or failed, who works on it, the standing of the
// notices, the customer's own account data, and of each incident its report and attribution. Nobody's view holds the
// ticket's reply token. What evidence says about third parties is shown: policy does not speak of it yet.
#pragma once

#include <span>
#include <string>

#include <boost/json/object.hpp>

#include "model/policy.h"
#include "model/ticket.h"

namespace abate::wire {

enum class View : unsigned char { team, customer };

struct TicketForm {
  const Ticket& ticket;
  const Terms& terms;            // of its category: why a measure may not be taken now
  boost::json::array incidents;  // each from incident_json, newest first
  std::string incidents_next;    // cursor of those that were left out; empty: all are there
  Instant now;
  View view = View::team;
  // The sweep's way back to the desk. The token is that of the ticket's link, told only to whoever came with it.
  std::string desk_url;
  std::string desk_token;  // empty: null
};
boost::json::object ticket_json(TicketForm form);

boost::json::object measure_json(const Measure& measure, View view);
// May this measure be shown to the customer it concerns?
bool shown_to_customer(const Measure& measure);

}  // namespace abate::wire
