// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <array>

#include <openssl/evp.h>

#include "base/check.h"
#include "base/hash.h"

namespace abate {

void Digest::Free::operator()(void* context) const { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context)); }

Digest::Digest(const char* algorithm) : context_{EVP_MD_CTX_new()} {
  const EVP_MD* kind = EVP_get_digestbyname(algorithm);
  CHECK(kind != nullptr);
  CHECK(EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_.get()), kind, nullptr) == 1);
}

void Digest::add(std::string_view bytes) {
  CHECK(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_.get()), bytes.data(), bytes.size()) == 1);
}

std::string Digest::hex() {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> out{};
  unsigned length = 0;
  CHECK(EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_.get()), out.data(), &length) == 1);
  return to_hex(std::span{out}.first(length));
}

}  // namespace abate
