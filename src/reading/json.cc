// SPDX-License-Identifier: Apache-2.0
#include "reading/json.h"

#include <charconv>

#include "base/text.h"

namespace abate::reading {

JsonValue JsonValue::operator[](std::string_view name) const {
  simdjson::dom::object object;
  if (!element_ || element_->get(object) != simdjson::SUCCESS) return {};
  simdjson::dom::element found;
  return object.at_key(name).get(found) == simdjson::SUCCESS ? JsonValue(found) : JsonValue();
}

JsonValue JsonValue::any_of(std::initializer_list<std::string_view> names) const {
  simdjson::dom::object object;
  if (!element_ || element_->get(object) != simdjson::SUCCESS) return {};
  for (const std::string_view name : names) {
    simdjson::dom::element found;
    if (object.at_key_case_insensitive(name).get(found) == simdjson::SUCCESS && !found.is_null())
      return JsonValue(found);
  }
  return {};
}

std::optional<std::string_view> JsonValue::string() const {
  std::string_view text;
  if (!element_ || element_->get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

std::string JsonValue::text() const {
  const auto text = string();
  if (!text) return {};
  return text->find('\0') == std::string_view::npos ? std::string(*text) : make_valid_utf8(*text);
}

std::optional<std::int64_t> JsonValue::integer() const {
  std::int64_t value = 0;
  if (element_ && element_->get(value) == simdjson::SUCCESS) return value;
  if (const auto text = string()) {
    const std::string_view digits = trim(*text);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc() && end == digits.data() + digits.size() && !digits.empty()) return value;
  }
  return std::nullopt;
}

std::optional<double> JsonValue::number() const {
  double value = 0;
  if (element_ && element_->get(value) == simdjson::SUCCESS) return value;
  return std::nullopt;
}

std::optional<bool> JsonValue::boolean() const {
  bool value = false;
  if (element_ && element_->get(value) == simdjson::SUCCESS) return value;
  const auto text = string();
  if (!text) return std::nullopt;
  if (equals_ignoring_case(*text, "true") || equals_ignoring_case(*text, "yes")) return true;
  if (equals_ignoring_case(*text, "false") || equals_ignoring_case(*text, "no")) return false;
  return std::nullopt;
}

std::vector<JsonValue> JsonValue::items(std::size_t items_max) const {
  std::vector<JsonValue> all;
  simdjson::dom::array array;
  if (!element_ || element_->get(array) != simdjson::SUCCESS) return all;
  for (const simdjson::dom::element item : array) {
    if (all.size() >= items_max) break;
    all.emplace_back(item);
  }
  return all;
}

std::vector<std::pair<std::string_view, JsonValue>> JsonValue::fields(std::size_t fields_max) const {
  std::vector<std::pair<std::string_view, JsonValue>> all;
  simdjson::dom::object object;
  if (!element_ || element_->get(object) != simdjson::SUCCESS) return all;
  for (const auto& [name, value] : object) {
    if (all.size() >= fields_max) break;
    all.emplace_back(name, JsonValue(value));
  }
  return all;
}

std::string JsonValue::as_text() const {
  if (!element_ || element_->is_object() || element_->is_array() || element_->is_null()) return {};
  return element_->is_string() ? text() : std::string{simdjson::minify(*element_)};
}

namespace {
std::string_view without_mark(std::string_view bytes) {
  return bytes.starts_with("\xef\xbb\xbf") ? bytes.substr(3) : bytes;
}
}  // namespace

bool looks_like_json(std::string_view bytes) {
  const std::string_view rest = without_mark(bytes);
  const auto first = rest.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (rest[first] == '{' || rest[first] == '[');
}

Result<Json> parse_json(std::string_view bytes) {
  const std::string_view source = without_mark(bytes);
  if (source.size() > kJsonBytesMax) return failure(Fault::too_big, "The JSON is larger than {} bytes", kJsonBytesMax);
  Json json;
  json.parser_ = std::make_unique<simdjson::dom::parser>();
  if (json.parser_->allocate(std::max<std::size_t>(source.size(), 64), kJsonDepthMax) != simdjson::SUCCESS)
    return failure(Fault::too_big, "Not enough memory for the JSON");
  simdjson::dom::element root;
  auto error = json.parser_->parse(source.data(), source.size(), true).get(root);
  if (error == simdjson::UTF8_ERROR) error = json.parser_->parse(make_valid_utf8(source)).get(root);
  if (error != simdjson::SUCCESS)
    return failure(Fault::malformed, "The JSON cannot be read: {}", simdjson::error_message(error));
  json.root_ = JsonValue(root);
  return json;
}

}  // namespace abate::reading
