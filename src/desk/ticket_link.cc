// SPDX-License-Identifier: Apache-2.0
#include "desk/ticket_link.h"

#include "base/hash.h"
#include "base/random.h"
#include "desk/access.h"
#include "desk/change.h"

namespace abate::desk {
namespace {

constexpr std::size_t kTokenBytes = 20;  // 160 bits

// The end of probation is the end of the case. What was merged still leads to where it goes on.
bool is_over(const Ticket& ticket, Instant now) {
  switch (ticket.state) {
    case TicketState::open:
    case TicketState::claimed: return false;
    case TicketState::closed:
      return ticket.merged_into.empty() && (!ticket.probation_until || *ticket.probation_until <= now);
    case TicketState::in_review:
    case TicketState::dismissed: break;
  }
  return true;
}

}  // namespace

std::string ticket_url(const Provider& provider, const std::string& ticket_id) {
  return provider.public_url + "/tickets/" + ticket_id;
}

Result<TicketLink> make_link(Transaction& store, const Provider& provider, const Ticket& ticket, Instant now) {
  TicketLink link;
  link.token = std::string{kTicketTokenPrefix} + random_token(kTokenBytes);
  link.url = ticket_url(provider, ticket.id) + "#" + link.token;
  link.until = now + kTicketTokenLasts;
  TRY(store.add_ticket_token({sha256_hex(link.token), ticket.id, now, link.until}, kTicketTokensMax));
  return link;
}

Result<TicketLink> new_link(Desk& desk, const Principal& who, const std::string& ticket_id) {
  const std::shared_ptr<const Provider> provider = desk.provider.load();
  return in_write(desk.store, [&](Transaction& store) -> Result<TicketLink> {
    TRY_ASSIGN(Ticket ticket, store.ticket(ticket_id));
    TRY(may_see(who, ticket));
    if (who.is_link()) return failure(Fault::refused, "a link makes no link: sign in to the Client Area for a new one");
    const Instant now = desk.clock.now();
    if (is_over(ticket, now)) return failure(Fault::conflict, "{} is not open: no link leads into it", ticket.id);
    const std::shared_ptr<const Policy> policy = desk.policy.load();
    Change change{desk, store, who, ticket, policy->of(ticket.category), now};
    TRY_ASSIGN(TicketLink link, make_link(store, *provider, ticket, now));
    TRY(change.enter(EntryKind::note, {{"link", "made"}, {"until", format_rfc3339(link.until)}}));
    TRY(change.save(true));
    return link;
  });
}

Result<std::uint64_t> withdraw_links(Desk& desk, const Principal& who, const std::string& ticket_id) {
  return in_write(desk.store, [&](Transaction& store) -> Result<std::uint64_t> {
    TRY_ASSIGN(Ticket ticket, store.ticket(ticket_id));
    TRY(may_see(who, ticket));
    TRY(may(who, Move::note));
    TRY_ASSIGN(const std::uint64_t ended, store.end_ticket_tokens(ticket.id));
    const std::shared_ptr<const Policy> policy = desk.policy.load();
    Change change{desk, store, who, ticket, policy->of(ticket.category), desk.clock.now()};
    TRY(change.enter(EntryKind::note, {{"link", "withdrawn"}, {"count", ended}}));
    TRY(change.save(true));
    return ended;
  });
}

Result<Principal> principal_of_link(Desk& desk, std::string_view token) {
  return in_read(desk.store, [&](Transaction& store) -> Result<Principal> {
    const Instant now = desk.clock.now();
    TRY_ASSIGN(const TicketToken kept, store.ticket_token(sha256_hex(token), now));
    TRY_ASSIGN(const Ticket ticket, store.ticket(kept.ticket_id));
    if (is_over(ticket, now)) return failure(Fault::not_found, "the case of this link is over");
    return Principal::link(ticket.id, ticket.customer.id);
  });
}

}  // namespace abate::desk
