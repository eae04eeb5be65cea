// SPDX-License-Identifier: Apache-2.0
// The building of an attribution index: rows are cut into prefixes, sorted, and handed to the tables.
#include <algorithm>
#include <bit>

#include "model/attribution.h"
#include "model/attribution_tables.h"

namespace abate {
namespace attribution {

Result<void> OwnSpace::set(std::span<const IpRange> ranges) {
  for (const IpRange& range : ranges) {
    const Range keys{key_of(range.first), key_of(range.last)};
    if (keys.last < keys.first || is_v4(keys.first) != is_v4(keys.last))
      return failure(Fault::malformed, "{} is no prefix: its last address must follow the first, in one family",
                     format_range(range));
    (is_v4(keys.first) ? v4_ : v6_).push_back(keys);
  }
  merge(v4_);
  merge(v6_);
  return {};
}

void OwnSpace::merge(std::vector<Range>& ranges) {
  std::ranges::sort(ranges, {}, &Range::first);
  std::vector<Range> merged;
  for (const Range& range : ranges) {
    if (!merged.empty() && range.first <= merged.back().last) {
      merged.back().last = std::max(merged.back().last, range.last);
    } else {
      merged.push_back(range);
    }
  }
  merged.shrink_to_fit();
  ranges = std::move(merged);
}

bool OwnSpace::holds(const Key128& address) const {
  const auto& ranges = is_v4(address) ? v4_ : v6_;
  const auto after = std::ranges::upper_bound(ranges, address, {}, &Range::first);
  return after != ranges.begin() && address <= std::prev(after)->last;
}

void Pieces::add_v4(std::uint32_t first, std::uint32_t last, const Interval& interval) {
  std::uint64_t at = first;
  while (at <= last) {  // the largest aligned prefix that begins here and ends by `last`
    const unsigned aligned = at == 0 ? 32U : static_cast<unsigned>(std::countr_zero(at));
    const auto fits = static_cast<unsigned>(std::bit_width(last - at + 1)) - 1;
    const unsigned bits = std::min(aligned, fits);
    const auto start = static_cast<std::uint32_t>(at);
    const auto length = static_cast<std::uint8_t>(32 - bits);
    if (bits == 0) {
      hosts.push_back({start, interval});
    } else {
      (bits < 8 ? narrow : wide).push_back({start, length, interval});
    }
    at += std::uint64_t{1} << bits;
  }
}

void Pieces::add_v6(Key128 first, const Key128& last, const Interval& interval) {
  const auto low_bits = [](unsigned bits) { return bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1; };
  for (;;) {
    unsigned bits = first.low != 0    ? static_cast<unsigned>(std::countr_zero(first.low))
                    : first.high != 0 ? 64U + static_cast<unsigned>(std::countr_zero(first.high))
                                      : 128U;
    Key128 end;
    for (;; --bits) {
      end = {bits > 64 ? first.high | low_bits(bits - 64) : first.high, first.low | low_bits(bits)};
      if (end <= last) break;
    }
    (bits >= 64 ? high : deep).push_back({first, static_cast<std::uint8_t>(128 - bits), interval});
    if (end == last) return;
    first = {end.low == ~std::uint64_t{0} ? end.high + 1 : end.high, end.low + 1};
  }
}

namespace {

template <class Piece>
void sort_prefixes(std::vector<Piece>& pieces, const Runs& runs) {
  std::sort(pieces.begin(), pieces.end(), [&runs](const Piece& a, const Piece& b) {
    if (a.first != b.first) return a.first < b.first;
    if (a.length != b.length) return a.length < b.length;
    return runs.before(a.interval, b.interval);
  });
}

std::optional<Clash> fill(Tables& tables, Pieces& pieces) {
  Runs& runs = tables.runs;
  std::sort(pieces.hosts.begin(), pieces.hosts.end(), [&runs](const Host4& a, const Host4& b) {
    return a.address != b.address ? a.address < b.address : runs.before(a.interval, b.interval);
  });
  sort_prefixes(pieces.narrow, runs);
  sort_prefixes(pieces.wide, runs);
  sort_prefixes(pieces.high, runs);
  sort_prefixes(pieces.deep, runs);
  runs.reserve(pieces.size());
  if (const auto clash = tables.v4.build(pieces.hosts, pieces.narrow, pieces.wide, runs)) return clash;
  pieces.hosts = {};
  pieces.narrow = {};
  pieces.wide = {};
  if (const auto clash = tables.v6.build(pieces.high, pieces.deep, runs)) return clash;
  runs.shrink();
  return std::nullopt;
}

}  // namespace
}  // namespace attribution

using namespace attribution;

AttributionIndex::Builder::Builder() : pieces_(std::make_unique<Pieces>()) {}
AttributionIndex::Builder::Builder(Builder&&) noexcept = default;
AttributionIndex::Builder& AttributionIndex::Builder::operator=(Builder&&) noexcept = default;
AttributionIndex::Builder::~Builder() = default;

void AttributionIndex::Builder::reserve(std::size_t rows) { pieces_->hosts.reserve(rows); }

Result<void> AttributionIndex::Builder::add(const Ownership& ownership) {
  const Key128 first = key_of(ownership.range.first);
  const Key128 last = key_of(ownership.range.last);
  if (is_v4(first) != is_v4(last))
    return failure(Fault::malformed, "the range runs from one IP version into the other");
  if (last < first) return failure(Fault::malformed, "the range ends before it begins");
  if (ownership.row >= kRowsMax) return failure(Fault::too_big, "a ledger holds at most {} assignments", kRowsMax);
  if (pieces_->size() >= kCodeEndless / 4) return failure(Fault::too_big, "the ledger's ranges have too many parts");

  const auto micros = [](Instant at) {
    return std::clamp(std::int64_t{at.time_since_epoch().count()}, kPast, kFuture);
  };
  const Times times{micros(ownership.from), ownership.until ? micros(*ownership.until) : kEndless};
  if (times.end <= times.begin) return failure(Fault::malformed, "`until` must be after `from`");
  const Stretch stretch = stretch_of(times);
  Interval interval{stretch.from, stretch.until, ownership.row};
  if (micros_of(interval.from) != times.begin || micros_of(interval.until) != times.end) {
    interval.mark |= Interval::kInexact;
    pieces_->exact.add(ownership.row, times);
  }
  if (is_v4(first)) {
    pieces_->add_v4(static_cast<std::uint32_t>(first.low), static_cast<std::uint32_t>(last.low), interval);
  } else {
    pieces_->add_v6(first, last, interval);
  }
  ++pieces_->rows;
  return {};
}

Result<AttributionIndex> AttributionIndex::Builder::build(std::span<const IpRange> provider_prefixes) {
  auto tables = std::make_unique<Tables>();
  TRY(tables->own.set(provider_prefixes));
  const std::unique_ptr<Pieces> pieces = std::exchange(pieces_, std::make_unique<Pieces>());
  tables->size = pieces->rows;
  tables->runs.exact = std::move(pieces->exact);
  tables->runs.exact.settle();
  if (const auto clash = fill(*tables, *pieces)) {
    overlap_ = {std::min(clash->row, clash->other), std::max(clash->row, clash->other)};
    return failure(Fault::malformed, "assignments {} and {} overlap in address and time", overlap_->row,
                   overlap_->other);
  }
  return AttributionIndex(std::move(tables));
}

}  // namespace abate
