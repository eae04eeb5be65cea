// SPDX-License-Identifier: Apache-2.0
// reading/yaml.h — hostile YAML as report forms use it: names and plain values (libyaml's events; no tree is built).
// Anchors, aliases and tags are refused, so nothing grows. Many senders write YAML that is none (a URL with a blank
// behind its colon, a tab, a quote left open): then the lines "Name: value" are read as they stand, and `broken` says
// so.
//
//   const Yaml yaml = read_yaml(bytes);
//   for (const YamlDocument& document : yaml.documents) use(document.get("Source"));
//
// A value beneath a name has the name "outer.inner"; the items of a list have the name of the list, one field each.
// Limits are the constants below; what is beyond is dropped and `cut` is set. Pure; thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace abate::reading {

constexpr std::size_t kYamlBytesMax = std::size_t{4} << 20;
constexpr std::size_t kYamlFieldsMax = 20'000;
constexpr std::size_t kYamlDepthMax = 16;
constexpr std::size_t kYamlDocumentsMax = 1'000;

struct YamlField {
  std::string name;   // as written
  std::string value;  // trimmed, valid UTF-8
};

struct YamlDocument {
  std::vector<YamlField> fields;
  std::size_t first_line = 0;  // of its fields in the text, counted from 0
  std::size_t last_line = 0;
  // The first field called so, in any case, "_" and "-" being the same; or "".
  [[nodiscard]] std::string get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> get_all(std::string_view name) const;
};

struct Yaml {
  std::vector<YamlDocument> documents;  // those with a field
  bool broken = false;
  bool cut = false;
};

Yaml read_yaml(std::string_view bytes);

}  // namespace abate::reading
