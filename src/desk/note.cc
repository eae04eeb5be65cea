// SPDX-License-Identifier: Apache-2.0
// What the team keeps for itself: notes, whose case it is, and that the customer has looked.
#include "base/text.h"
#include "desk/access.h"
#include "desk/change.h"
#include "desk/customer.h"

namespace abate::desk {
namespace {

Result<bool> has_viewed(Transaction& store, const std::string& ticket_id) {
  Page page{{}, kPageMax};
  do {
    TRY_ASSIGN(Listed<Entry> entries, store.entries(ticket_id, page));
    for (const Entry& entry : entries.items)
      if (entry.kind == EntryKind::viewed) return true;
    page.after = entries.next;
  } while (!page.after.empty());
  return false;
}

}  // namespace

Result<Ticket> add_note(Desk& desk, const Ask& ask, const std::string& text) {
  return change_ticket(desk, ask, Move::note, [&](Change& change) -> Result<void> {
    TRY_ASSIGN(const std::string says, checked_text(text));
    TRY(change.enter(EntryKind::note, {{"text", says}}));
    return {};
  });
}

Result<Ticket> assign_ticket(Desk& desk, const Ask& ask, const std::string& email) {
  return change_ticket(desk, ask, Move::note, [&](Change& change) -> Result<void> {
    const std::string to = to_lower(trim(email));
    if (!to.empty()) {
      const Result<User> user = change.store.user(to);
      if (!user || user->role == Role::customer) return failure(Fault::malformed, "nobody of the team is '{}'", to);
    }
    change.ticket.assigned_to = to;
    TRY(change.enter(EntryKind::assigned, {{"to", to}}));
    return {};
  });
}

Result<void> note_viewed(Desk& desk, const Principal& who, const std::string& ticket_id) {
  if (!who.is_customer()) return {};
  TRY_ASSIGN(const bool seen_before, in_read(desk.store, [&](Transaction& store) -> Result<bool> {
               TRY_ASSIGN(const Ticket ticket, store.ticket(ticket_id));
               TRY(may_see(who, ticket));
               return has_viewed(store, ticket_id);
             }));
  if (seen_before) return {};
  return desk.store.write([&](Transaction& store) -> Result<void> {
    return touch(desk, store, ticket_id, [&](Change& seen) -> Result<void> {
      TRY_ASSIGN(const bool meanwhile, has_viewed(store, ticket_id));
      if (meanwhile) return {};
      Change change{desk, store, who, seen.ticket, seen.terms, seen.now};
      change.ticket.notice = NoticeStanding::delivered;
      TRY(change.enter(EntryKind::viewed));
      return change.save(true);
    });
  });
}

}  // namespace abate::desk
