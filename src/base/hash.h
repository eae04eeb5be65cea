// SPDX-License-Identifier: Apache-2.0
// base/hash.h — SHA-256 and HMAC (OpenSSL), hex and base64. Pure and thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace abate {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);  // 64 lower-case digits
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);
std::string to_hex(std::span<const std::uint8_t> bytes);
std::string to_hex(std::string_view bytes);
Result<std::string> from_hex(std::string_view hex);  // either case; an odd length is malformed
std::string base64_encode(std::string_view bytes);
// Blanks and line ends are skipped, missing padding is forgiven; anything else is malformed.
Result<std::string> base64_decode(std::string_view text);
// In constant time for equal lengths: for tokens and signatures.
bool equal_secret(std::string_view a, std::string_view b);

}  // namespace abate
