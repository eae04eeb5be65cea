// SPDX-License-Identifier: Apache-2.0
// reading/rows/cells.h — one row of a table as its cells (RFC 4180 and what really comes).
//
// A cell that begins with a quote ends at the next quote that a separator or the row's end follows: senders forget to
// double quotes within. A quote that is never closed is text. Views point into the row, or into `scratch` where doubled
// quotes were undone. Limits: kCellsMax cells, the rest of the row is the last one. Pure.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace abate::reading {

constexpr std::size_t kCellsMax = 512;

class Cells {
 public:
  // The cells of `row` (without its line end). Valid until the next call; the row must live as long.
  const std::vector<std::string_view>& split(std::string_view row, char separator);

 private:
  std::string_view undoubled(std::string_view inside);
  std::vector<std::string_view> cells_;
  std::deque<std::string> scratch_;
};

}  // namespace abate::reading
