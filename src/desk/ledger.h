// SPDX-License-Identifier: Apache-2.0
// desk/ledger.h — brings the provider's ledger of assignments in, whole or not at all, and keeps the index fresh.
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "desk/desk.h"

namespace abate::desk {

struct LedgerChange {  // what an import did, or would do
  std::uint64_t rows = 0;
  std::uint64_t services = 0;
  std::uint64_t added = 0;  // rows that the former ledger had not
  std::uint64_t removed = 0;
  std::vector<std::string> examples;  // "+ 192.0.2.1 from 2026-01-01T00:00:00Z vps-1001", at most kLedgerExamplesMax
};
constexpr std::size_t kLedgerExamplesMax = 20;
constexpr std::size_t kLedgerRowsMax = 50'000'000;

// CSV with the header range,from,until,service_id,service_name,customer_id,customer_name,customer_email (RFC 4180).
// Every error names "line N" (the header is line 1); overlaps name both lines. All or nothing.
Result<LedgerChange> import_ledger(Store& store, std::istream& csv, bool dry_run);

// Loads the index anew when the store's ledger has another version than the one in use, or the provider other prefixes.
// Returns whether it did.
Result<bool> refresh_ledger(Desk& desk);

}  // namespace abate::desk
