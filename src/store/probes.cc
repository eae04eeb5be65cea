// SPDX-License-Identifier: Apache-2.0
#include "store/transaction.h"

namespace abate::store {

Result<void> StoreTransaction::schedule_probe(const std::string& ticket_id, ProbeWhy why, Instant due_at) {
  TRY(connection_.run(statement("schedule_probe"), {text(ticket_id), text(probe_why_name(why)), time(due_at)}));
  return {};
}

Result<std::vector<desk::DueProbe>> StoreTransaction::claim_probes(std::size_t count, const std::string& owner,
                                                                   Instant now, Instant lease_until) {
  std::vector<desk::DueProbe> out;
  TRY(connection_.run(statement("claim_probes"),
                      {time(lease_until), text(owner), time(now), number(std::uint64_t{count})}, [&](const Row& row) {
                        out.push_back({.ticket_id = row.string(0),
                                       .why = parse_probe_why(row.view(1)).value_or(ProbeWhy::claim),
                                       .due_at = row.at(2),
                                       .tries = row.small(3) - 1});
                      }));
  return out;
}

Result<void> StoreTransaction::probe_done(const desk::DueProbe& probe) {
  TRY(connection_.run(statement("probe_done"),
                      {text(probe.ticket_id), text(probe_why_name(probe.why)), time(probe.due_at)}));
  return {};
}

Result<std::optional<Instant>> StoreTransaction::earliest_probe_due() {
  std::optional<Instant> out;
  TRY(connection_.run(statement("earliest_probe_due"), {}, [&](const Row& row) { out = row.maybe_at(0); }));
  return out;
}

}  // namespace abate::store
