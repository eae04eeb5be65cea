// SPDX-License-Identifier: Apache-2.0
#include "base/json_fields.h"

#include <boost/json/value.hpp>

namespace abate {

namespace json = boost::json;

std::string text_of(const json::object& form, std::string_view name) {
  const json::value* value = form.if_contains(name);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

std::uint64_t number_of(const json::object& form, std::string_view name) {
  const json::value* value = form.if_contains(name);
  if (value == nullptr) return 0;
  if (value->is_uint64()) return value->get_uint64();
  return value->is_int64() && value->get_int64() > 0 ? static_cast<std::uint64_t>(value->get_int64()) : 0;
}

bool flag_of(const json::object& form, std::string_view name) {
  const json::value* value = form.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

const json::array& list_of(const json::object& form, std::string_view name) {
  static const json::array kNone;
  const json::value* value = form.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : kNone;
}

const json::object& object_of(const json::object& form, std::string_view name) {
  static const json::object kNone;
  const json::value* value = form.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : kNone;
}

}  // namespace abate
