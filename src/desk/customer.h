// SPDX-License-Identifier: Apache-2.0
// desk/customer.h — what a customer does with their ticket (R9, R35). The order of judgement is that of desk/team.h.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "desk/team.h"
#include "model/reply.h"

namespace abate::desk {

// How a customer's words came, where it was not by the page or their own token: {"by": "link"}.
boost::json::object came_by(const Principal& who);

// A reply stops respond-by and never fix-by. By the team it is the team's answer, and a notice goes to the customer.
// `stuck`: the customer does not know how to go on and asks for the next step (R36); for customers only.
Result<Ticket> reply(Desk& desk, const Ask& ask, const std::string& text, bool stuck = false);
// "It is fixed": the fix clock rests until the desk accepts or refuses.
Result<Ticket> claim(Desk& desk, const Ask& ask, const std::string& text);
// What the sweep found, did and tried on the customer's server: the reply's form with its proofs, or a verification.
struct NewProof {
  Reply reply;                        // read from `document`
  std::vector<std::string> findings;  // ids of those in it
  boost::json::object document;       // whole numbers only, field names in ASCII: it goes into the history as it is
};
constexpr std::size_t kProofsOfTicketMax = 50;  // documents in one ticket, each of kReplyBytesMax at most
// Kept as one entry, with what the desk found when it checked it (model/proof_check.h). It stops no clock.
// too_big; conflict: the ticket has kProofsOfTicketMax already.
Result<Ticket> add_proof(Desk& desk, const Ask& ask, const NewProof& proof);
// The customer looked at it: entered once, so that the team knows. Not a change that needs a version.
Result<void> note_viewed(Desk& desk, const Principal& who, const std::string& ticket_id);

}  // namespace abate::desk
