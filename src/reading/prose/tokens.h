// SPDX-License-Identifier: Apache-2.0
// reading/prose/tokens.h — what stands in running text and can be blamed or must not be: addresses, networks, URLs,
// mail addresses and host names, left to right, none inside another.
//
// Addresses are refanged ("192[.]0[.]2[.]1", "192 .0 .2 .1", "192 dot 0 dot 2 dot 1") and freed of what is glued on
// ("192.0.2.1IS", "192.0.2.1:25", tcpdump's "192.0.2.1.123 >"). Not taken as an address: masked ones ("192.0.2.x"),
// networks, versions ("version 1.2.3.4", "Chrome/120.0.0.0"), host names that are made of numbers
// ("1.2.0.192.in-addr.arpa", "192.0.2.1.dyn.example.net"), times, and what stands inside a URL or a mail address.
// A URL that a mail filter rewrote (Safe Links, Proofpoint, Google, Barracuda) is unwrapped. Pure; thread-safe; linear.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"

namespace abate::reading::prose {

enum class TokenKind : unsigned char { address, masked, network, url, mail, name };

struct Token {
  TokenKind kind = TokenKind::name;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::optional<IpAddress> address;   // of an address
  std::optional<std::uint16_t> port;  // that stands behind it
  std::string value;                  // url: as a machine would fetch it, or "" where it is damaged; name: lower case
};

constexpr std::size_t kTokensMax = 50'000;

std::vector<Token> tokens_in(std::string_view text, std::size_t count_max = kTokensMax);

// What lies in the link of a mail filter, or the URL as it is.
std::string unwrap_link(std::string url);

}  // namespace abate::reading::prose
