// SPDX-License-Identifier: Apache-2.0
// YAML and JSON of configurations, flattened to dotted keys.
#include <algorithm>

#include <boost/json.hpp>

#include "base/text.h"
#include "sweep/host/config/config_text.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kDepthMax = 24;
constexpr std::size_t kSettingsMax = 20'000;
constexpr std::size_t kJsonBytesMax = std::size_t{1} << 20;

struct Level {
  std::size_t indent = 0;
  std::string key;
  std::size_t items = 0;
};

std::string unquoted(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
    text = text.substr(1, text.size() - 2);
  return std::string{text};
}

std::string key_path(const std::vector<Level>& levels, std::string_view key) {
  std::string out;
  for (const Level& level : levels)
    if (!level.key.empty()) out += level.key + ".";
  out += to_lower(key);
  return out;
}

void add_value(std::vector<Setting>& out, const std::string& key, std::string_view value, const ConfigLine& at) {
  if (out.size() >= kSettingsMax) return;
  if (value.starts_with('[') && value.ends_with(']')) {
    std::size_t index = 0;
    for (const std::string& part : parts_of(value.substr(1, value.size() - 2), ","))
      out.push_back({.key = fmt::format("{}.{}", key, index++), .value = unquoted(part), .at = at});
    return;
  }
  out.push_back({.key = key, .value = unquoted(value), .at = at});
}

std::uint32_t line_with(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(fmt::format("\"{}\"", key));
  if (at == std::string_view::npos) return 1;
  return static_cast<std::uint32_t>(std::ranges::count(text.substr(0, at), '\n') + 1);
}

void flatten(const boost::json::value& value, const std::string& key, std::string_view text, ConfigLine at,
             std::vector<Setting>& out) {
  if (out.size() >= kSettingsMax) return;
  const std::string lead = key.empty() ? "" : key + ".";
  if (const auto* object = value.if_object()) {
    for (const auto& [name, member] : *object) {
      at.line = line_with(text, name);
      flatten(member, lead + to_lower(std::string_view{name.data(), name.size()}), text, at, out);
    }
  } else if (const auto* array = value.if_array()) {
    std::size_t index = 0;
    for (const auto& member : *array) flatten(member, fmt::format("{}{}", lead, index++), text, at, out);
  } else {
    const std::string shown = value.is_string() ? std::string{value.get_string()} : boost::json::serialize(value);
    at.text = fmt::format("\"{}\": {}", key, shown);
    out.push_back({.key = key, .value = shown, .at = std::move(at)});
  }
}

}  // namespace

std::vector<Setting> yaml_settings(const Tree& tree, std::string_view path) {
  std::vector<Setting> out;
  std::vector<Level> levels;
  const std::string text = read_or_nothing(tree, path);
  std::uint32_t number = 0;
  for (std::string_view raw : split(text, '\n')) {
    if (++number > kConfigLinesMax) break;
    if (const std::size_t comment = raw.find(" #"); comment != std::string_view::npos) raw = raw.substr(0, comment);
    std::size_t indent = raw.find_first_not_of(' ');
    std::string_view line = trim(raw);
    if (line.empty() || line.starts_with('#') || line.starts_with("---")) continue;
    const ConfigLine at{std::string{line}, std::string{path}, number};
    const bool item = line.starts_with("- ");
    while (!levels.empty() && (levels.back().indent > indent || (levels.back().indent == indent && !item)))
      levels.pop_back();
    if (item && !levels.empty()) {
      line = trim(line.substr(2));
      const std::string index = fmt::format("{}", levels.back().items++);
      if (line.find(": ") == std::string_view::npos && !line.ends_with(':')) {
        add_value(out, key_path(levels, index), line, at);
        continue;
      }
      if (levels.size() < kDepthMax) levels.push_back({indent + 1, index});
      indent += 2;
    }
    std::size_t sign = line.find(": ");
    if (sign == std::string_view::npos && line.ends_with(':')) sign = line.size() - 1;
    if (sign == std::string_view::npos) continue;
    const std::string key = unquoted(line.substr(0, sign));
    const std::string_view value = trim(line.substr(sign + 1));
    if (!value.empty())
      add_value(out, key_path(levels, key), value, at);
    else if (levels.size() < kDepthMax)
      levels.push_back({indent, to_lower(key)});
  }
  return out;
}

std::vector<Setting> json_settings_of(std::string_view text, std::string_view path) {
  std::vector<Setting> out;
  if (text.empty() || text.size() > kJsonBytesMax) return out;
  boost::json::parse_options options;
  options.allow_comments = true;
  options.allow_trailing_commas = true;
  options.max_depth = kDepthMax;
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse({text.data(), text.size()}, error, {}, options);
  if (!error) flatten(value, "", text, {"", std::string{path}, 1}, out);
  return out;
}

std::vector<Setting> json_settings(const Tree& tree, std::string_view path) {
  return json_settings_of(read_or_nothing(tree, path, kJsonBytesMax), path);
}

}  // namespace abate::sweep
