// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/scan.h — small steps through a line: prefixes, words, numbers, addresses. No allocation, pure.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/ip.h"

namespace abate::sweep {

inline bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}
inline bool take_end(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}
// Up to `mark`, which is taken too; all of it where there is no mark.
inline std::string_view take_to(std::string_view& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  const std::string_view head = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view{} : text.substr(at + mark.size());
  return head;
}
inline std::string_view take_word(std::string_view& text) {
  const std::size_t at = text.find(' ');
  const std::string_view head = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
  return head;
}
// Between two marks, the first of each; "" where either is missing.
inline std::string_view between(std::string_view text, std::string_view begin, std::string_view end) {
  const std::size_t at = text.find(begin);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + begin.size());
  const std::size_t stop = text.find(end);
  return stop == std::string_view::npos ? std::string_view{} : text.substr(0, stop);
}
template <class Number>
bool take_number(std::string_view& text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}
template <class Number>
Number number_or(std::string_view text, Number fallback) {
  Number out = fallback;
  return take_number(text, out) ? out : fallback;
}
// Exactly `n` digits.
inline bool take_digits(std::string_view& text, std::size_t n, int& out) {
  if (text.size() < n) return false;
  int value = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const unsigned digit = static_cast<unsigned char>(text[i]) - unsigned{'0'};
    if (digit > 9) return false;
    value = value * 10 + static_cast<int>(digit);
  }
  out = value;
  text.remove_prefix(n);
  return true;
}

// An address as logs write it: bare, in brackets, with a zone id; nothing for a name. An IPv4-mapped one is IPv4.
inline std::optional<IpAddress> ip_in_log(std::string_view text) {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  if (text.size() < 2 || text.size() > 64) return std::nullopt;
  std::uint32_t value = 0;
  std::size_t at = 0;
  for (int octet = 0; octet < 4; ++octet) {
    unsigned part = 0;
    std::size_t digits = 0;
    while (at < text.size() && digits < 4) {
      const unsigned digit = static_cast<unsigned char>(text[at]) - unsigned{'0'};
      if (digit > 9) break;
      part = part * 10 + digit;
      ++digits;
      ++at;
    }
    if (digits == 0 || digits > 3 || part > 255) break;
    value = value << 8U | part;
    if (octet == 3) {
      if (at == text.size()) return IpAddress::v4(value);
      break;
    }
    if (at == text.size() || text[at] != '.') break;
    ++at;
  }
  if (text.find(':') == std::string_view::npos) return std::nullopt;
  const Result<IpAddress> six = parse_ip(text.substr(0, text.find('%')));
  return six ? std::optional{*six} : std::nullopt;
}
// "192.0.2.1:5678", "[2001:db8::1]:5678", "2001:db8::1" or a bare address.
inline std::optional<IpAddress> ip_with_port(std::string_view text) {
  if (const auto bare = ip_in_log(text)) return bare;
  const std::size_t colon = text.rfind(':');
  return colon == std::string_view::npos ? std::nullopt : ip_in_log(text.substr(0, colon));
}

}  // namespace abate::sweep
