// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "store/transaction.h"

namespace abate::store {
namespace {

constexpr Bulk kRows{.insert = statement("insert_ledger_row"),
                     .table = "ledger_rows",
                     .columns = "version, ordinal, owner, first, last, valid_from, valid_until"};
constexpr Bulk kOwners{
    .insert = statement("insert_ledger_owner"),
    .table = "ledger_owners",
    .columns = "version, ordinal, service_id, service_name, customer_id, customer_name, customer_email"};
constexpr std::size_t kBulkColumns = 7;

// Columns as in ledger_row and ledger_rows_of_service.
Assignment read_assignment(const Row& row) {
  return Assignment{.range = {row.address(2), row.address(3)},
                    .from = row.at(4),
                    .until = row.maybe_at(5),
                    .service = {row.string(6), row.string(7)},
                    .customer = {row.string(8), row.string(9), row.string(10)}};
}

}  // namespace

Result<std::uint64_t> StoreTransaction::ledger_version() {
  std::uint64_t out = 0;
  TRY(connection_.run(statement("current_ledger"), {}, [&](const Row& row) { out = row.count(0); }));
  return out;
}

Result<std::uint64_t> StoreTransaction::ledger_begin() {
  std::uint64_t version = 0;
  TRY(connection_.run(statement("next_ledger"), {text("ledger_versions")},
                      [&](const Row& row) { version = row.count(0); }));
  TRY(connection_.run(statement("insert_ledger"), {number(version)}));
  return version;
}

Result<void> StoreTransaction::grow_ledger(std::uint64_t version, std::uint64_t rows, std::uint64_t rows_end,
                                           std::uint64_t owners_end) {
  TRY_ASSIGN(
      const std::uint64_t found,
      connection_.run(statement("grow_ledger"), {number(version), number(rows), number(rows_end), number(owners_end)}));
  if (found == 0)
    return failure(Fault::conflict, "another import of the ledger began meanwhile: try again when it is done");
  return {};
}

Result<void> StoreTransaction::ledger_add_owners(std::uint64_t version, std::uint32_t first_owner,
                                                 const std::vector<desk::LedgerOwner>& owners) {
  TRY(grow_ledger(version, 0, 0, std::uint64_t{first_owner} + owners.size()));
  return connection_.bulk(kOwners, owners.size(), kBulkColumns, [&](std::size_t i, std::span<Value> values) {
    const desk::LedgerOwner& owner = owners[i];
    values[0] = number(version);
    values[1] = number(std::uint64_t{first_owner} + i);
    values[2] = text(owner.service.id);
    values[3] = text(owner.service.name);
    values[4] = text(owner.customer.id);
    values[5] = text(owner.customer.name);
    values[6] = text(owner.customer.email);
  });
}

Result<void> StoreTransaction::ledger_add_rows(std::uint64_t version, const std::vector<Ownership>& rows) {
  std::uint64_t end = 0;
  for (const Ownership& row : rows) end = std::max(end, std::uint64_t{row.row} + 1);
  TRY(grow_ledger(version, rows.size(), end, 0));
  TRY(sweep_ledgers(rows.size() * kSweepRowsPerRow));
  return connection_.bulk(kRows, rows.size(), kBulkColumns, [&](std::size_t i, std::span<Value> values) {
    const Ownership& row = rows[i];
    values[0] = number(version);
    values[1] = number(row.row);
    values[2] = number(row.owner);
    values[3] = address(row.range.first);
    values[4] = address(row.range.last);
    values[5] = time(row.from);
    values[6] = time(row.until);
  });
}

Result<void> StoreTransaction::ledger_switch(std::uint64_t version) {
  TRY(connection_.run(statement("hide_ledgers"), {number(version)}));
  TRY_ASSIGN(const std::uint64_t found, connection_.run(statement("show_ledger"), {number(version)}));
  if (found == 0)
    return failure(Fault::conflict, "another import of the ledger began meanwhile: try again when it is done");
  return {};
}

// Unseen at once; the rows go a few at a time, here and while the next ledger comes in. Deleting ten million of them in
// one transaction would keep intake waiting.
Result<void> StoreTransaction::ledger_drop_others(std::uint64_t keep_version) {
  TRY(connection_.run(statement("drop_ledgers"), {number(keep_version)}));
  return sweep_ledgers(kSweepRowsAtOnce);
}

Result<void> StoreTransaction::sweep_ledgers(std::uint64_t rows_max) {
  struct Dropped {
    std::uint64_t version, rows_end, owners_end, swept_rows, swept_owners;
  };
  while (rows_max > 0) {
    std::optional<Dropped> dropped;
    TRY(connection_.run(statement("dropped_ledger"), {}, [&](const Row& row) {
      dropped = Dropped{row.count(0), row.count(1), row.count(2), row.count(3), row.count(4)};
    }));
    if (!dropped) return {};
    const auto& [version, rows_end, owners_end, swept_rows, swept_owners] = *dropped;
    const std::uint64_t rows_to = std::min(rows_end, swept_rows + rows_max);
    TRY(connection_.run(statement("sweep_ledger_rows"), {number(version), number(swept_rows), number(rows_to)}));
    rows_max -= rows_to - swept_rows;
    const std::uint64_t owners_to = std::min(owners_end, swept_owners + rows_max);
    TRY(connection_.run(statement("sweep_ledger_owners"), {number(version), number(swept_owners), number(owners_to)}));
    rows_max -= owners_to - swept_owners;
    if (rows_to == rows_end && owners_to == owners_end)
      TRY(connection_.run(statement("forget_ledger"), {number(version)}));
    else
      TRY(connection_.run(statement("ledger_swept"), {number(version), number(rows_to), number(owners_to)}));
  }
  return {};
}

Result<std::uint64_t> StoreTransaction::ledger_size(std::uint64_t version) {
  std::uint64_t out = 0;
  TRY(connection_.run(statement("ledger_size"), {number(version)}, [&](const Row& row) { out = row.count(0); }));
  return out;
}

Result<void> StoreTransaction::ledger_walk(std::uint64_t version, const std::function<void(const Ownership&)>& visit) {
  std::int64_t last = -1;
  for (bool more = true; more;) {
    TRY_ASSIGN(const std::uint64_t rows,
               connection_.run(statement("walk_ledger"), {number(version), number(last), number(kWalkRows)},
                               [&](const Row& row) {
                                 last = row.integer(0);
                                 visit({.range = {row.address(2), row.address(3)},
                                        .from = row.at(4),
                                        .until = row.maybe_at(5),
                                        .row = row.small(0),
                                        .owner = row.small(1)});
                               }));
    more = rows == kWalkRows;
  }
  return {};
}

Result<void> StoreTransaction::ledger_walk_owners(std::uint64_t version,
                                                  const std::function<void(const desk::LedgerOwner&)>& visit) {
  std::int64_t last = -1;
  for (bool more = true; more;) {
    TRY_ASSIGN(const std::uint64_t rows,
               connection_.run(statement("walk_ledger_owners"), {number(version), number(last), number(kWalkRows)},
                               [&](const Row& row) {
                                 last = row.integer(0);
                                 visit({.service = {row.string(1), row.string(2)},
                                        .customer = {row.string(3), row.string(4), row.string(5)}});
                               }));
    more = rows == kWalkRows;
  }
  return {};
}

Result<Assignment> StoreTransaction::assignment(std::uint64_t version, std::uint32_t row_number) {
  Result<Assignment> out = failure(Fault::not_found, "ledger {} has no row {}", version, row_number);
  TRY(connection_.run(statement("ledger_row"), {number(version), number(row_number)},
                      [&](const Row& row) { out = read_assignment(row); }));
  return out;
}

Result<std::vector<Assignment>> StoreTransaction::assignments_of_service(std::uint64_t version,
                                                                         const std::string& service_id) {
  std::vector<Assignment> out;
  TRY(connection_.run(statement("ledger_rows_of_service"), {number(version), text(service_id)},
                      [&](const Row& row) { out.push_back(read_assignment(row)); }));
  return out;
}

Result<Customer> StoreTransaction::customer(const std::string& customer_id) {
  TRY_ASSIGN(const std::uint64_t version, ledger_version());
  Result<Customer> out = failure(Fault::not_found, "the ledger names no customer {}", customer_id);
  TRY(connection_.run(statement("ledger_customer"), {number(version), text(customer_id)},
                      [&](const Row& row) { out = Customer{row.string(0), row.string(1), row.string(2)}; }));
  return out;
}

}  // namespace abate::store
