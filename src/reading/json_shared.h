// SPDX-License-Identifier: Apache-2.0
// reading/json_shared.h — what json_simdjson.cc and json_boost.cc share; for them alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace abate::reading {

std::optional<std::int64_t> whole_number(std::string_view written);  // " 42 " of a string
std::optional<bool> truth(std::string_view written);                 // "true", "false", "yes", "no" of a string
std::string_view without_mark(std::string_view bytes);               // passes over a byte order mark

}  // namespace abate::reading
