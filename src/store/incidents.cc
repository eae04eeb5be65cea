// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "store/rows.h"
#include "store/transaction.h"

namespace abate::store {
namespace {

struct Numbered {
  std::int64_t number = 0;
  desk::KeptIncident kept;
};

Result<Numbered> read_row(const Row& row) {
  Numbered out{.number = row.integer(0), .kept = {}};
  out.kept.id = row.string(1);
  out.kept.report_id = row.string(2);
  out.kept.ticket_id = row.string(3);
  out.kept.seen_at = row.at(4);
  TRY(read_incident(row.view(5), out.kept));
  return out;
}

}  // namespace

Result<void> StoreTransaction::add_incident(const desk::KeptIncident& incident) {
  desk::KeptIncident kept = incident;
  for (Evidence& evidence : kept.incident.evidence) {
    if (evidence.range) continue;
    // Worked out here: a name that another's bytes could be kept under would let one report change another's evidence.
    const Sha256 hash = sha256(evidence.bytes);
    evidence.sha256 = to_hex(hash);
    TRY(connection_.defer(statement("insert_blob"),
                          {bytes({reinterpret_cast<const char*>(hash.data()), hash.size()}), bytes(evidence.bytes)}));
  }
  const std::string body = write_incident(kept);
  return connection_.defer(statement("insert_incident"), {text(kept.id), text(kept.report_id), text(kept.ticket_id),
                                                          time(kept.seen_at), bytes(body)});
}

// A range that lies outside of its report reads as what there is of it: reading is not believed.
Result<void> StoreTransaction::fill_evidence(desk::KeptIncident& kept) {
  for (Evidence& evidence : kept.incident.evidence) {
    if (!evidence.range) {
      const std::string hash = hash_bytes(evidence.sha256);
      TRY(connection_.run(statement("blob"), {bytes(hash)}, [&](const Row& row) { evidence.bytes = row.string(0); }));
      continue;
    }
    if (evidence_report_ != kept.report_id) {
      TRY_ASSIGN(evidence_bytes_, report_bytes(kept.report_id));
      evidence_report_ = kept.report_id;
    }
    if (evidence.range->offset < evidence_bytes_.size())
      evidence.bytes = evidence_bytes_.substr(evidence.range->offset, evidence.range->length);
  }
  return {};
}

Result<std::vector<desk::KeptIncident>> StoreTransaction::incidents_of_report(const std::string& report_id) {
  std::vector<desk::KeptIncident> out;
  Result<void> read;
  TRY(connection_.run(statement("incidents_of_report"), {text(report_id)}, [&](const Row& row) {
    Result<Numbered> each = read_row(row);
    if (each)
      out.push_back(std::move(each->kept));
    else
      read = std::unexpected(each.error());
  }));
  TRY(read);
  for (desk::KeptIncident& kept : out) TRY(fill_evidence(kept));
  return out;
}

Result<desk::Listed<desk::KeptIncident>> StoreTransaction::incidents_of_ticket(const std::string& ticket_id,
                                                                               const desk::Page& page) {
  TRY_ASSIGN(const std::int64_t before, read_cursor(page.after, std::numeric_limits<std::int64_t>::max()));
  const std::uint64_t limit = page_limit(page);
  desk::Listed<desk::KeptIncident> out;
  std::int64_t last = before;
  Result<void> read;
  TRY(connection_.run(statement("incidents_of_ticket"), {text(ticket_id), number(before), number(limit + 1)},
                      [&](const Row& row) {
                        if (out.items.size() == limit) {
                          out.next = std::to_string(last);
                          return;
                        }
                        Result<Numbered> each = read_row(row);
                        if (!each) {
                          read = std::unexpected(each.error());
                          return;
                        }
                        last = each->number;
                        out.items.push_back(std::move(each->kept));
                      }));
  TRY(read);
  for (desk::KeptIncident& kept : out.items) TRY(fill_evidence(kept));
  return out;
}

Result<void> StoreTransaction::move_incidents(const std::vector<std::string>& incident_ids,
                                              const std::string& to_ticket) {
  for (const std::string& id : incident_ids) {
    TRY_ASSIGN(const std::uint64_t moved, connection_.run(statement("move_incident"), {text(id), text(to_ticket)}));
    if (moved == 0) return failure(Fault::not_found, "there is no incident {}", id);
  }
  return {};
}

Result<void> StoreTransaction::move_all_incidents(const std::string& from_ticket, const std::string& to_ticket) {
  return connection_.defer(statement("move_all_incidents"), {text(from_ticket), text(to_ticket)});
}

Result<std::vector<std::string>> StoreTransaction::report_ids_of_ticket(const std::string& ticket_id) {
  std::vector<std::string> out;
  TRY(connection_.run(statement("report_ids_of_ticket"), {text(ticket_id)},
                      [&](const Row& row) { out.push_back(row.string(0)); }));
  return out;
}

}  // namespace abate::store
