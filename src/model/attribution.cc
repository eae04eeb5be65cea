// SPDX-License-Identifier: Apache-2.0
#include "model/attribution.h"

#include <algorithm>

#include "base/check.h"
#include "model/attribution_tables.h"

namespace abate {
namespace {

using namespace attribution;

// What touches the span of one look-up, when no single row covers all of it.
class Gathering {
 public:
  Gathering(const Stretch& stretch, std::span<const std::uint32_t> owner_of_row)
      : stretch_(stretch), owner_of_row_(owner_of_row) {}

  void add(const Interval& interval, Times times) {
    const std::int64_t begin = std::max(times.begin, stretch_.times.begin);
    covered_ += std::min(times.end, stretch_.times.end) - begin;  // rows never overlap, so lengths add up
    if (!owner_of_row_.empty()) {
      CHECK(interval.row() < owner_of_row_.size());
      const std::uint32_t owner = owner_of_row_[interval.row()];
      if (total_ > 0 && owner != owner_) one_owner_ = false;
      owner_ = owner;
    }
    ++total_;
    // The earliest ones, in order. They come from few runs, each in order.
    std::size_t place = kept_;
    while (place > 0 && begins_[place - 1] > begin) --place;
    if (place == kMax) return;
    const std::size_t moved_end = std::min(kept_ + 1, kMax);
    for (std::size_t i = moved_end - 1; i > place; --i) {
      begins_[i] = begins_[i - 1];
      rows_[i] = rows_[i - 1];
    }
    begins_[place] = begin;
    rows_[place] = interval.row();
    kept_ = moved_end;
  }

  [[nodiscard]] bool nothing() const { return total_ == 0; }

  [[nodiscard]] AttributionAnswer answer() const {
    const bool whole = covered_ == stretch_.times.end - stretch_.times.begin;
    const bool matched = whole && (total_ == 1 || (!owner_of_row_.empty() && one_owner_));
    AttributionAnswer answer{.verdict = matched ? Verdict::matched : Verdict::ambiguous,
                             .count = static_cast<std::uint8_t>(kept_),
                             .more = total_ > kept_,
                             .vacant = !whole};
    std::copy_n(rows_.begin(), kept_, answer.rows.begin());
    return answer;
  }

 private:
  static constexpr std::size_t kMax = AttributionAnswer::kCandidatesMax;
  const Stretch& stretch_;
  std::span<const std::uint32_t> owner_of_row_;
  std::int64_t covered_ = 0;
  std::size_t total_ = 0;
  std::size_t kept_ = 0;
  std::uint32_t owner_ = 0;
  bool one_owner_ = true;
  std::array<std::int64_t, kMax> begins_{};
  std::array<std::uint32_t, kMax> rows_{};
};

AttributionAnswer decide_slowly(const Tables& tables, const Key128& address, const History& history,
                                const Stretch& stretch, std::span<const std::uint32_t> owner_of_row) {
  Gathering gathering(stretch, owner_of_row);
  for (const Run run : {history.near, history.far})
    tables.runs.visit(run, stretch, [&](const Interval& interval, Times times) { gathering.add(interval, times); });
  if (!gathering.nothing()) return gathering.answer();
  const bool known = history.held() || tables.own.holds(address);
  return {.verdict = known ? Verdict::unassigned : Verdict::not_ours};
}

// For an IPv6 address `history` holds the prefixes up to /64 only: mostly they settle it, and the search among the
// longer ones can be spared.
inline void decide(const Tables& tables, const Key128& address, History history, const Stretch& stretch,
                   std::span<const std::uint32_t> owner_of_row, AttributionAnswer& answer) {
  const Interval* covering = tables.runs.covering(history.near, stretch);
  if (covering == nullptr) {
    if (!is_v4(address)) history.far = tables.v6.find_deep(address, tables.runs);
    covering = tables.runs.covering(history.far, stretch);
  }
  if (covering == nullptr) {
    answer = decide_slowly(tables, address, history, stretch, owner_of_row);
    return;
  }
  answer = {.verdict = Verdict::matched, .count = 1};
  answer.rows[0] = covering->row();
}

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::matched: return "matched";
    case Verdict::ambiguous: return "ambiguous";
    case Verdict::unassigned: return "unassigned";
    case Verdict::not_ours: return "not_ours";
  }
  CHECK(false);
  return {};
}

AttributionIndex::AttributionIndex() : tables_(std::make_unique<Tables>()) {}
AttributionIndex::AttributionIndex(std::unique_ptr<const Tables> tables) : tables_(std::move(tables)) {}
AttributionIndex::AttributionIndex(AttributionIndex&&) noexcept = default;
AttributionIndex& AttributionIndex::operator=(AttributionIndex&&) noexcept = default;
AttributionIndex::~AttributionIndex() = default;

AttributionAnswer AttributionIndex::find(const IpAddress& address, TimeSpan span,
                                         std::span<const std::uint32_t> owner_of_row) const {
  const Key128 key = key_of(address);
  const History history = is_v4(key) ? tables_->v4.find(static_cast<std::uint32_t>(key.low))
                                     : History{tables_->v6.find_high(key, tables_->runs), {}};
  AttributionAnswer answer;
  decide(*tables_, key, history, stretch_of(span), owner_of_row, answer);
  return answer;
}

void AttributionIndex::find(std::span<const AttributionQuery> queries, std::span<AttributionAnswer> answers,
                            std::span<const std::uint32_t> owner_of_row) const {
  CHECK(queries.size() == answers.size());
  constexpr std::size_t kBatch = 32;  // more loads than a core keeps in flight, and the state stays in its first cache
  constexpr std::uint32_t kLineIntervals = 5;  // that far on lies the next cache line
  struct Flight {
    Key128 key;
    TableV4::Cursor cursor;
    History history;
  };
  std::array<Flight, kBatch> flights;
  const Tables& tables = *tables_;
  for (std::size_t done = 0; done < queries.size(); done += kBatch) {
    const std::size_t count = std::min(kBatch, queries.size() - done);
    for (std::size_t i = 0; i < count; ++i) {
      Flight& flight = flights[i];
      flight.key = key_of(queries[done + i].address);
      if (is_v4(flight.key)) flight.cursor = tables.v4.start(static_cast<std::uint32_t>(flight.key.low));
    }
    for (std::size_t i = 0; i < count; ++i)
      if (is_v4(flights[i].key)) tables.v4.step(flights[i].cursor);
    for (std::size_t i = 0; i < count; ++i) {
      Flight& flight = flights[i];
      flight.history = is_v4(flight.key) ? tables.v4.finish(flight.cursor)
                                         : History{tables.v6.find_high(flight.key, tables.runs), {}};
      const Run run = flight.history.near.count > 0 ? flight.history.near : flight.history.far;
      if (run.count == 0) continue;
      __builtin_prefetch(tables.runs.at(run.start));
      __builtin_prefetch(tables.runs.at(run.start + std::min(run.count - 1, kLineIntervals)));
    }
    for (std::size_t i = 0; i < count; ++i) {
      const Flight& flight = flights[i];
      decide(tables, flight.key, flight.history, stretch_of(queries[done + i].span), owner_of_row, answers[done + i]);
    }
  }
}

std::size_t AttributionIndex::size() const { return tables_->size; }

std::size_t AttributionIndex::memory_bytes() const {
  return sizeof(*this) + sizeof(Tables) + tables_->runs.memory_bytes() + tables_->v4.memory_bytes() +
         tables_->v6.memory_bytes() + tables_->own.memory_bytes();
}

}  // namespace abate
