// SPDX-License-Identifier: Apache-2.0
// desk/csv.h — reads CSV (RFC 4180) record by record from a stream, so that ten million rows need no memory.
// Quoted fields may hold line ends; line numbers count physical lines. Internal to the room.
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "base/result.h"

namespace abate::desk {

constexpr std::size_t kCsvRecordBytesMax = 64 * 1024;

class CsvReader {
 public:
  explicit CsvReader(std::istream& in) : in_{in} {}
  // The next record into `fields`, false at the end. A byte order mark and blank lines are skipped.
  Result<bool> next(std::vector<std::string>& fields);
  [[nodiscard]] std::uint64_t line() const { return line_; }  // where the record began; the first line is 1

 private:
  Result<void> take(std::string_view text, std::vector<std::string>& fields);

  std::istream& in_;
  std::uint64_t line_ = 0;
  std::uint64_t lines_read_ = 0;
  std::string text_;
};

}  // namespace abate::desk
