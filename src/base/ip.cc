// SPDX-License-Identifier: Apache-2.0
#include "base/ip.h"

#include <charconv>
#include <cstring>

#include <arpa/inet.h>

#include "base/check.h"
#include "base/text.h"

namespace abate {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned kMappedBits = 96;

Result<IpAddress> no_address(std::string_view text) {
  return failure(Fault::malformed, "'{}' is no IPv4 or IPv6 address", escape_terminal(shorten(text, 64)));
}

std::optional<IpAddress> parse_v4(std::string_view text) {
  std::uint32_t value = 0;
  int octets = 0;
  for (const std::string_view part : split(text, '.')) {
    if (part.empty() || part.size() > 3 || (part.size() > 1 && part[0] == '0')) return std::nullopt;
    unsigned octet = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), octet);
    if (error != std::errc{} || end != part.data() + part.size() || octet > 255 || ++octets > 4) return std::nullopt;
    value = value << 8 | octet;
  }
  if (octets != 4) return std::nullopt;
  return IpAddress::v4(value);
}

}  // namespace

IpAddress IpAddress::v4(std::uint32_t host_order) {
  IpAddress out;
  std::copy(kMapped.begin(), kMapped.end(), out.bytes_.begin());
  for (std::size_t i = 0; i < 4; ++i) out.bytes_[12 + i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
  return out;
}

IpAddress IpAddress::from_bytes(std::span<const std::uint8_t, 16> bytes) {
  IpAddress out;
  std::copy(bytes.begin(), bytes.end(), out.bytes_.begin());
  return out;
}

bool IpAddress::is_v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin()); }

std::uint32_t IpAddress::v4_value() const {
  CHECK(is_v4());
  return static_cast<std::uint32_t>(bytes_[12]) << 24 | static_cast<std::uint32_t>(bytes_[13]) << 16 |
         static_cast<std::uint32_t>(bytes_[14]) << 8 | bytes_[15];
}

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool v4 = is_v4();
  const void* from = v4 ? bytes_.data() + 12 : bytes_.data();
  CHECK(inet_ntop(v4 ? AF_INET : AF_INET6, from, text.data(), text.size()) != nullptr);
  return text.data();
}

std::optional<IpAddress> IpAddress::next() const {
  IpAddress out = *this;
  for (std::size_t i = 16; i-- > 0;)
    if (++out.bytes_[i] != 0) return out.is_v4() == is_v4() ? std::optional{out} : std::nullopt;
  return std::nullopt;
}

Result<IpAddress> parse_ip(std::string_view text) {
  if (const std::optional<IpAddress> v4 = parse_v4(text)) return *v4;
  if (text.find(':') == text.npos || text.size() >= INET6_ADDRSTRLEN) return no_address(text);
  const std::string with_end{text};
  std::array<std::uint8_t, 16> bytes;
  if (with_end.find('\0') != with_end.npos || inet_pton(AF_INET6, with_end.c_str(), bytes.data()) != 1)
    return no_address(text);
  return IpAddress::from_bytes(bytes);
}

Result<IpRange> parse_prefix(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == text.npos)
    return failure(Fault::malformed, "'{}' is no prefix: it has no /length", escape_terminal(text));
  TRY_ASSIGN(const IpAddress first, parse_ip(text.substr(0, slash)));
  const std::string_view length_text = text.substr(slash + 1);
  unsigned length = 0;
  const auto [end, error] = std::from_chars(length_text.data(), length_text.data() + length_text.size(), length);
  const unsigned longest = text.substr(0, slash).find(':') == text.npos ? 32 : 128;
  if (error != std::errc{} || end != length_text.data() + length_text.size() || length > longest)
    return failure(Fault::malformed, "'{}' has no prefix length from 0 to {}", escape_terminal(text), longest);
  const unsigned bits = longest == 32 ? length + kMappedBits : length;
  std::array<std::uint8_t, 16> low = first.bytes();
  std::array<std::uint8_t, 16> high = low;
  for (unsigned i = bits; i < 128; ++i) {
    const auto bit = static_cast<std::uint8_t>(0x80U >> (i % 8));
    low[i / 8] = static_cast<std::uint8_t>(low[i / 8] & ~bit);
    high[i / 8] = static_cast<std::uint8_t>(high[i / 8] | bit);
  }
  if (low != first.bytes())
    return failure(Fault::malformed, "'{}' has host bits set; the prefix would be {}/{}", escape_terminal(text),
                   IpAddress::from_bytes(low).to_string(), length);
  return IpRange{first, IpAddress::from_bytes(high)};
}

Result<IpRange> parse_range(std::string_view text) {
  if (text.find('/') != text.npos) return parse_prefix(text);
  const std::size_t dash = text.find('-');
  if (dash == text.npos) {
    TRY_ASSIGN(const IpAddress one, parse_ip(text));
    return IpRange{one, one};
  }
  TRY_ASSIGN(const IpAddress first, parse_ip(trim(text.substr(0, dash))));
  TRY_ASSIGN(const IpAddress last, parse_ip(trim(text.substr(dash + 1))));
  if (first.is_v4() != last.is_v4())
    return failure(Fault::malformed, "'{}' mixes IPv4 and IPv6", escape_terminal(text));
  if (last < first) return failure(Fault::malformed, "'{}' ends before it begins", escape_terminal(text));
  return IpRange{first, last};
}

std::string format_range(const IpRange& range) {
  if (range.first == range.last) return range.first.to_string();
  const unsigned least = range.first.is_v4() ? kMappedBits : 0;
  for (unsigned bits = least; bits < 128; ++bits) {
    const std::string text =
        fmt::format("{}/{}", range.first.to_string(), range.first.is_v4() ? bits - kMappedBits : bits);
    if (const Result<IpRange> prefix = parse_prefix(text); prefix && *prefix == range) return text;
  }
  return range.first.to_string() + "-" + range.last.to_string();
}

}  // namespace abate
