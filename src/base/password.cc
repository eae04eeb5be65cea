// SPDX-License-Identifier: Apache-2.0
#include "base/password.h"

#include <sodium.h>

#include "base/check.h"

namespace abate {
namespace {

void start_sodium() {
  static const bool started = sodium_init() >= 0;
  CHECK(started);
}

Result<std::string> hash_of(std::string_view password) {
  start_sodium();
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str(out.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    return failure(Fault::unavailable, "there is not enough memory to hash a password; free some and try again");
  return std::string{out.data()};
}

// Stands in for the hash of somebody who has no account.
const std::string& nobodys_hash() {
  static const std::string hash = hash_of("a password that nobody has").value_or("");
  return hash;
}

}  // namespace

Result<std::string> hash_password(std::string_view password) {
  if (password.size() < kPasswordBytesMin)
    return failure(Fault::malformed, "a password needs at least {} characters", kPasswordBytesMin);
  if (password.size() > kPasswordBytesMax)
    return failure(Fault::malformed, "a password has at most {} bytes", kPasswordBytesMax);
  return hash_of(password);
}

bool password_holds(std::string_view password, const std::string& hash) {
  start_sodium();
  const bool known = !hash.empty() && hash.size() < crypto_pwhash_STRBYTES;
  const std::string& against = known ? hash : nobodys_hash();
  const std::string_view tried = password.substr(0, kPasswordBytesMax);
  const bool right = crypto_pwhash_str_verify(against.c_str(), tried.data(), tried.size()) == 0;
  return right && known && tried.size() == password.size();
}

}  // namespace abate
