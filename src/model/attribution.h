// SPDX-License-Identifier: Apache-2.0
// model/attribution.h — whose was this address at that moment? The ledger of assignments, made for look-ups.
//
//   AttributionIndex::Builder builder;
//   builder.reserve(rows);
//   TRY(builder.add({.range = range, .from = from, .until = until, .row = n}));
//   TRY_ASSIGN(AttributionIndex index, builder.build(provider_prefixes));
//   AttributionAnswer answer = index.find(address, {at, at});
//
// What it knows. Only row numbers: what stands in a row (service, customer, the proof to show) is the caller's. Rows
// are rectangles of address x time, [first, last] x [from, until), that may not overlap; a wide range in one year and
// single addresses out of it in the next are fine. Times are exact to the microsecond. A range covers addresses of its
// own family only: "::/0" holds no IPv4 address; an IPv4-mapped IPv6 address is the IPv4 address.
//
// Verdicts over a span (begin is in, end is out; begin == end, or an end before begin, is the instant `begin`):
//   matched     one row holds the address through the whole span. An `until` equal to the span's end is no change.
//   ambiguous   rows touch the span, but none covers all of it: another owner, or nobody, had a part
//   unassigned  no row touches the span; a row holds the address at another time, or the provider's prefixes do
//   not_ours    none of these
// Two adjoining rows of one service are still two rows. Give `find` the owner of each row (owner_of_row[row]) and rows
// of the same owner that together cover the span without a gap count as one: matched, with all of them as candidates.
//
// Without owner_of_row, candidates of one owner with neither `vacant` nor `more` say the same.
//
// Ownership, threads. An index never changes once built: any number of threads read it without a lock. A new ledger is
// a new index behind a std::atomic<std::shared_ptr>; the old one lives until its last reader lets go.
//
// How. IPv4: a table of /16s and /24s, then a bit per address that begins a stretch of equal history; IPv6: sorted
// prefixes under a static B-tree. Either leads to a run of 12-byte intervals in order of time (attribution_runs.h).
// About 14 bytes an assignment in a ledger of single addresses. Limits: kRowsMax; 2^32 intervals after ranges are cut
// into prefixes. Times are held as seconds from 1970 to 2106; a row that needs more (a fraction of a second, a year
// beyond) costs 20 bytes in addition. bench/attribution measures.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/result.h"
#include "base/time.h"

namespace abate {

struct Ownership {
  IpRange range;
  Instant from;
  std::optional<Instant> until;  // nothing: still theirs
  std::uint32_t row = 0;         // the assignment's ordinal in the ledger, below AttributionIndex::kRowsMax, given once
  std::uint32_t owner = 0;       // the service's ordinal, for the ledger in the store; the index does not keep it
};

enum class Verdict : std::uint8_t { matched, ambiguous, unassigned, not_ours };
std::string_view verdict_name(Verdict verdict);

struct AttributionAnswer {
  static constexpr std::size_t kCandidatesMax = 8;

  Verdict verdict = Verdict::not_ours;
  std::uint8_t count = 0;  // how many of `rows` say something
  bool more = false;       // further rows touch the span than could be listed
  bool vacant = false;     // for a part of the span nobody had the address (only where ambiguous)
  // matched: the row that proves it (by owner: the rows). ambiguous: the rows that touch the span, earliest first.
  std::array<std::uint32_t, kCandidatesMax> rows{};

  [[nodiscard]] std::span<const std::uint32_t> candidates() const { return {rows.data(), count}; }
  friend bool operator==(const AttributionAnswer&, const AttributionAnswer&) = default;
};

struct AttributionQuery {
  IpAddress address;
  TimeSpan span;
};

namespace attribution {
struct Tables;
struct Pieces;
}  // namespace attribution

class AttributionIndex {
 public:
  static constexpr std::uint32_t kRowsMax = 1U << 30U;

  class Builder;
  AttributionIndex();  // of an empty ledger: everything is not_ours
  AttributionIndex(AttributionIndex&&) noexcept;
  AttributionIndex& operator=(AttributionIndex&&) noexcept;
  ~AttributionIndex();

  [[nodiscard]] AttributionAnswer find(const IpAddress& address, TimeSpan span,
                                       std::span<const std::uint32_t> owner_of_row = {}) const;
  // Many at once, several times as fast where the ledger is larger than the processor's cache: the look-ups wait for
  // memory together. answers.size() is queries.size() (CHECKed); the answers are those of the one-by-one form.
  void find(std::span<const AttributionQuery> queries, std::span<AttributionAnswer> answers,
            std::span<const std::uint32_t> owner_of_row = {}) const;

  [[nodiscard]] std::size_t size() const;          // assignments
  [[nodiscard]] std::size_t memory_bytes() const;  // all that it holds

 private:
  explicit AttributionIndex(std::unique_ptr<const attribution::Tables> tables);
  std::unique_ptr<const attribution::Tables> tables_;
};

// Takes rows in any order. One thread; used once.
class AttributionIndex::Builder {
 public:
  Builder();
  Builder(Builder&&) noexcept;
  Builder& operator=(Builder&&) noexcept;
  ~Builder();

  // The number of rows to come, mostly single IPv4 addresses: saves memory while building, asks for no promise.
  void reserve(std::size_t rows);
  // malformed: range upside down or of two families, or `until` not after `from`; too_big: a limit. The row is left
  // out then.
  [[nodiscard]] Result<void> add(const Ownership& ownership);
  // malformed when two rows overlap in address and time (overlap() names them then) or a prefix is upside down;
  // too_big when a limit is passed. Give prefixes of the provider in any order; they may overlap.
  [[nodiscard]] Result<AttributionIndex> build(std::span<const IpRange> provider_prefixes);

  struct Overlap {
    std::uint32_t row;    // the smaller number
    std::uint32_t other;  // the larger
  };
  [[nodiscard]] std::optional<Overlap> overlap() const { return overlap_; }

 private:
  std::unique_ptr<attribution::Pieces> pieces_;
  std::optional<Overlap> overlap_;
};

}  // namespace abate
