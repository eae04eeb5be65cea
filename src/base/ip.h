// SPDX-License-Identifier: Apache-2.0
// base/ip.h — IPv4 and IPv6 addresses, prefixes and ranges.
//
// An address is 16 bytes, IPv4 as ::ffff:a.b.c.d, so an IPv4-mapped IPv6 address *is* the IPv4 address and one order
// holds for all. Values; pure; thread-safe.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace abate {

class IpAddress {
 public:
  constexpr IpAddress() = default;  // "::"
  static IpAddress v4(std::uint32_t host_order);
  static IpAddress from_bytes(std::span<const std::uint8_t, 16> bytes);

  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] std::uint32_t v4_value() const;  // CHECKs is_v4()
  [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  // RFC 5952 for IPv6, dotted for IPv4.
  [[nodiscard]] std::string to_string() const;
  // The address one higher; nothing after the last one of its family.
  [[nodiscard]] std::optional<IpAddress> next() const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

struct IpRange {  // both ends are in; both of one family. "::/0" holds no IPv4 address, though it lies around them all.
  IpAddress first;
  IpAddress last;
  [[nodiscard]] bool contains(const IpAddress& address) const {
    return first <= address && address <= last && first.is_v4() == address.is_v4();
  }
  friend bool operator==(const IpRange&, const IpRange&) = default;
};

// Strict: four decimal octets without leading zeros, or RFC 4291 text. No zone ids, no brackets, no blanks.
Result<IpAddress> parse_ip(std::string_view text);
// "192.0.2.0/24". Host bits set are refused by name: the writer meant something else.
Result<IpRange> parse_prefix(std::string_view text);
// An address, a prefix or "first-last".
Result<IpRange> parse_range(std::string_view text);
// The shortest of address, prefix, first-last.
std::string format_range(const IpRange& range);

}  // namespace abate
