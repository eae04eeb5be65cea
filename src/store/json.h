// SPDX-License-Identifier: Apache-2.0
// store/json.h — reads columns of JSON leniently: what is missing or of another type is empty. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "base/ip.h"
#include "base/result.h"
#include "base/time.h"

namespace abate::store {

// Our own writing: bytes that are not UTF-8 stand in it as they are, and come back so.
inline Result<boost::json::value> parse_column(std::string_view text) {
  boost::json::parse_options options;
  options.allow_invalid_utf8 = true;
  options.max_depth = 16;
  boost::system::error_code problem;
  boost::json::value value = boost::json::parse(text, problem, {}, options);
  if (problem) return failure(Fault::malformed, "a column of the database holds no JSON: {}", problem.message());
  return value;
}

inline const boost::json::value* field(const boost::json::object& in, std::string_view name) {
  const auto found = in.find(name);
  return found == in.end() || found->value().is_null() ? nullptr : &found->value();
}
inline const boost::json::object* object_of(const boost::json::object& in, std::string_view name) {
  const auto* value = field(in, name);
  return value != nullptr ? value->if_object() : nullptr;
}
inline const boost::json::array* array_of(const boost::json::object& in, std::string_view name) {
  const auto* value = field(in, name);
  return value != nullptr ? value->if_array() : nullptr;
}
inline std::optional<std::string> maybe_string_of(const boost::json::object& in, std::string_view name) {
  const auto* value = field(in, name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string{value->get_string()};
}
inline std::string string_of(const boost::json::object& in, std::string_view name) {
  return maybe_string_of(in, name).value_or("");
}
inline bool flag_of(const boost::json::object& in, std::string_view name) {
  const auto* value = field(in, name);
  return value != nullptr && value->is_bool() && value->get_bool();
}
inline std::int64_t integer_in(const boost::json::value& value) {
  if (value.is_int64()) return value.get_int64();
  return value.is_uint64() ? static_cast<std::int64_t>(value.get_uint64()) : 0;
}
inline std::optional<std::int64_t> integer_of(const boost::json::object& in, std::string_view name) {
  const auto* value = field(in, name);
  if (value == nullptr || (!value->is_int64() && !value->is_uint64())) return std::nullopt;
  return integer_in(*value);
}
inline std::optional<double> real_of(const boost::json::object& in, std::string_view name) {
  const auto* value = field(in, name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->is_double() ? value->get_double() : static_cast<double>(integer_in(*value));
}
inline std::optional<Instant> time_of(const boost::json::object& in, std::string_view name) {
  const auto micros = integer_of(in, name);
  return micros ? std::optional{from_micros(*micros)} : std::nullopt;
}
inline std::optional<std::uint16_t> port_of(const boost::json::object& in, std::string_view name) {
  const auto port = integer_of(in, name);
  return port && *port >= 0 && *port <= 65535 ? std::optional{static_cast<std::uint16_t>(*port)} : std::nullopt;
}
inline std::optional<IpAddress> address_of(const boost::json::object& in, std::string_view name) {
  const Result<IpAddress> address = parse_ip(string_of(in, name));
  return address ? std::optional{*address} : std::nullopt;
}
inline std::vector<std::string> strings_in(const boost::json::array& in) {
  std::vector<std::string> out;
  for (const auto& each : in)
    if (each.is_string()) out.emplace_back(each.get_string());
  return out;
}
inline std::vector<std::string> strings_of(const boost::json::object& in, std::string_view name) {
  const auto* array = array_of(in, name);
  return array != nullptr ? strings_in(*array) : std::vector<std::string>{};
}

}  // namespace abate::store
