// SPDX-License-Identifier: Apache-2.0
// Proofs from the customer's server: kept whole, checked by the desk itself, believed only so far (R34, B6).
#include "base/canonical_json.h"
#include "base/hash.h"
#include "desk/change.h"
#include "desk/customer.h"
#include "model/ladder.h"
#include "model/proof_check.h"

namespace abate::desk {
namespace {

namespace json = boost::json;

Result<std::size_t> proofs_of(Transaction& store, const std::string& ticket_id) {
  std::size_t count = 0;
  Page page{{}, kPageMax};
  do {
    TRY_ASSIGN(const Listed<Entry> entries, store.entries(ticket_id, page));
    count += static_cast<std::size_t>(std::ranges::count(entries.items, EntryKind::proof, &Entry::kind));
    page.after = entries.next;
  } while (!page.after.empty());
  return count;
}

json::array part_json(const std::vector<StatementCheck>& part) {
  json::array out;
  for (const StatementCheck& one : part) out.push_back({{"standing", standing_name(one.standing)}, {"why", one.why}});
  return out;
}

json::object checks_json(const ReplyCheck& check) {
  json::array proofs;
  for (const ProofCheck& proof : check.proofs)
    proofs.push_back({{"id", proof.id},
                      {"whole", checked_name(proof.whole)},
                      {"here", checked_name(proof.here)},
                      {"in_time", checked_name(proof.in_time)},
                      {"why", proof.why}});
  json::array questions;
  for (const std::string& question : check.questions) questions.emplace_back(question);
  return {{"names_ticket", checked_name(check.names_ticket)},
          {"proofs", std::move(proofs)},
          {"cause", part_json(check.cause)},
          {"done", part_json(check.done)},
          {"confirmed", part_json(check.confirmed)},
          {"prevention", part_json(check.prevention)},
          {"proved", check.proved},
          {"claimed", check.claimed},
          {"questions", std::move(questions)}};
}

}  // namespace

Result<Ticket> add_proof(Desk& desk, const Ask& ask, const NewProof& proof) {
  return change_ticket(desk, ask, Move::prove, [&](Change& change) -> Result<void> {
    const std::string whole = canonical_json(proof.document);
    if (whole.size() > kReplyBytesMax)
      return failure(Fault::too_big, "proofs of {} bytes; at most {} are taken", whole.size(), kReplyBytesMax);
    TRY_ASSIGN(const std::size_t before, proofs_of(change.store, change.ticket.id));
    if (before >= kProofsOfTicketMax)
      return failure(Fault::conflict, "{} holds {} documents with proofs already; no more are taken", change.ticket.id,
                     before);
    note_reached(change.ticket, change.terms, change.now);  // whoever proves has read it
    json::object body = came_by(ask.who);
    body["sha256"] = sha256_hex(whole);
    body["checks"] = checks_json(check_reply(proof.reply, proof.findings, change.ticket, change.now));
    body["document"] = proof.document;
    TRY(change.enter(EntryKind::proof, std::move(body)));
    return {};
  });
}

}  // namespace abate::desk
