// SPDX-License-Identifier: Apache-2.0
// base/password.h — argon2id hashes of passwords (RFC 9106, libsodium's crypto_pwhash_str with its interactive limits).
//
// One hash or check costs about 0.1 s and 64 MiB: callers bound how many run at once. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace abate {

constexpr std::size_t kPasswordBytesMin = 8;
constexpr std::size_t kPasswordBytesMax = 1024;  // more would only make work

// malformed: shorter or longer than the limits; unavailable: no memory for it.
Result<std::string> hash_password(std::string_view password);
// An empty or foreign hash is refused after the same work, so that the time does not tell who has an account.
bool password_holds(std::string_view password, const std::string& hash);

}  // namespace abate
