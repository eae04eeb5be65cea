// SPDX-License-Identifier: Apache-2.0
// web/api/tickets.h — a ticket as an answer. Internal to web/api.
#pragma once

#include "web/api/api.h"
#include "web/api/kit.h"

namespace abate::web {

constexpr std::size_t kIncidentsInTicket = 100;  // newest; the rest at /tickets/{id}/incidents?cursor=incidents_next
constexpr std::size_t kIncidentsInList = 10;

Result<boost::json::object> ticket_form(const Api& api, const Principal& who, const Ticket& ticket,
                                        std::size_t incidents_max);
// 200 with the ticket and its ETag.
Response ticket_answer(const Api& api, const Principal& who, const Ticket& ticket);

}  // namespace abate::web
