// SPDX-License-Identifier: Apache-2.0
// desk/team.h — what the Abuse Team does with a ticket. Each use case is one file: open.cc, dismiss.cc, ...
//
// All take who asks and the ticket's version they saw. Order of judgement: may they see it (not_found), may they do it
// (refused), was it said before under the same key (then nothing
// happens), is the version current (stale), does the state allow it (conflict), is the input whole (malformed). Each
// change is one transaction: the ticket, its entries and what goes to the outbox. Returned is the ticket as it is now.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/desk.h"
#include "model/actor.h"
#include "model/ticket.h"

namespace abate::desk {

// "Idempotency-Key": what is said twice under one key happens once.
struct Once {
  std::string key;   // SHA-256 of the ticket, of who says it and of their key; empty: none
  std::string said;  // SHA-256 of what is said
};
Once once_of(const Principal& who, const std::string& ticket_id, std::string_view key, std::string_view said);

struct Ask {
  const Principal& who;
  const std::string& ticket_id;
  std::uint64_t version;  // as the caller saw it
  Once once{};
};
// Was this said before, and done? Then the ticket is to be given back as it is; the use cases do the same. malformed:
// something else was said under that key. Whether `who` may see the ticket is the caller's to judge before.
Result<bool> said_before(Desk& desk, const Once& once);
inline constexpr std::string_view kKeyUsedBefore = "this Idempotency-Key was used before, for something else";
constexpr std::size_t kReasonBytesMax = 4 * 1024;
constexpr std::size_t kTextBytesMax = 256 * 1024;  // of a reply, claim or note

Result<Ticket> open_ticket(Desk& desk, const Ask& ask);
// `harmful`: the reports of the ticket were false and hurt the customer, or would have. It goes into the record of who
// sent them; policy asks for that record before a report opens anything by itself.
Result<Ticket> dismiss_ticket(Desk& desk, const Ask& ask, const std::string& reason, bool harmful = false);
// `weighed`: incidents that show harm done after the claim, and did not refuse it by themselves (policy's `refuse`):
// each must be named by who accepts. conflict: one is not.
Result<Ticket> accept_claim(Desk& desk, const Ask& ask, const std::string& reason,
                            const std::vector<std::string>& weighed = {});
Result<Ticket> refuse_claim(Desk& desk, const Ask& ask, const std::string& reason);
Result<Ticket> close_ticket(Desk& desk, const Ask& ask, const std::string& reason, bool harmful = false);
Result<Ticket> reopen_ticket(Desk& desk, const Ask& ask, const std::string& reason);
Result<Ticket> extend_ticket(Desk& desk, const Ask& ask, Instant fix_by, const std::string& reason);
Result<Ticket> merge_ticket(Desk& desk, const Ask& ask, const std::string& into, const std::string& reason);
// The named incidents leave into a ticket of their own, which begins in review; returned is the ticket that they left.
Result<Ticket> split_ticket(Desk& desk, const Ask& ask, const std::vector<std::string>& incident_ids,
                            const std::string& reason);
Result<Ticket> add_note(Desk& desk, const Ask& ask, const std::string& text);  // the team's own, never shown outside
Result<Ticket> assign_ticket(Desk& desk, const Ask& ask, const std::string& email);

struct MeasureAsk {
  MeasureKind measure = MeasureKind::suspend;
  bool on = true;
  std::string reason;
  bool deliberate = false;
  std::string confirm;  // terminate: the service's id, typed again
};
// Takes a measure (approving a proposed one), or lifts it. Law 5 is judged here: model/ladder.h.
Result<Ticket> decide_measure(Desk& desk, const Ask& ask, const MeasureAsk& measure);

// A report that needs a person and has no ticket: nothing will be opened for it, with the reason.
Result<Report> dismiss_report(Desk& desk, const Principal& who, const std::string& report_id, const std::string& reason,
                              bool harmful = false);
// A person says which service it concerns; it joins or makes a ticket in review. Used for what could not be read or
// attributed by itself.
Result<Ticket> file_report(Desk& desk, const Principal& who, const std::string& report_id,
                           const std::string& service_id, Category category);

}  // namespace abate::desk
