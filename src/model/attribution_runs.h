// SPDX-License-Identifier: Apache-2.0
// model/attribution_runs.h — runs of intervals in order of time: what the attribution index finds an address's history
// in. Internal to model/attribution.
//
// An interval is 12 bytes: two time codes and a row. A time code is a whole second of 1970..2106, the start or the end
// of time, or "endless"; codes order as times do. A time that no code can say exactly is widened (a `from` rounds down,
// an `until` up), the interval is marked inexact, and its true times stand in a side table by row.
//
// Why rounding is right: with r(t) the largest code at or before t, an exact interval holds t exactly when it holds
// r(t). So look-ups compare codes, and only an inexact interval whose boundary lies in the very second asked about is
// looked up in the side table.
//
// Histories nest: a /24 had an owner before its addresses were given out one by one. A run may therefore begin with a
// link to the run of the nearest wider prefix; nothing is copied, and memory stays linear in the ledger.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"
#include "model/attribution_memory.h"

namespace abate::attribution {

constexpr std::int64_t kEndless = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kPast = std::chrono::microseconds(kDistantPast.time_since_epoch()).count();
constexpr std::int64_t kFuture = std::chrono::microseconds(kDistantFuture.time_since_epoch()).count();
constexpr std::int64_t kSecond = 1'000'000;

constexpr std::uint32_t kCodeEndless = 0xFFFFFFFF;
constexpr std::uint32_t kCodeFuture = 0xFFFFFFFE;
constexpr std::uint32_t kCodeSecondsMax = 0xFFFFFFFD;  // code 1 is 1970-01-01T00:00:00Z, code 0 is kPast

constexpr std::int64_t micros_of(std::uint32_t code) {
  if (code == 0) return kPast;
  if (code <= kCodeSecondsMax) return (std::int64_t{code} - 1) * kSecond;
  return code == kCodeFuture ? kFuture : kEndless;
}
// The latest code at or before `micros`, which is not before kPast.
constexpr std::uint32_t code_floor(std::int64_t micros) {
  if (micros < 0) return 0;
  if (micros >= kFuture) return micros == kEndless ? kCodeEndless : kCodeFuture;
  const std::int64_t seconds = micros / kSecond;
  return seconds < kCodeSecondsMax ? static_cast<std::uint32_t>(seconds + 1) : kCodeSecondsMax;
}
// The earliest code at or after `micros`.
constexpr std::uint32_t code_ceil(std::int64_t micros) {
  const std::uint32_t code = code_floor(micros);
  return micros_of(code) < micros ? code + 1 : code;
}

struct Times {  // microseconds, half-open
  std::int64_t begin;
  std::int64_t end;
};

struct Stretch {  // what is asked about: the times, and the codes around them
  Times times;
  std::uint32_t from;   // at or before times.begin
  std::uint32_t until;  // at or after times.end
};
constexpr Stretch stretch_of(Times times) { return {times, code_floor(times.begin), code_ceil(times.end)}; }
Stretch stretch_of(TimeSpan span);

struct Interval {
  static constexpr std::uint32_t kInexact = 1U << 31U;  // true times are in the side table
  static constexpr std::uint32_t kLink = 1U << 30U;     // no interval: `until` is the start and `mark` the count of the
                                                        // wider prefix's run, `from` its number in its table
  static constexpr std::uint32_t kRowMask = kLink - 1;
  std::uint32_t from;
  std::uint32_t until;
  std::uint32_t mark;  // row and the two flags

  [[nodiscard]] std::uint32_t row() const { return mark & kRowMask; }
  [[nodiscard]] bool inexact() const { return (mark & kInexact) != 0; }
  [[nodiscard]] bool link() const { return (mark & kLink) != 0; }
};
static_assert(sizeof(Interval) == 12);

struct Run {
  std::uint32_t start = 0;
  std::uint32_t count = 0;
};

struct Clash {
  std::uint32_t row;
  std::uint32_t other;
};

// The true times of inexact rows.
class ExactTimes {
 public:
  void add(std::uint32_t row, Times times) { unsorted_.push_back({row, times}); }
  void settle();  // after the last add, before the first `of`; CHECKs that no row was added twice
  [[nodiscard]] Times of(std::uint32_t row) const;
  [[nodiscard]] std::size_t memory_bytes() const {
    return rows_.capacity() * sizeof(std::uint32_t) + times_.capacity() * sizeof(Times);
  }

