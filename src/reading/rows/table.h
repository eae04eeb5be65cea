// SPDX-License-Identifier: Apache-2.0
// reading/rows/table.h — tables and lists as text: CSV with commas, semicolons, tabs or bars, with a header, a header
// in a comment, or none, and bare lists of addresses, networks, URLs or domains.
//
//   if (const auto table = find_table(text, file_name)) read_table(*table, text, {...}, reading, warnings);
//
// Columns are known by their names (rows/columns.h), else by what their cells hold. Comment lines begin with # ; or //.
// One bad row never spoils the rest: it is counted, and the first ones are named in warnings.
//
// SECURITY: text is hostile; time is linear in its length. Limits: kRowBytesMax, kIncidentsPerReportMax. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reading/rows/record.h"

namespace abate::reading {

constexpr std::size_t kRowBytesMax = 256 * 1024;  // longer rows are bad rows
constexpr std::size_t kLinesLookedAtMax = 60;     // to find out what the table is
constexpr std::size_t kBadRowsNamedMax = 5;

struct TableColumn {
  std::size_t at = 0;
  Column column = Column::source_ip;
  bool utc = false;
  bool stands_in = false;  // taken only where a better column of that meaning is empty
};

struct Table {
  char separator = 0;       // 0: a list, one thing a line
  std::size_t rows_at = 0;  // where the first row begins in the text
  std::size_t cells = 1;    // of a row
  std::vector<TableColumn> columns;
  Feed feed;
};

// Where the text stands, for Evidence and Incident::read_from.
struct TableOrigin {
  std::string part;                   // "part 2 (2015-03-02.csv)", or "" for the report itself
  std::optional<std::size_t> offset;  // of the text in the report, where it stands there verbatim
};

// Nothing where the text is no table, or holds nothing that could be blamed. `context`: file name, subject.
std::optional<Table> find_table(std::string_view text, std::string_view context);
void read_table(const Table& table, std::string_view text, const TableOrigin& origin, Reading& reading,
                Warnings& warnings);

}  // namespace abate::reading
