// SPDX-License-Identifier: Apache-2.0
// desk/ports/resolver.h — asks DNS for TXT records: the keys of DKIM, the policies of DMARC. Implemented by the room
// `post`.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/report.h"

namespace abate::desk {

class Resolver {
 public:
  virtual ~Resolver() = default;
  // The records of all names that have one, in no order; what is not found or not answered in time is left out.
  // Bounded in time. Thread-safe.
  virtual std::vector<DnsText> texts(std::span<const std::string> names) = 0;
};

}  // namespace abate::desk
