// SPDX-License-Identifier: Apache-2.0
#include "reading/rows/cells.h"

#include <cstring>

#include "base/text.h"

namespace abate::reading {
namespace {

bool is_blank(char c, char separator) { return (c == ' ' || c == '\t') && c != separator; }

// Where the quote that closes the cell stands, or npos.
std::size_t closing(std::string_view row, std::size_t from, char separator) {
  for (std::size_t at = row.find('"', from); at != row.npos; at = row.find('"', at + 1)) {
    if (at + 1 < row.size() && row[at + 1] == '"') {
      ++at;  // a doubled quote is text, unless the row ends behind it
      if (at + 1 < row.size()) continue;
    }
    std::size_t behind = at + 1;
    while (behind < row.size() && is_blank(row[behind], separator)) ++behind;
    if (behind == row.size() || row[behind] == separator) return at;
  }
  return row.npos;
}

}  // namespace

std::string_view Cells::take_quoted(std::string_view row, std::size_t& at, char separator) {
  const std::size_t end = closing(row, at + 1, separator);
  if (end == row.npos) return {};
  const std::string_view inside = row.substr(at + 1, end - at - 1);
  at = row.find(separator, end + 1);
  if (inside.find("\"\"") == inside.npos) return inside;
  std::string& plain = scratch_.emplace_back();
  for (std::size_t i = 0; i < inside.size(); ++i) {
    plain += inside[i];
    if (inside[i] == '"' && i + 1 < inside.size() && inside[i + 1] == '"') ++i;
  }
  return plain;
}

const std::vector<std::string_view>& Cells::split(std::string_view row, char separator) {
  cells_.clear();
  scratch_.clear();
  std::size_t at = 0;
  for (;;) {
    std::size_t begin = at;
    while (begin < row.size() && is_blank(row[begin], separator)) ++begin;
    std::size_t next = row.npos;
    if (begin < row.size() && row[begin] == '"' && closing(row, begin + 1, separator) != row.npos) {
      next = begin;
      cells_.push_back(take_quoted(row, next, separator));
    } else {
      const bool last = cells_.size() + 1 == kCellsMax;
      const void* found = last || at >= row.size() ? nullptr : std::memchr(row.data() + at, separator, row.size() - at);
      next = found == nullptr ? row.npos : static_cast<std::size_t>(static_cast<const char*>(found) - row.data());
      cells_.push_back(trim(row.substr(std::min(at, row.size()), next == row.npos ? row.npos : next - at)));
    }
    if (next == row.npos || cells_.size() == kCellsMax) return cells_;
    at = next + 1;
  }
}

}  // namespace abate::reading
