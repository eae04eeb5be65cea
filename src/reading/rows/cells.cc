// SPDX-License-Identifier: Apache-2.0
#include "reading/rows/cells.h"

#include <cstring>

#include "base/text.h"

namespace abate::reading {
namespace {

bool is_blank(char c, char separator) { return (c == ' ' || c == '\t') && c != separator; }

// Where the quote that closes the cell stands, or npos. Sets `doubled` where there may be doubled quotes before it.
std::size_t closing(std::string_view row, std::size_t from, char separator, bool& doubled) {
  for (std::size_t at = from; at < row.size(); ++at) {  // cells are short: dearer to call memchr than to look
    if (row[at] != '"') continue;
    if (at + 1 < row.size() && row[at + 1] == '"') {
      doubled = true;
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

std::string_view Cells::undoubled(std::string_view inside) {
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
    bool doubled = false;
    const std::size_t end =
        begin < row.size() && row[begin] == '"' ? closing(row, begin + 1, separator, doubled) : row.npos;
    if (end != row.npos) {
      const std::string_view inside = row.substr(begin + 1, end - begin - 1);
      cells_.push_back(doubled ? undoubled(inside) : inside);
      next = end + 1 < row.size() && row[end + 1] == separator ? end + 1 : row.find(separator, end + 1);
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
