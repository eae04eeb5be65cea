// SPDX-License-Identifier: Apache-2.0
#include "model/attribution_runs.h"

#include <algorithm>

#include "base/check.h"

namespace abate::attribution {

Stretch stretch_of(TimeSpan span) {
  const auto micros = [](Instant at) {
    return std::clamp(std::int64_t{at.time_since_epoch().count()}, kPast, kFuture);
  };
  const std::int64_t begin = micros(span.begin);
  if (span.end <= span.begin) {
    const std::uint32_t code = code_floor(begin);  // an instant is one microsecond; it lies within one code
    return {{begin, begin + 1}, code, code + 1};
  }
  return stretch_of(Times{begin, std::max(begin + 1, micros(span.end))});
}

void ExactTimes::settle() {
  std::ranges::sort(unsorted_, {}, &Row::row);
  rows_.reserve(unsorted_.size());
  times_.reserve(unsorted_.size());
  for (const Row& row : unsorted_) {
    if (!rows_.empty() && rows_.back() == row.row) {
      CHECK(times_.back().begin == row.times.begin && times_.back().end == row.times.end);
      continue;
    }
    rows_.push_back(row.row);
    times_.push_back(row.times);
  }
  unsorted_ = {};
}

Times ExactTimes::of(std::uint32_t row) const {
  const auto found = std::ranges::lower_bound(rows_, row);
  CHECK(found != rows_.end() && *found == row);
  return times_[static_cast<std::size_t>(found - rows_.begin())];
}

}  // namespace abate::attribution
