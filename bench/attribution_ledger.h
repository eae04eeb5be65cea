// SPDX-License-Identifier: Apache-2.0
// bench/attribution_ledger.h — a made-up provider's ledger, questions to it, and two slower ways to answer them.
#pragma once

#include <cstdint>
#include <vector>

#include "model/attribution.h"

namespace abate::bench {

// `wanted` rows that do not overlap, in random order, row numbers 0.. in that order. The same every time.
std::vector<Ownership> make_ledger(std::size_t wanted);
// Half random over the ledger, half out of a hot set of 4096; one in twenty beside the ledger; four in five instants,
// else spans of up to 26 hours, and of up to a year.
std::vector<AttributionQuery> make_queries(const std::vector<Ownership>& rows, std::size_t count);

AttributionAnswer find_naively(const std::vector<Ownership>& rows, const IpAddress& address, TimeSpan span);

// What one would write without thinking of caches: rows sorted by address and time, found by binary search. Single
// addresses and ranges stand apart, so that a range is not looked for among the tenants of single addresses.
class SortedVector {
 public:
  explicit SortedVector(const std::vector<Ownership>& rows);
  [[nodiscard]] AttributionAnswer find(const IpAddress& address, TimeSpan span) const;

 private:
  struct Row {
    IpAddress first;
    IpAddress last;
    IpAddress reach;  // the highest `last` up to here: where walking back may end
    Instant from;
    Instant until;
    std::uint32_t row;
  };
  std::vector<Row> single_;
  std::vector<Row> wide_;
};

}  // namespace abate::bench
