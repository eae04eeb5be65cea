// SPDX-License-Identifier: Apache-2.0
// desk/ports/ledger.h — the part of the store that holds the assignments: the whole ledger, replaced at once.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/assignment.h"
#include "model/attribution.h"

namespace abate::desk {

struct LedgerOwner {  // a service and its customer; many rows share one
  Service service;
  Customer customer;
};

class Ledger {
 public:
  virtual ~Ledger() = default;

  virtual Result<std::uint64_t> ledger_version() = 0;  // 0: no ledger was ever imported
  // Begins the next version, empty and unseen; returns its number. Not seen by readers until ledger_switch.
  virtual Result<std::uint64_t> ledger_begin() = 0;
  // `first_owner`: the ordinal of owners[0]; Ownership::row numbers the rows, Ownership::owner the owners, from 0.
  virtual Result<void> ledger_add_owners(std::uint64_t version, std::uint32_t first_owner,
                                         const std::vector<LedgerOwner>& owners) = 0;
  virtual Result<void> ledger_add_rows(std::uint64_t version, const std::vector<Ownership>& rows) = 0;
  virtual Result<void> ledger_switch(std::uint64_t version) = 0;
  virtual Result<void> ledger_drop_others(std::uint64_t keep_version) = 0;

  virtual Result<std::uint64_t> ledger_size(std::uint64_t version) = 0;
  virtual Result<void> ledger_walk(std::uint64_t version, const std::function<void(const Ownership&)>& visit) = 0;
  // The owners in order: ordinal 0, 1, ...
  virtual Result<void> ledger_walk_owners(std::uint64_t version,
                                          const std::function<void(const LedgerOwner&)>& visit) = 0;
  virtual Result<Assignment> assignment(std::uint64_t version, std::uint32_t row) = 0;
  virtual Result<std::vector<Assignment>> assignments_of_service(std::uint64_t version,
                                                                 const std::string& service_id) = 0;
  // The customer as the newest ledger has them: where a notice goes now.
  virtual Result<Customer> customer(const std::string& customer_id) = 0;
};

}  // namespace abate::desk
