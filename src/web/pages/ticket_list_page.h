// SPDX-License-Identifier: Apache-2.0
// web/pages/ticket_list_page.h — lists of tickets: the desk's with filters, and a customer's own.
#pragma once

#include <string>
#include <vector>

#include "model/ticket.h"
#include "web/pages/frame.h"

namespace abate::web {

struct TicketListView {
  std::vector<Ticket> tickets;
  std::string next;   // cursor
  bool first = true;  // no cursor was given
  std::string state;  // the filter as it was asked for
  std::string category;
  bool overdue = false;
  std::string text;
};
std::string render(const Frame& frame, const TicketListView& view);
// Client Area.
std::string render_own(const Frame& frame, const TicketListView& view);

}  // namespace abate::web
