// SPDX-License-Identifier: Apache-2.0
// model/assignment.h — address range x time interval -> service: the ledger that attribution reads (R4, B2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ip.h"
#include "base/time.h"

namespace abate {

struct Service {
  std::string id;    // the provider's own: "vps-1001"
  std::string name;  // "mail1"
  friend bool operator==(const Service&, const Service&) = default;
};

struct Customer {
  std::string id;
  std::string name;
  std::string email;  // where notices go
  friend bool operator==(const Customer&, const Customer&) = default;
};

struct Assignment {
  IpRange range;
  Instant from;                  // is in
  std::optional<Instant> until;  // is out; empty: still theirs
  Service service;
  Customer customer;
  friend bool operator==(const Assignment&, const Assignment&) = default;
};

}  // namespace abate
