// SPDX-License-Identifier: Apache-2.0
#include "reading/yaml.h"

#include <memory>
#include <optional>

#include <yaml.h>

#include "base/text.h"

namespace abate::reading {
namespace {

std::string same_name(std::string_view name) {
  std::string lower = to_lower(trim(name));
  for (char& c : lower)
    if (c == '_' || c == ' ') c = '-';
  return lower;
}

struct Parser {
  Parser() { yaml_parser_initialize(&it); }
  ~Parser() { yaml_parser_delete(&it); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  yaml_parser_t it{};
};

struct Event {
  ~Event() { yaml_event_delete(&it); }
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  yaml_event_t it{};
};

// Follows the events and keeps where in the nesting we are.
class Gatherer {
 public:
  explicit Gatherer(Yaml& yaml) : yaml_{yaml} {}

  // False: no YAML as we take it.
  bool take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        levels_.clear();
        if (yaml_.documents.size() >= kYamlDocumentsMax) return !(yaml_.cut = true);
        yaml_.documents.emplace_back();
        return true;
      case YAML_MAPPING_START_EVENT: return event.data.mapping_start.anchor == nullptr && open(true);
      case YAML_SEQUENCE_START_EVENT: return event.data.sequence_start.anchor == nullptr && open(false);
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT:
        if (!levels_.empty()) levels_.pop_back();
        return value_done();
      case YAML_SCALAR_EVENT:
        note_lines(event.start_mark.line, event.end_mark.line);
        return event.data.scalar.anchor == nullptr && event.data.scalar.tag == nullptr &&
               scalar({reinterpret_cast<const char*>(event.data.scalar.value), event.data.scalar.length});
      case YAML_ALIAS_EVENT: return false;
      default: return true;
    }
  }

 private:
  void note_lines(std::size_t first, std::size_t last) {
    if (yaml_.documents.empty()) return;
    YamlDocument& document = yaml_.documents.back();
    if (document.fields.empty() && levels_.size() == 1 && !levels_.back().awaits_value) document.first_line = first;
    document.last_line = std::max(document.last_line, last);
  }

  struct Level {
    bool mapping = true;
    bool awaits_value = false;
    std::string name;  // of the mapping's present key, or of the list
  };

  std::string present_name() const { return levels_.empty() ? std::string() : levels_.back().name; }

  bool open(bool mapping) {
    if (levels_.size() >= kYamlDepthMax) return false;
    if (!levels_.empty() && levels_.back().mapping && !levels_.back().awaits_value) return false;  // a key of keys
    std::string name = present_name();
    levels_.push_back({.mapping = mapping, .awaits_value = false, .name = {}});
    outer_.resize(levels_.size());
    outer_[levels_.size() - 1] = name;
    if (!mapping) levels_.back().name = std::move(name);
    return true;
  }

  bool value_done() {
    if (!levels_.empty() && levels_.back().mapping) levels_.back().awaits_value = false;
    return true;
  }

  bool scalar(std::string_view bytes) {
    if (levels_.empty()) return false;  // a document that is one plain text
    Level& level = levels_.back();
    if (level.mapping && !level.awaits_value) {
      const std::string& outer = outer_[levels_.size() - 1];
      level.name = (outer.empty() ? "" : outer + ".") + make_valid_utf8(trim(bytes));
      level.awaits_value = true;
      return level.name.size() < 4'096;
    }
    level.awaits_value = false;
    if (++fields_ > kYamlFieldsMax) return !(yaml_.cut = true);
    yaml_.documents.back().fields.push_back({level.name, make_valid_utf8(trim(bytes))});
    return true;
  }

  Yaml& yaml_;
  std::vector<Level> levels_;
  std::vector<std::string> outer_;
  std::size_t fields_ = 0;
};

std::optional<Yaml> parse(std::string_view bytes) {
  Parser parser;
  yaml_parser_set_encoding(&parser.it, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser.it, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  Yaml yaml;
  Gatherer gatherer(yaml);
  for (;;) {
    Event event;
    if (yaml_parser_parse(&parser.it, &event.it) == 0) return std::nullopt;
    if (event.it.type == YAML_STREAM_END_EVENT) break;
    if (!gatherer.take(event.it)) {
      if (yaml.cut) break;
      return std::nullopt;
    }
  }
  std::erase_if(yaml.documents, [](const YamlDocument& document) { return document.fields.empty(); });
  return yaml;
}

bool is_name(std::string_view name) {
  if (name.empty() || name.size() > 60) return false;
  for (const char c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
          c == '.' || c == ' '))
      return false;
  return true;
}

std::string_view unquoted(std::string_view value) {
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
    return value.substr(1, value.size() - 2);
  return value;
}

Yaml read_lines(std::string_view bytes) {
  Yaml yaml;
  yaml.broken = true;
  yaml.documents.emplace_back();
  std::size_t fields = 0, feeds = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    auto end = bytes.find_first_of("\r\n", at);
    if (end == std::string_view::npos) end = bytes.size();
    const std::string_view line = bytes.substr(at, end - at);
    const std::size_t number = feeds;
    feeds += end < bytes.size() && bytes[end] == '\n' ? 1U : 0U;
    at = end + 1;
    if (line.starts_with("---") && trim(line.substr(3)).empty()) {
      if (yaml.documents.back().fields.empty()) continue;
      if (yaml.documents.size() >= kYamlDocumentsMax) {
        yaml.cut = true;
        break;
      }
      yaml.documents.emplace_back();
      continue;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_name(trim(line.substr(0, colon)))) continue;
    if (++fields > kYamlFieldsMax) {
      yaml.cut = true;
      break;
    }
    YamlDocument& document = yaml.documents.back();
    if (document.fields.empty()) document.first_line = number;
    document.last_line = number;
    document.fields.push_back(
        {make_valid_utf8(trim(line.substr(0, colon))), make_valid_utf8(unquoted(trim(line.substr(colon + 1))))});
  }
  std::erase_if(yaml.documents, [](const YamlDocument& document) { return document.fields.empty(); });
  return yaml;
}

}  // namespace

std::string YamlDocument::get(std::string_view name) const {
  const std::string wanted = same_name(name);
  for (const YamlField& field : fields)
    if (same_name(field.name) == wanted) return field.value;
  return {};
}

bool YamlDocument::has(std::string_view name) const {
  const std::string wanted = same_name(name);
  for (const YamlField& field : fields)
    if (same_name(field.name) == wanted) return true;
  return false;
}

std::vector<std::string> YamlDocument::get_all(std::string_view name) const {
  const std::string wanted = same_name(name);
  std::vector<std::string> all;
  for (const YamlField& field : fields)
    if (same_name(field.name) == wanted) all.push_back(field.value);
  return all;
}

Yaml read_yaml(std::string_view bytes) {
  const bool too_big = bytes.size() > kYamlBytesMax;
  const std::string text = make_valid_utf8(bytes.substr(0, kYamlBytesMax));
  Yaml yaml;
  if (auto parsed = parse(text))
    yaml = std::move(*parsed);
  else
    yaml = read_lines(text);
  yaml.cut = yaml.cut || too_big;
  return yaml;
}

}  // namespace abate::reading
