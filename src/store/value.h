// SPDX-License-Identifier: Apache-2.0
// store/value.h — what goes into a statement and what comes out of it.
//
// A Value borrows its bytes: they must live until the call that takes it returns. Text is made valid UTF-8 by the
// connection (what PostgreSQL could not hold becomes U+FFFD on both engines); bytes go and come exactly as they are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip.h"
#include "base/time.h"

namespace abate::store {

struct Value {
  enum class Kind : std::uint8_t { integer, text, bytes };
  Kind kind = Kind::integer;
  bool null = false;
  std::int64_t integer = 0;
  std::string_view bytes;
};

inline Value number(std::int64_t value) {
  return {.kind = Value::Kind::integer, .null = false, .integer = value, .bytes = {}};
}
inline Value number(std::uint64_t value) { return number(static_cast<std::int64_t>(value)); }
inline Value number(std::uint32_t value) { return number(static_cast<std::int64_t>(value)); }
inline Value number(bool value) { return number(static_cast<std::int64_t>(value)); }
inline Value number(int value) { return number(static_cast<std::int64_t>(value)); }
inline Value text(std::string_view value) {
  return {.kind = Value::Kind::text, .null = false, .integer = 0, .bytes = value};
}
inline Value bytes(std::string_view value) {
  return {.kind = Value::Kind::bytes, .null = false, .integer = 0, .bytes = value};
}
inline Value time(Instant at) { return number(to_micros(at)); }
inline Value time(std::optional<Instant> at) {
  Value value = number(at ? to_micros(*at) : std::int64_t{0});
  value.null = !at;
  return value;
}
inline Value span(std::optional<Duration> duration) {
  Value value = number(duration ? static_cast<std::int64_t>(duration->count()) : std::int64_t{0});
  value.null = !duration;
  return value;
}
inline Value address(const IpAddress& ip) {
  return bytes({reinterpret_cast<const char*>(ip.bytes().data()), ip.bytes().size()});
}

class Row {  // valid while the visitor that got it runs
 public:
  virtual ~Row() = default;
  [[nodiscard]] virtual bool null(int column) const = 0;
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;   // 0 where null
  [[nodiscard]] virtual std::string_view view(int column) const = 0;  // "" where null

  [[nodiscard]] std::string string(int column) const { return std::string{view(column)}; }
  [[nodiscard]] std::uint64_t count(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  [[nodiscard]] std::uint32_t small(int column) const { return static_cast<std::uint32_t>(integer(column)); }
  [[nodiscard]] bool flag(int column) const { return integer(column) != 0; }
  [[nodiscard]] Instant at(int column) const { return from_micros(integer(column)); }
  [[nodiscard]] std::optional<Instant> maybe_at(int column) const {
    return null(column) ? std::nullopt : std::optional{at(column)};
  }
  [[nodiscard]] std::optional<Duration> maybe_span(int column) const {
    return null(column) ? std::nullopt : std::optional{Duration{integer(column)}};
  }
  [[nodiscard]] IpAddress address(int column) const {
    const std::string_view raw = view(column);
    if (raw.size() != 16) return {};
    return IpAddress::from_bytes(
        std::span<const std::uint8_t, 16>{reinterpret_cast<const std::uint8_t*>(raw.data()), 16});
  }
};

}  // namespace abate::store
