// SPDX-License-Identifier: Apache-2.0
// reading/json.h — hostile JSON: nesting is bounded by kJsonDepthMax, bytes that are not UTF-8 are mended, a byte order
// mark is passed over. Absent fields and fields of another type are the same: nothing there.
// Values point into their Json, which must outlive them. One thread at a time.
//
// Two parsers stand behind it, which answer alike: json_simdjson.cc (the desk, for speed) and json_boost.cc, which
// links into one static program and needs no more memory than kJsonNodesMax says (`abate`). json.cc is what both share.
// A number that fits neither 64 bits nor a double, a lone surrogate and a comma too many make the whole text malformed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace abate::reading {

constexpr std::size_t kJsonDepthMax = 64;
constexpr std::size_t kJsonBytesMax = std::size_t{64} << 20;
constexpr std::size_t kJsonNodesMax = std::size_t{8} << 20;  // 128 MiB; json_boost.cc alone: more is too_big

class JsonValue {
 public:
  // Where a parser keeps the value: its own affair. No document: nothing there.
  struct Place {
    const void* document = nullptr;
    std::size_t at = 0;
  };
  JsonValue() = default;
  explicit JsonValue(Place place) : place_{place} {}
  // Greater for what stands further behind in the text, among values of one Json.
  [[nodiscard]] std::size_t order() const { return place_.at; }

  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_array() const;
  [[nodiscard]] bool is_null() const;
  [[nodiscard]] bool exists() const { return place_.document != nullptr; }
  // The field of an object, exact name; the first of several.
  [[nodiscard]] JsonValue operator[](std::string_view name) const;
  // The first of these fields that is there and not null; names match in any case.
  [[nodiscard]] JsonValue any_of(std::initializer_list<std::string_view> names) const;
  [[nodiscard]] std::optional<std::string_view> string() const;
  [[nodiscard]] std::string text() const;                     // the string with U+0000 mended, or ""
  [[nodiscard]] std::optional<std::int64_t> integer() const;  // also a whole number written as a string
  [[nodiscard]] std::optional<double> number() const;
  [[nodiscard]] std::optional<bool> boolean() const;                        // also "true", "false", "yes", "no"
  [[nodiscard]] std::vector<JsonValue> items(std::size_t items_max) const;  // of an array
  // Of an object, in their order.
  [[nodiscard]] std::vector<std::pair<std::string_view, JsonValue>> fields(std::size_t fields_max) const;
  [[nodiscard]] std::string as_text() const;  // a string, number or boolean as it would be written; else ""

 private:
  Place place_;
};

class Json {
 public:
  [[nodiscard]] JsonValue root() const { return root_; }
  // JsonValue::order of the first objects, as they stand in the text.
  [[nodiscard]] std::vector<std::size_t> orders_of_objects(std::size_t count_max) const;

 private:
  friend Result<Json> parse_json(std::string_view bytes);
  std::shared_ptr<const void> document_;
  JsonValue root_;
};

bool looks_like_json(std::string_view bytes);  // begins with { or [
Result<Json> parse_json(std::string_view bytes);

}  // namespace abate::reading
