// SPDX-License-Identifier: Apache-2.0
// desk/ticket_link.h — the link that leads a customer's programs into one ticket: "https://PUBLIC/tickets/T-…#TOKEN".
//
// The token is random, kept as its hash only, and speaks for the customer about this one ticket: reads it as they do,
// replies, claims, posts proofs. It ends after kTicketTokenLasts, with the case's probation, when the team withdraws
// it, and when kTicketTokensMax newer ones were made. Each notice that asks for work carries one of its own, and the
// customer makes one on the ticket's page. A token makes no further token: one that was stolen ends.
// SECURITY: a browser sends nothing of what follows `#`, so the token stands in no log of the desk or of a proxy.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "desk/desk.h"
#include "model/actor.h"
#include "model/ticket.h"

namespace abate::desk {

constexpr std::chrono::days kTicketTokenLasts{30};
constexpr std::size_t kTicketTokensMax = 20;
constexpr std::string_view kTicketTokenPrefix = "ticket_";  // tells it from the tokens of accounts, also in a leak

struct TicketLink {
  std::string url;    // with the token
  std::string token;  // shown once
  Instant until;
};

std::string ticket_url(const Provider& provider, const std::string& ticket_id);

// In the transaction of a notice. Nothing is judged.
Result<TicketLink> make_link(Transaction& store, const Provider& provider, const Ticket& ticket, Instant now);
// For the customer and the team. refused: a link's token asks. conflict: the case is over, or not open yet.
Result<TicketLink> new_link(Desk& desk, const Principal& who, const std::string& ticket_id);
// All links of this ticket end; for the team. Returned is how many there were.
Result<std::uint64_t> withdraw_links(Desk& desk, const Principal& who, const std::string& ticket_id);

// Whom this token speaks for. not_found: nobody, or no more.
Result<Principal> principal_of_link(Desk& desk, std::string_view token);

}  // namespace abate::desk
