// SPDX-License-Identifier: Apache-2.0
// web/api/tickets.h — a ticket as an answer. Internal to web/api.
#pragma once

#include "web/api/api.h"
#include "web/api/kit.h"

namespace abate::web {

constexpr std::size_t kIncidentsInTicket = 100;  // newest; the rest at /tickets/{id}/incidents?cursor=incidents_next
constexpr std::size_t kIncidentsInList = 10;

// Asked by the token of the ticket's link, it names that token as the way back ("desk").
Result<boost::json::object> ticket_form(const Api& api, const Request& request, const Ticket& ticket,
                                        std::size_t incidents_max);
// 200 with the ticket and its ETag.
Response ticket_answer(const Api& api, const Request& request, const Ticket& ticket);

}  // namespace abate::web
