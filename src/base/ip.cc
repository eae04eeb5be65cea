// SPDX-License-Identifier: Apache-2.0
#include "base/ip.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include <arpa/inet.h>

#include "base/check.h"
#include "base/text.h"

namespace abate {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned kMappedBits = 96;

constexpr std::size_t kShownBytesMax = 96;  // of what the world sent, in an error

std::string shown(std::string_view text) { return escape_terminal(shorten(text, kShownBytesMax)); }

Result<IpAddress> no_address(std::string_view text) {
  return failure(Fault::malformed, "'{}' is no IPv4 or IPv6 address", shown(text));
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

struct Zeros {
  std::size_t at;
  std::size_t count;  // 0: no two groups in a row are zero
};

// RFC 5952 section 4.2: "::" stands for the longest run of zeros, the first of equals, never for a single group.
Zeros longest_zeros(const std::array<unsigned, 8>& groups) {
  Zeros best{0, 0};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::size_t end = i;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - i > std::max<std::size_t>(best.count, 1)) best = {i, end - i};
    i = std::max(i, end);
  }
  return best;
}

// All addresses that share the first `bits` bits.
IpRange range_around(const IpAddress& address, unsigned bits) {
  std::array<std::uint8_t, 16> low = address.bytes();
  std::array<std::uint8_t, 16> high = low;
  for (std::size_t i = 0; i < 16; ++i) {
    const unsigned kept = bits <= 8 * i ? 0 : std::min<unsigned>(8, bits - static_cast<unsigned>(8 * i));
    const auto host = static_cast<std::uint8_t>(0xFFU >> kept);
    low[i] = static_cast<std::uint8_t>(low[i] & ~host);
    high[i] = static_cast<std::uint8_t>(high[i] | host);
  }
  return {IpAddress::from_bytes(low), IpAddress::from_bytes(high)};
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
  if (is_v4()) {  // written for each address of a ticket at each change of it: fmt took a sixth of the intake's time
    std::array<char, 15> text;
    char* end = text.data();
    for (std::size_t i = 12; i < 16; ++i) {
      if (i > 12) *end++ = '.';
      end = std::to_chars(end, text.data() + text.size(), bytes_[i]).ptr;
    }
    return {text.data(), end};
  }
  // By hand: inet_ntop of glibc writes "::1:2" as "::0.1.0.2".
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = static_cast<unsigned>(bytes_[2 * i]) << 8 | bytes_[2 * i + 1];
  const auto [zeros, count] = longest_zeros(groups);
  std::string out;
  for (std::size_t i = 0; i < 8;) {
    if (count > 0 && i == zeros) {
      out += "::";
      i += count;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    fmt::format_to(std::back_inserter(out), "{:x}", groups[i++]);
  }
  return out;
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
  if (slash == text.npos) return failure(Fault::malformed, "'{}' is no prefix: it has no /length", shown(text));
  TRY_ASSIGN(const IpAddress first, parse_ip(text.substr(0, slash)));
  const std::string_view length_text = text.substr(slash + 1);
  unsigned length = 0;
  const auto [end, error] = std::from_chars(length_text.data(), length_text.data() + length_text.size(), length);
  const unsigned longest = text.substr(0, slash).find(':') == text.npos ? 32 : 128;
  if (error != std::errc{} || end != length_text.data() + length_text.size() || length > longest ||
      (length_text.size() > 1 && length_text[0] == '0'))
    return failure(Fault::malformed, "'{}' has no prefix length from 0 to {}", shown(text), longest);
  const IpRange range = range_around(first, longest == 32 ? length + kMappedBits : length);
  if (range.first != first)
    return failure(Fault::malformed, "'{}' has host bits set; the prefix would be {}", shown(text),
                   format_range(range));
  return range;
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
  if (first.is_v4() != last.is_v4()) return failure(Fault::malformed, "'{}' mixes IPv4 and IPv6", shown(text));
  if (last < first) return failure(Fault::malformed, "'{}' ends before it begins", shown(text));
  return IpRange{first, last};
}

std::string format_range(const IpRange& range) {
  const unsigned least = range.first.is_v4() ? kMappedBits : 0;
  for (unsigned bits = least; bits < 128; ++bits)
    if (range_around(range.first, bits) == range) return fmt::format("{}/{}", range.first.to_string(), bits - least);
  if (range.first == range.last) return range.first.to_string();
  return range.first.to_string() + "-" + range.last.to_string();
}

}  // namespace abate
