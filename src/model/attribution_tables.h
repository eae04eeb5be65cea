// SPDX-License-Identifier: Apache-2.0
// model/attribution_tables.h — what an attribution index holds, and what its builder gathers.
// Internal to model/attribution.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/ip.h"
#include "base/result.h"
#include "model/attribution_runs.h"
#include "model/attribution_v4.h"
#include "model/attribution_v6.h"

namespace abate::attribution {

constexpr std::uint64_t kMappedLow = std::uint64_t{0xFFFF} << 32U;  // ::ffff:0.0.0.0, RFC 4291 section 2.5.5.2

inline Key128 key_of(const IpAddress& address) {
  Key128 key;
  std::memcpy(&key.high, address.bytes().data(), 8);
  std::memcpy(&key.low, address.bytes().data() + 8, 8);
  if constexpr (std::endian::native == std::endian::little)
    key = {__builtin_bswap64(key.high), __builtin_bswap64(key.low)};
  return key;
}
constexpr bool is_v4(const Key128& key) { return key.high == 0 && key.low >> 32U == 0xFFFF; }

// The provider's own space, merged into disjoint ranges, one list a family.
class OwnSpace {
 public:
  Result<void> set(std::span<const IpRange> ranges);
  [[nodiscard]] bool holds(const Key128& address) const;
  [[nodiscard]] std::size_t memory_bytes() const { return (v4_.capacity() + v6_.capacity()) * sizeof(Range); }

 private:
  struct Range {
    Key128 first;
    Key128 last;
  };
  static void merge(std::vector<Range>& ranges);
  std::vector<Range> v4_;
  std::vector<Range> v6_;
};

struct Tables {
  Runs runs;
  TableV4 v4;
  TableV6 v6;
  OwnSpace own;
  std::size_t size = 0;
};

// Rows cut into prefixes. A range of n addresses is at most 2 log2(n) of them.
struct Pieces {
  std::vector<Host4> hosts;
  std::vector<Prefix4> narrow;
  std::vector<Prefix4> wide;
  std::vector<Prefix6> high;
  std::vector<Prefix6> deep;
  ExactTimes exact;
  std::size_t rows = 0;

  [[nodiscard]] std::size_t size() const {
    return hosts.size() + narrow.size() + wide.size() + high.size() + deep.size();
  }
  void add_v4(std::uint32_t first, std::uint32_t last, const Interval& interval);
  void add_v6(Key128 first, const Key128& last, const Interval& interval);
};

}  // namespace abate::attribution
