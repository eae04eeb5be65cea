// SPDX-License-Identifier: Apache-2.0
#include "reading/rows/objects.h"

#include <algorithm>
#include <deque>

#include "base/text.h"

namespace abate::reading {
namespace {

constexpr std::size_t kLookedAtMax = 20;
constexpr std::size_t kEvidenceTextBytesMax = 8 * 1024;

// By the whole path; else by the field's own name, where it means the same wherever it stands: "data.srcip".
std::optional<ColumnName> column_of_path(std::string_view path, std::string_view name) {
  if (const auto known = column_of(path)) return known;
  constexpr std::uint8_t kNested = 8;  // any field that stands higher is surer
  auto nested = name == path ? std::nullopt : column_of(name);
  if (!nested || nested->rank > (nested->column == Column::started ? 2 : 0)) return std::nullopt;
  nested->rank += kNested;
  return nested;
}

// The fields of one row by their plain paths; holds the texts that its Record points to.
class RowFields {
 public:
  // `name`: the last of the path.
  void add(const std::string& path, std::string_view name, std::string text) {
    if (text.empty() || names_.size() >= kFieldsOfObjectMax) return;
    names_.push_back(path);
    const auto column = column_of_path(path, name);
    if (!column) return;
    const auto place = static_cast<std::size_t>(column->column);
    const std::string& kept = texts_.emplace_back(std::move(text));
    if (column->column == Column::source_ip && column->rank == ranks_[place] && !record_.cells[place].empty()) {
      record_.more_sources.push_back(kept);
      return;
    }
    if (column->rank >= ranks_[place]) return;
    if (column->column == Column::source_ip) record_.more_sources.clear();
    ranks_[place] = column->rank;
    record_.cells[place] = kept;
    if (column->column == Column::started) record_.started_is_utc = column->utc;
  }

