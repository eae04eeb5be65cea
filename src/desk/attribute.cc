// SPDX-License-Identifier: Apache-2.0
#include "desk/attribute.h"

#include <algorithm>

#include "desk/ledger.h"

namespace abate::desk {
namespace {

Verdict without_ledger(const Provider& provider, const IpAddress& address) {
  const bool ours = std::ranges::any_of(provider.prefixes, [&](const IpRange& r) { return r.contains(address); });
  return ours ? Verdict::unassigned : Verdict::not_ours;
}

}  // namespace

Result<Attribution> attribute(Desk& desk, Transaction& transaction, const IpAddress& address, TimeSpan span) {
  Attribution out;
  out.span = span;
  const std::shared_ptr<const LedgerIndex> ledger = desk.ledger.load();
  if (!ledger) {
    out.verdict = without_ledger(*desk.provider.load(), address);
    return out;
  }
  out.ledger_version = ledger->version;
  const AttributionAnswer answer = ledger->index.find(address, span);
  out.verdict = answer.verdict;
  std::vector<Assignment> found;
  for (const std::uint32_t row : answer.candidates()) {
    Result<Assignment> assignment = transaction.assignment(ledger->version, row);
    if (!assignment && assignment.error().fault == Fault::not_found)
      return failure(Fault::unavailable, "the ledger was replaced just now; asking again with the new one");
    if (!assignment) return std::unexpected(assignment.error());
    found.push_back(std::move(*assignment));
  }
  // Rows that follow on each other under one service are one owner: a renewed contract is no change of hands.
  if (out.verdict == Verdict::ambiguous && !answer.vacant && !answer.more && !found.empty() &&
      std::ranges::all_of(found, [&](const Assignment& a) { return a.service == found.front().service; }))
    out.verdict = Verdict::matched;
  if (out.verdict == Verdict::matched)
    out.assignment = found.back();  // the newest: whom a notice can reach
  else
    out.candidates = std::move(found);
  return out;
}

Result<Attribution> attribution_of(Desk& desk, const IpAddress& address, TimeSpan span) {
  for (int tries = 1;; ++tries) {
    Result<Attribution> found =
        in_read(desk.store, [&](Transaction& store) { return attribute(desk, store, address, span); });
    if (found || found.error().fault != Fault::unavailable || tries == kLedgerTriesMax) return found;
    TRY(refresh_ledger(desk));
  }
}

}  // namespace abate::desk
