// SPDX-License-Identifier: Apache-2.0
// reading/json.h on simdjson.
#include "reading/json.h"

#include <bit>

#include <simdjson.h>

#include "base/text.h"
#include "reading/json_shared.h"

namespace abate::reading {
namespace {

// An element is the parser's document and an index into it, and is copied as such.
static_assert(sizeof(simdjson::dom::element) == sizeof(JsonValue::Place));
static_assert(std::is_trivially_copyable_v<simdjson::dom::element>);

simdjson::dom::element element_at(JsonValue::Place place) { return std::bit_cast<simdjson::dom::element>(place); }
JsonValue::Place place_of(simdjson::dom::element element) { return std::bit_cast<JsonValue::Place>(element); }

}  // namespace

bool JsonValue::is_object() const { return exists() && element_at(place_).is_object(); }
bool JsonValue::is_array() const { return exists() && element_at(place_).is_array(); }
bool JsonValue::is_null() const { return !exists() || element_at(place_).is_null(); }

JsonValue JsonValue::operator[](std::string_view name) const {
  simdjson::dom::object object;
  if (!exists() || element_at(place_).get(object) != simdjson::SUCCESS) return {};
  simdjson::dom::element found;
  return object.at_key(name).get(found) == simdjson::SUCCESS ? JsonValue(place_of(found)) : JsonValue();
}

JsonValue JsonValue::any_of(std::initializer_list<std::string_view> names) const {
  simdjson::dom::object object;
  if (!exists() || element_at(place_).get(object) != simdjson::SUCCESS) return {};
  for (const std::string_view name : names) {
    simdjson::dom::element found;
    if (object.at_key_case_insensitive(name).get(found) == simdjson::SUCCESS && !found.is_null())
      return JsonValue(place_of(found));
  }
  return {};
}

std::optional<std::string_view> JsonValue::string() const {
  std::string_view text;
  if (!exists() || element_at(place_).get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

std::optional<std::int64_t> JsonValue::integer() const {
  std::int64_t value = 0;
  if (exists() && element_at(place_).get(value) == simdjson::SUCCESS) return value;
  const auto text = string();
  return text ? whole_number(*text) : std::nullopt;
}

std::optional<double> JsonValue::number() const {
  double value = 0;
  if (exists() && element_at(place_).get(value) == simdjson::SUCCESS) return value;
  return std::nullopt;
}

std::optional<bool> JsonValue::boolean() const {
  bool value = false;
  if (exists() && element_at(place_).get(value) == simdjson::SUCCESS) return value;
  const auto text = string();
  return text ? truth(*text) : std::nullopt;
}

std::vector<JsonValue> JsonValue::items(std::size_t items_max) const {
  std::vector<JsonValue> all;
  simdjson::dom::array array;
  if (!exists() || element_at(place_).get(array) != simdjson::SUCCESS) return all;
  for (const simdjson::dom::element item : array) {
    if (all.size() >= items_max) break;
    all.emplace_back(place_of(item));
  }
  return all;
}

std::vector<std::pair<std::string_view, JsonValue>> JsonValue::fields(std::size_t fields_max) const {
  std::vector<std::pair<std::string_view, JsonValue>> all;
  simdjson::dom::object object;
  if (!exists() || element_at(place_).get(object) != simdjson::SUCCESS) return all;
  for (const auto& [name, value] : object) {
    if (all.size() >= fields_max) break;
    all.emplace_back(name, JsonValue(place_of(value)));
  }
  return all;
}

std::string JsonValue::as_text() const {
  if (is_object() || is_array() || is_null()) return {};
  const auto element = element_at(place_);
  return element.is_string() ? text() : std::string{simdjson::minify(element)};
}

std::vector<std::size_t> Json::orders_of_objects(std::size_t count_max) const {
  std::vector<std::size_t> orders;
  const auto& tape = static_cast<const simdjson::dom::parser*>(document_.get())->doc.tape;
  const std::size_t size = tape[0] & simdjson::internal::JSON_VALUE_MASK;
  for (std::size_t at = 1; at < size && orders.size() < count_max; ++at) {
    const auto kind = static_cast<char>(tape[at] >> 56);
    if (kind == '{') orders.push_back(at);
    if (kind == 'l' || kind == 'u' || kind == 'd') ++at;  // the number itself takes a word
  }
  return orders;
}

Result<Json> parse_json(std::string_view bytes) {
  const std::string_view source = without_mark(bytes);
  if (source.size() > kJsonBytesMax) return failure(Fault::too_big, "The JSON is larger than {} bytes", kJsonBytesMax);
  const auto parser = std::make_shared<simdjson::dom::parser>();
  if (parser->allocate(std::max<std::size_t>(source.size(), 64), kJsonDepthMax) != simdjson::SUCCESS)
    return failure(Fault::too_big, "Not enough memory for the JSON");
  simdjson::dom::element root;
  auto error = parser->parse(source.data(), source.size(), true).get(root);
  if (error == simdjson::UTF8_ERROR) error = parser->parse(make_valid_utf8(source)).get(root);
  if (error != simdjson::SUCCESS)
    return failure(Fault::malformed, "The JSON cannot be read: {}", simdjson::error_message(error));
  Json json;
  json.document_ = parser;
  json.root_ = JsonValue(place_of(root));
  return json;
}

}  // namespace abate::reading
