// SPDX-License-Identifier: Apache-2.0
#include "reading/rows/table.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <span>

#include "base/text.h"
#include "reading/rows/cells.h"

namespace abate::reading {
namespace {

constexpr std::size_t kListLinesMin = 2;
constexpr std::size_t kListTitlesMax = 3;  // lines before the first thing of a list
constexpr std::size_t kTitleBytesMax = 300;
constexpr double kMost = 0.6;
constexpr std::string_view kSeparators = ",\t;|#";
constexpr std::size_t kHashCellsMin = 4;  // fewer, and '#' begins a remark

struct Line {
  std::string_view text;
  std::size_t at = 0;
  std::size_t number = 0;  // counted by next_line(), from 1
};

// A file from an old Macintosh has no LF at all.
char end_of_line_in(std::string_view text) { return text.find('\n') == text.npos ? '\r' : '\n'; }

// The next line that is not empty.
bool next_line(std::string_view text, char end_of_line, std::size_t& at, Line& line) {
  while (at < text.size()) {
    const void* const found = std::memchr(text.data() + at, end_of_line, text.size() - at);
    const std::size_t end =
        found == nullptr ? text.size() : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    line = {text.substr(at, end - at), at, line.number + 1};
    if (line.text.ends_with('\r')) line.text.remove_suffix(1);
    at = std::min(text.size(), end + 1);
    if (!trim(line.text).empty()) return true;
  }
  return false;
}

std::string_view comment_in(std::string_view line) {
  const std::string_view bare = trim(line);
  for (const std::string_view mark : {"#", ";", "//", "%", "--"})
    if (bare.starts_with(mark))
      return trim(bare.substr(bare.find_first_not_of("#;/%- \t") == bare.npos ? bare.size()
                                                                              : bare.find_first_not_of("#;/%- \t")));
  return {};
}
bool is_comment(std::string_view line) {
  const std::string_view bare = trim(line);
  if (!bare.empty() && (bare.front() == '"' || (bare.front() >= '0' && bare.front() <= '9'))) return false;
  return bare.starts_with('#') || bare.starts_with(';') || bare.starts_with("//") || bare.starts_with('%') ||
         bare.starts_with("--");
}

struct Look {  // what was seen of the first lines
  std::vector<Line> comments;
  std::vector<Line> rows;
};

Look look_at(std::string_view text) {
  Look look;
  const char end_of_line = end_of_line_in(text);
  std::size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  Line line;
  while (look.rows.size() < kLinesLookedAtMax && look.comments.size() < kLinesLookedAtMax &&
         next_line(text, end_of_line, at, line)) {
    if (line.text.size() > kRowBytesMax) continue;
    (is_comment(line.text) ? look.comments : look.rows).push_back(line);
  }
  return look;
}

struct Shape {
  char separator = 0;
  std::size_t cells = 1;
  double share = 0;
};

// The separator that cuts most rows into the same number of cells, the more the better.
Shape shape_of(const std::vector<Line>& rows) {
  Shape best;
  Cells cells;
  for (const char separator : kSeparators) {
    std::map<std::size_t, std::size_t> counts;
    for (const Line& row : rows) ++counts[cells.split(row.text, separator).size()];
    const auto most = std::ranges::max_element(counts, {}, [](const auto& each) { return each.second; });
    if (most == counts.end() || most->first < (separator == '#' ? kHashCellsMin : 2)) continue;
    const double share = static_cast<double>(most->second) / static_cast<double>(rows.size());
    if (share >= kMost && (share > best.share + 0.2 || (share >= best.share - 0.2 && most->first > best.cells)))
      best = {separator, most->first, share};
  }
  return best;
}

bool is_address_cell(std::string_view cell) {
  Record record;
  record[Column::source_ip] = cell;
  const auto found = incidents_of(record, {});
  return !found.empty() && found.front().source_ip;
}
bool is_url_cell(std::string_view cell) {
  if (cell.find('/') == cell.npos) return false;
  Record record;
  record[Column::url] = cell;
  const auto found = incidents_of(record, {});
  return !found.empty() && found.front().url && !is_address_cell(cell);
}
bool is_domain_cell(std::string_view cell) {
  if (cell.find(' ') != cell.npos || cell.find('@') != cell.npos || cell.size() > 253) return false;
  const auto domain = domain_of(cell);
  if (!domain || is_address_cell(cell)) return false;
  const std::string_view last = std::string_view{*domain}.substr(domain->rfind('.') + 1);
  return last.size() >= 2 && std::ranges::none_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

struct Header {
  std::vector<std::string> names;  // plain
  std::vector<TableColumn> columns;
  std::size_t known = 0;
};

// Of these another column of the same meaning may stand in, row by row.
bool may_stand_in(Column column) { return column == Column::source_ip || column == Column::started; }

Header header_in(std::string_view line, char separator) {
  struct Named {
    std::size_t at;
    ColumnName name;
  };
  Header out;
  Cells cells;
  std::vector<Named> named;
  std::size_t at = 0;
  for (const std::string_view cell : cells.split(line, separator)) {
    std::string name = plain_name(cell.substr(0, 60));
    if (const auto column = column_of(name); column && cell.size() <= 40 && !is_address_cell(cell))
      named.push_back({at, *column});
    out.names.push_back(std::move(name));
    ++at;
  }
  out.known = named.size();
  std::ranges::stable_sort(named, {}, [](const Named& each) { return each.name.rank; });
  for (const Named& each : named) {
    const Column column = each.name.column;
    const bool is_second = std::ranges::find(out.columns, column, &TableColumn::column) != out.columns.end();
    if (!is_second || may_stand_in(column)) out.columns.push_back({each.at, column, each.name.utc, is_second});
  }
  return out;
}

bool blames(const std::vector<TableColumn>& columns) {
  return std::ranges::any_of(columns, [](const TableColumn& each) {
    return each.column == Column::source_ip || each.column == Column::url || each.column == Column::domain ||
           each.column == Column::host || each.column == Column::destination_ip || each.column == Column::fingerprint;
  });
}
bool has(const std::vector<TableColumn>& columns, Column column) {
  return std::ranges::any_of(columns, [&](const TableColumn& each) { return each.column == column; });
}

// In C2 and URL feeds "destination" is the accused: nobody else is named.
void blame_destination(std::vector<TableColumn>& columns) {
  if (has(columns, Column::source_ip) || has(columns, Column::url) || has(columns, Column::domain)) return;
  for (TableColumn& each : columns) {
    if (each.column == Column::destination_ip) each.column = Column::source_ip;
    if (each.column == Column::destination_port) each.column = Column::source_port;
  }
}

// What a comment holds of a header. "# Format: report|ip|asn": what stands before the last colon is no column, nor is
// a first cell that only says that columns follow ("#fields" of Zeek).
std::string_view header_text(std::string_view comment, char separator) {
  std::string_view line = comment_in(comment);
  if (const std::size_t colon = line.find(": "); colon != line.npos && line.find(separator) > colon)
    return line.substr(colon + 2);
  const std::size_t first = line.find(separator);
  if (first == line.npos) return line;
  const std::string name = plain_name(line.substr(0, std::min(first, kTitleBytesMax)));
  return name == "fields" || name == "columns" || name == "format" ? line.substr(first + 1) : line;
}

// ---- without a header ----

class Guess {
 public:
  Guess(std::span<const Line> rows, const Shape& shape) : rows_{rows}, shape_{shape} {}

  // Columns by what most of their cells hold, and what that says of the feed.
  bool columns(Table& table, std::string_view context) {
    Cells cells;
    for (const Line& row : rows_) {
      const auto& split = cells.split(row.text, shape_.separator);
      if (split.size() == shape_.cells) cells_.emplace_back(split.begin(), split.end());
    }
    const auto address = first([](std::string_view c) { return is_address_cell(c); });
    const auto url = first([](std::string_view c) { return is_url_cell(c); });
    const auto time = first([](std::string_view c) { return cell_time(c).has_value(); });
    const auto domain = first([](std::string_view c) { return is_domain_cell(c); });
    const auto kind = first([](std::string_view c) { return kind_in(c).has_value(); }, 0.3);
    const auto hash = first([](std::string_view c) { return is_hash(c); });
    const auto add = [&](std::optional<std::size_t> at, Column column) {
      if (at) table.columns.push_back({*at, column});
    };
    add(address, Column::source_ip);
    add(url, Column::url);
    if (!url && !address) add(domain, Column::domain);
    add(time, Column::started);
    if (kind != url) add(kind, Column::detail);
    if (!address && !url && !(domain)) add(hash, Column::fingerprint);
    if (address && *address + 1 < shape_.cells &&
        share(*address + 1, [](std::string_view c) { return is_port(c); }) >= kMost)
      add(*address + 1, Column::source_port);
    table.feed = recognise_feed({}, context);
    settle(table.feed, address.has_value(), url.has_value(), hash.has_value());
    return address || url || domain || (hash && time);
  }

 private:
  static bool is_port(std::string_view cell) {
    return !cell.empty() && cell.size() <= 5 && std::ranges::all_of(cell, [](char c) { return c >= '0' && c <= '9'; });
  }
  static bool is_hash(std::string_view cell) {
    Record record;
    record[Column::fingerprint] = cell;
    return cell.size() >= 32 && !incidents_of(record, {}).empty();
  }

  template <class Is>
  double share(std::size_t column, Is is) const {
    if (cells_.empty()) return 0;
    const auto hits = std::ranges::count_if(cells_, [&](const auto& row) { return is(row[column]); });
    return static_cast<double>(hits) / static_cast<double>(cells_.size());
  }
  template <class Is>
  std::optional<std::size_t> first(Is is, double least = kMost) const {
    for (std::size_t column = 0; column < shape_.cells; ++column)
      if (share(column, is) >= least) return column;
    return std::nullopt;
  }

  // Feeds without a header that their cells give away; their times are UTC by their makers' documentation.
  void settle(Feed& feed, bool address, bool url, bool hash) const {
    const bool tells_status = first([](std::string_view c) {
                                return equals_ignoring_case(c, "online") || equals_ignoring_case(c, "offline");
                              }).has_value();
    const auto fixed = [&](Kind kind, std::string_view why) {
      feed.kind = kind;
      feed.why = why;
      feed.pattern = Pattern::fixed;
      feed.utc = true;
    };
    if (feed.kind) return;
    if (address && tells_status) fixed({"infrastructure/botnet", ""}, "rows of a tracker of C2 servers");
    if (url && (hash || tells_status)) fixed({"content/malware", ""}, "rows of a list of malware URLs");
    if (hash && !address && !url) feed.utc = true;
  }

  const std::span<const Line> rows_;
  const Shape shape_;
  std::vector<std::vector<std::string>> cells_;  // copies: Cells keeps undone quotes until its next row only
};

// One thing a line, perhaps with something behind a blank or a '#'.
std::string_view thing_in(std::string_view line) {
  const std::string_view bare = trim(line);
  return bare.substr(0, bare.find_first_of(" \t#"));
}

enum class Thing : std::uint8_t { none, address, url, domain };

Thing thing_of(std::string_view line) {
  const std::string_view thing = thing_in(line);
  if (is_address_cell(thing)) return Thing::address;
  if (is_url_cell(thing)) return Thing::url;
  return is_domain_cell(thing) && thing.size() == trim(line).size() ? Thing::domain : Thing::none;
}

std::optional<Table> find_list(const Look& look, std::string_view context) {
  std::array<std::size_t, 4> counts{};
  std::size_t titles = 0;  // lines before the first thing
  for (const Line& row : look.rows) {
    const Thing thing = thing_of(row.text);
    if (thing == Thing::none && titles == static_cast<std::size_t>(&row - look.rows.data())) ++titles;
    ++counts[static_cast<std::size_t>(thing)];
  }
  if (titles > kListTitlesMax) return std::nullopt;
  const std::size_t all = look.rows.size() - titles;
  const auto most = [&](std::size_t count) {
    return count >= kListLinesMin + titles && static_cast<double>(count) >= 0.8 * static_cast<double>(all);
  };
  const auto [nothing, addresses, urls, domains] = counts;
  Table table;
  if (most(addresses))
    table.columns = {{0, Column::source_ip}};
  else if (most(urls))
    table.columns = {{0, Column::url}};
  else if (most(domains))
    table.columns = {{0, Column::domain}};
  else if (most(all - (nothing - titles)))
    table.columns = {{0, Column::host}};  // some of each
  else
    return std::nullopt;
  table.rows_at = look.rows[titles].at;
  std::string words{context};
  for (std::size_t n = 0; n < titles; ++n) words.append(1, ' ').append(look.rows[n].text.substr(0, kTitleBytesMax));
  table.feed = recognise_feed({}, words);
  return table;
}

std::string words_of(const Look& look, std::string_view context) {
  std::string words{context};
  for (const Line& comment : look.comments) words.append(1, ' ').append(comment.text.substr(0, kTitleBytesMax));
  return words;
}

}  // namespace

std::optional<Table> find_table(std::string_view text, std::string_view context) {
  const Look look = look_at(text);
  if (look.rows.empty()) return std::nullopt;
  const std::string words = words_of(look, context);
  Shape shape = shape_of(look.rows);
  if (shape.separator == 0) return find_list(look, words);
  Table table{
      .separator = shape.separator, .rows_at = look.rows.front().at, .cells = shape.cells, .columns = {}, .feed = {}};

  Header header = header_in(look.rows.front().text, shape.separator);
  const bool first_row = header.known >= 2 || (header.known == 1 && header.names.size() == 2 && look.rows.size() > 1);
  if (first_row)
    table.rows_at = look.rows.front().at + look.rows.front().text.size();
  else
    for (const Line& comment : look.comments)
      if (Header other = header_in(header_text(comment.text, shape.separator), shape.separator);
          other.known > header.known && other.known >= 2)
        header = std::move(other);
  if ((header.known >= 2 || first_row) && blames(header.columns)) {
    table.columns = std::move(header.columns);
    blame_destination(table.columns);
    table.feed = recognise_feed(header.names, words);
    return table;
  }
  Guess guess{std::span{look.rows}.subspan(first_row ? 1 : 0), shape};
  if (!guess.columns(table, words)) return first_row ? std::nullopt : find_list(look, words);
  // A header in a language that is not known here, but for some words: its cells say who is blamed.
  if (first_row)
    for (const TableColumn& column : header.columns)
      if (!has(table.columns, column.column)) table.columns.push_back(column);
  return table;
}

void read_table(const Table& table, std::string_view text, const TableOrigin& origin, Reading& reading,
                Warnings& warnings) {
  Cells cells;
  Line line;
  const char end_of_line = end_of_line_in(text);
  std::size_t at = table.rows_at, bad = 0, unzoned = 0;
  line.number = static_cast<std::size_t>(
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(table.rows_at), end_of_line));
  const std::string read_from = origin.part.empty() ? "line " : origin.part + ", line ";
  while (next_line(text, end_of_line, at, line)) {
    if (is_comment(line.text)) continue;
    if (reading.incidents.empty())
      reading.incidents.reserve(std::min(kIncidentsPerReportMax, text.size() / (line.text.size() + 1) + 1));
    if (reading.incidents.size() >= kIncidentsPerReportMax) {
      warnings.add("More than {} rows: the rest was not taken", kIncidentsPerReportMax);
      break;
    }
    Record record;
    if (table.separator == 0) {
      record[table.columns.front().column] = thing_in(line.text);
    } else if (line.text.size() <= kRowBytesMax) {
      const auto& row = cells.split(line.text, table.separator);
      for (const TableColumn& column : table.columns)
        if (column.at < row.size() && (!column.stands_in || filled(record[column.column]).empty())) {
          record[column.column] = row[column.at];
          if (column.column == Column::started) record.started_is_utc = column.utc;
        }
    }
    const std::size_t found = add_incidents(record, table.feed, reading.incidents);
    if (found == 0) {
      if (++bad <= kBadRowsNamedMax)
        warnings.add("Line {} names nothing that could be blamed: {}", line.number, in_quotes(line.text));
      continue;
    }
    for (Incident& incident : std::span(reading.incidents).last(found)) {
      const auto range =
          origin.offset ? std::optional{ByteRange{*origin.offset + line.at, line.text.size()}} : std::nullopt;
      incident.evidence.push_back(evidence_of(line.text, range, "text/plain", "row", warnings));
      incident.read_from = read_from + std::to_string(line.number);
      if (incident.started_unzoned) ++unzoned;
    }
  }
  if (bad > kBadRowsNamedMax) warnings.add("{} lines in all name nothing that could be blamed", bad);
  if (unzoned > 0) warnings.add_sentence("The times of the rows name no zone");
}

}  // namespace abate::reading
