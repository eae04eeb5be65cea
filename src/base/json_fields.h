// SPDX-License-Identifier: Apache-2.0
// base/json_fields.h — fields of an object that the world wrote: one of the wrong type is as good as absent. Nothing
// throws. Pure; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace abate {

std::string text_of(const boost::json::object& form, std::string_view name);      // "" where there is none
std::uint64_t number_of(const boost::json::object& form, std::string_view name);  // 0 where none, or not whole, or < 0
bool flag_of(const boost::json::object& form, std::string_view name);             // false where there is none
// Empty where there is none. Lives as long as the form.
const boost::json::array& list_of(const boost::json::object& form, std::string_view name);
const boost::json::object& object_of(const boost::json::object& form, std::string_view name);

}  // namespace abate
