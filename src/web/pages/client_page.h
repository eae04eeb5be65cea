// SPDX-License-Identifier: Apache-2.0
// web/pages/client_page.h — a ticket in the Client Area: plain words, no threats, the next step in sight (R7, R9, R37).
#pragma once

#include <array>
#include <string>
#include <vector>

#include "desk/ticket_link.h"
#include "web/pages/case_page.h"

namespace abate::web {

struct ClientView {
  Ticket ticket;
  Terms terms;
  std::vector<desk::KeptIncident> incidents;
  std::string next_incidents;
  std::vector<Entry> entries;  // those that a customer is shown
  std::string next_entries;
  Draft draft;                  // "reply" or "claim"
  desk::TicketLink fresh_link;  // just made: shown this once; else empty
};
std::string render(const Frame& frame, const ClientView& view);

// The four parts of a claim (R33), as four fields of the form and as the one text that goes into the ticket.
struct ClaimPart {
  std::string_view field;
  std::string_view title;
  std::string_view hint;
};
extern const std::array<ClaimPart, 4> kClaimParts;
// malformed: names the parts that are empty.
Result<std::string> claim_text(const Form& form);

}  // namespace abate::web