 private:
  struct Row {
    std::uint32_t row;
    Times times;
  };
  std::vector<Row> unsorted_;
  std::vector<std::uint32_t> rows_;
  std::vector<Times> times_;
};

class Runs {
 public:
  ExactTimes exact;

  void reserve(std::size_t intervals) { intervals_.reserve(intervals); }
  [[nodiscard]] std::uint32_t end() const { return static_cast<std::uint32_t>(intervals_.size()); }
  [[nodiscard]] const Interval* at(std::uint32_t position) const { return intervals_.data() + position; }
  [[nodiscard]] std::size_t memory_bytes() const {
    return intervals_.capacity() * sizeof(Interval) + exact.memory_bytes();
  }
  void shrink() { intervals_.shrink_to_fit(); }

  [[nodiscard]] Times times_of(const Interval& interval) const {
    if (interval.inexact()) [[unlikely]]
      return exact.of(interval.row());
    return {micros_of(interval.from), micros_of(interval.until)};
  }
  // The order of intervals in a run.
  [[nodiscard]] bool before(const Interval& a, const Interval& b) const {
    if (a.from != b.from) return a.from < b.from;
    if (a.inexact() || b.inexact()) {
      const std::int64_t a_begin = times_of(a).begin;
      const std::int64_t b_begin = times_of(b).begin;
      if (a_begin != b_begin) return a_begin < b_begin;
    }
    return a.row() < b.row();
  }

  void append_link(Run to, std::uint32_t node) { intervals_.push_back({node, to.start, to.count | Interval::kLink}); }
  // Appends intervals that are in order; a clash among them, or with what stands in `wider` and its links, is returned.
  template <class Piece>
  std::optional<Clash> append(std::span<const Piece> pieces, Run wider, Run widest = {}) {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const Interval interval = pieces[i].interval;
      if (i > 0 && overlapping(pieces[i - 1].interval, interval))
        return Clash{pieces[i - 1].interval.row(), interval.row()};
      for (const Run run : {wider, widest}) {
        if (run.count == 0) continue;
        std::optional<Clash> clash;
        visit(run, stretch_of(times_of(interval)),
              [&](const Interval& other, Times) { clash = Clash{interval.row(), other.row()}; });
        if (clash) return clash;
      }
      intervals_.push_back(interval);
    }
    return std::nullopt;
  }

  // The interval of this run or its links that surely covers all of the stretch; nullptr: there is none, or only the
  // exact times can tell.
  [[nodiscard]] const Interval* covering(Run run, const Stretch& stretch) const {
    while (run.count > 0) {
      const Interval* i = at(run.start);
      const Interval* const end = i + run.count;
      Run wider;
      if (i->link()) wider = {i->until, (i++)->row()};
      i = first_ending_after(i, end, stretch.from);
      if (i != end) {
        const std::uint32_t unsure = i->mark >> 31U;  // one code to each side
        if (i->from + unsure <= stretch.from && i->until - unsure >= stretch.until) return i;
      }
      run = wider;
    }
    return nullptr;
  }

  // Each interval of the run and its links that touches the stretch, with its exact times.
  template <class Visit>
  void visit(Run run, const Stretch& stretch, Visit&& seen) const {
    while (run.count > 0) {
      const Interval* i = at(run.start);
      const Interval* const end = i + run.count;
      Run wider;
      if (i->link()) wider = {i->until, (i++)->row()};
      for (i = first_ending_after(i, end, stretch.from); i != end && i->from < stretch.until; ++i) {
        const Times times = times_of(*i);
        if (times.begin < stretch.times.end && stretch.times.begin < times.end) seen(*i, times);
      }
      run = wider;
    }
  }

 private:
  [[nodiscard]] bool overlapping(const Interval& earlier, const Interval& later) const {
    if (earlier.until <= later.from) return false;
    return (!earlier.inexact() && !later.inexact()) || times_of(earlier).end > times_of(later).begin;
  }
  static const Interval* first_ending_after(const Interval* begin, const Interval* end, std::uint32_t code) {
    constexpr std::ptrdiff_t kWalkMax = 8;  // as many as two cache lines hold: walking is quicker than halving
    while (end - begin > kWalkMax) {
      const Interval* const middle = begin + (end - begin) / 2;
      if (middle->until > code) {
        end = middle + 1;
      } else {
        begin = middle + 1;
      }
    }
    while (begin != end && begin->until <= code) ++begin;
    return begin;
  }

  Vector<Interval> intervals_;
};

}  // namespace abate::attribution
