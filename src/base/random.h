// SPDX-License-Identifier: Apache-2.0
// base/random.h — ids and secrets from the kernel's generator (libsodium). Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/time.h"

namespace abate {

// `bytes` of randomness in lower-case Crockford base32 without i, l, o, u: safe in URLs, mail addresses, file names.
std::string random_token(std::size_t bytes);

// "R-01k3...": the prefix, 10 digits of the millisecond, 16 random digits. Ids made later sort later.
std::string random_id(std::string_view prefix, Instant now);

// Uniform in [0, bound): for jitter.
std::uint32_t random_below(std::uint32_t bound);

}  // namespace abate