  // Where nobody else is named, the destination is the accused, as in a table.
  [[nodiscard]] Record& record() {
    auto& source = record_[Column::source_ip];
    const bool hosted = !record_[Column::url].empty() || !record_[Column::domain].empty();
    if (source.empty() && !hosted && !record_[Column::destination_ip].empty())
      std::swap(source, record_[Column::destination_ip]);
    return record_;
  }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::deque<std::string> texts_;
  std::vector<std::string> names_;
  std::array<std::uint8_t, kColumnKinds> ranks_ = [] {
    std::array<std::uint8_t, kColumnKinds> out{};
    out.fill(255);
    return out;
  }();
  Record record_;
};

void flatten(JsonValue value, const std::string& path, const std::string& last, int depth, RowFields& out) {
  if (depth > kObjectDepthMax) return;
  if (value.is_object()) {
    for (const auto& [name, field] : value.fields(kFieldsOfObjectMax)) {
      const std::string plain = plain_name(name.substr(0, 60));
      flatten(field, path + plain, plain, depth + 1, out);
    }
  } else if (value.is_array()) {
    for (const JsonValue item : value.items(1'000)) flatten(item, path, last, depth + 1, out);
  } else {
    out.add(path, last, value.as_text());
  }
}

RowFields row_of(JsonValue object) {
  RowFields row;
  flatten(object, "", "", 0, row);
  return row;
}

bool could_blame(JsonValue object) {
  RowFields row = row_of(object);
  return !incidents_of(row.record(), {}).empty();
}

// The objects that are rows: the array itself, the longest array one level down whose objects blame somebody, or the
// object alone. What only wraps them ({"data": {…}}) is taken off.
std::vector<JsonValue> objects_in(JsonValue root, std::size_t count_max) {
  for (int depth = 0; depth < kObjectDepthMax && root.is_object(); ++depth) {
    const auto fields = root.fields(2);
    if (fields.size() != 1 || !fields.front().second.is_object()) break;
    root = fields.front().second;
  }
  if (root.is_array()) return root.items(count_max);
  std::vector<JsonValue> best;
  for (const auto& [name, field] : root.fields(kFieldsOfObjectMax)) {
    if (!field.is_array()) continue;
    std::vector<JsonValue> items = field.items(count_max);
    const bool objects = !items.empty() && items.front().is_object();
    if (objects && items.size() > best.size() &&
        (name != "Source" && name != "Target" && name != "Node" && name != "address") && could_blame(items.front()))
      best = std::move(items);
  }
  if (best.empty() && root.is_object()) best.push_back(root);
  return best;
}

bool is_element_row(XmlNode node) {
  bool blames = false;
  std::size_t known = 0;
  for (const XmlNode child : node.children()) {
    const auto column = column_of(plain_name(child.name().substr(0, 60)));
    if (!column || child.text().empty()) continue;
    ++known;
    blames = blames || column->column == Column::source_ip || column->column == Column::url ||
             column->column == Column::domain;
  }
  return blames && known >= 2;
}

void element_rows(XmlNode node, int depth, std::vector<XmlNode>& rows) {
  if (depth > 8 || rows.size() >= kIncidentsPerReportMax) return;
  if (is_element_row(node)) {
    rows.push_back(node);
    return;
  }
  for (const XmlNode child : node.children()) element_rows(child, depth + 1, rows);
}

RowFields row_of(XmlNode element) {
  RowFields row;
  for (const XmlNode child : element.children()) {
    const std::string name = plain_name(child.name().substr(0, 60));
    row.add(name, name, child.text());
  }
  return row;
}

std::string shown(JsonValue object) {
  std::string out;
  for (const auto& [name, field] : object.fields(kFieldsOfObjectMax)) {
    const std::string text = field.as_text();
    if (!text.empty() && out.size() < kEvidenceTextBytesMax)
      out += fmt::format("{}: {}\n", make_valid_utf8(name), shorten(text, 500));
  }
  return out;
}
std::string shown(XmlNode element) {
  std::string out;
  for (const XmlNode child : element.children()) {
    const std::string text = child.text();
    if (!text.empty() && out.size() < kEvidenceTextBytesMax)
      out += fmt::format("{}: {}\n", make_valid_utf8(child.name()), shorten(text, 500));
  }
  return out;
}

template <class Node>
std::size_t blaming(const std::vector<Node>& nodes) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < std::min(nodes.size(), kLookedAtMax); ++i) {
    RowFields row = row_of(nodes[i]);
    if (!incidents_of(row.record(), {}).empty()) ++count;
  }
  return count;
}

template <class Node>
void read_nodes(const std::vector<Node>& nodes, std::string_view context, const MarkRow<Node>& mark, Reading& reading,
                Warnings& warnings) {
  std::size_t number = 0, bad = 0, unzoned = 0;
  for (const Node& node : nodes) {
    ++number;
    RowFields row = row_of(node);
    const Feed feed = recognise_feed(row.names(), context);
    std::vector<Incident> found = incidents_of(row.record(), feed);
    if (found.empty()) {
      if (++bad <= kBadRowsNamedMax) warnings.add("Row {} names nothing that could be blamed", number);
      continue;
    }
    const std::string text = shown(node);
    for (Incident& incident : found) {
      if (reading.incidents.size() >= kIncidentsPerReportMax) break;
      incident.evidence.push_back(evidence_of(text, std::nullopt, "text/plain", "row", warnings));
      mark(incident, number, node);
      if (incident.started_unzoned) ++unzoned;
      reading.incidents.push_back(std::move(incident));
    }
  }
  if (bad > kBadRowsNamedMax) warnings.add("{} rows in all name nothing that could be blamed", bad);
  if (unzoned > 0) warnings.add_sentence("The times of the rows name no zone");
}

}  // namespace

std::size_t rows_in(JsonValue root) { return blaming(objects_in(root, kLookedAtMax)); }
void read_objects(JsonValue root, std::string_view context, const MarkRow<JsonValue>& mark, Reading& reading,
                  Warnings& warnings) {
  read_nodes(objects_in(root, kIncidentsPerReportMax), context, mark, reading, warnings);
}

std::size_t rows_in(XmlNode root) {
  std::vector<XmlNode> rows;
  element_rows(root, 0, rows);
  return blaming(rows);
}
void read_elements(XmlNode root, std::string_view context, const MarkRow<XmlNode>& mark, Reading& reading,
                   Warnings& warnings) {
  std::vector<XmlNode> rows;
  element_rows(root, 0, rows);
  read_nodes(rows, context, mark, reading, warnings);
}

}  // namespace abate::reading
