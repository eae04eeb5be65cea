// SPDX-License-Identifier: Apache-2.0
// desk/ports/probes.h — the part of the store that holds which tickets are to be probed, and when.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/probe.h"

namespace abate::desk {

struct DueProbe {
  std::string ticket_id;
  ProbeWhy why = ProbeWhy::claim;
  Instant due_at;
  std::uint32_t tries = 0;  // earlier claims whose lease ran out
};

class Probes {
 public:
  virtual ~Probes() = default;

  // One a ticket and reason: a later one takes the place of the earlier.
  virtual Result<void> schedule_probe(const std::string& ticket_id, ProbeWhy why, Instant due_at) = 0;
  // Due now and leased to nobody; leased to `owner` until then.
  virtual Result<std::vector<DueProbe>> claim_probes(std::size_t count, const std::string& owner, Instant now,
                                                     Instant lease_until) = 0;
  // Ends it, unless it was scheduled anew meanwhile.
  virtual Result<void> probe_done(const DueProbe& probe) = 0;
  virtual Result<std::optional<Instant>> earliest_probe_due() = 0;
};

}  // namespace abate::desk
