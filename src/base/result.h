// SPDX-License-Identifier: Apache-2.0
// base/result.h — a value, or an Error that says what a person can do about it.
//
//   Result<int> port = parse_port(text);
//   if (!port) return std::unexpected(port.error());
//
// What comes from the world never throws: it comes back as a Result. Exceptions of libraries are caught in the room
// that uses the library. TRY and TRY_ASSIGN hand an error on to the caller.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace abate {

enum class Fault : std::uint8_t {
  malformed,    // the input is wrong; trying again will not help
  too_big,      // the input is larger than a named limit
  not_found,    // what was named does not exist
  refused,      // it exists, and whoever asks may not do that
  conflict,     // it exists, and its state does not allow that now
  stale,        // somebody else changed it meanwhile; read again, decide again
  unavailable,  // a part we stand on is away; trying again later may help
};

struct Error {
  Fault fault;
  std::string what;  // "line 12: Content-Type names no boundary"
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> failure(Fault fault, std::string what) {
  return std::unexpected(Error{fault, std::move(what)});
}

template <class First, class... Rest>
[[nodiscard]] std::unexpected<Error> failure(Fault fault, fmt::format_string<First, Rest...> format, First&& first,
                                             Rest&&... rest) {
  return std::unexpected(Error{fault, fmt::format(format, std::forward<First>(first), std::forward<Rest>(rest)...)});
}

std::string_view fault_name(Fault fault);

}  // namespace abate

#define ABATE_JOIN_(a, b) a##b
#define ABATE_JOIN(a, b) ABATE_JOIN_(a, b)

// TRY(save(x));  — returns the error from the enclosing function when save failed. The name inside is each time
// another, so that a TRY may stand within a lambda within a TRY.
#define ABATE_TRY_AS(name, expression)                                                    \
  do {                                                                                    \
    if (auto name = (expression); !name) return std::unexpected(std::move(name).error()); \
  } while (false)
#define TRY(expression) ABATE_TRY_AS(ABATE_JOIN(try_result_, __COUNTER__), expression)

// TRY_ASSIGN(const auto port, parse_port(text));
#define ABATE_TRY_ASSIGN_AS(name, declaration, expression)    \
  auto name = (expression);                                   \
  if (!name) return std::unexpected(std::move(name).error()); \
  declaration = *std::move(name)
#define TRY_ASSIGN(declaration, expression) ABATE_TRY_ASSIGN_AS(ABATE_JOIN(try_, __COUNTER__), declaration, expression)
