// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <memory>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

namespace abate {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeDigest {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};

// OpenSSL 3 looks an algorithm up by name each time unless it is fetched once.
const EVP_MD* sha256_digest() {
  static const std::unique_ptr<EVP_MD, FreeDigest> digest{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  CHECK(digest);
  return digest.get();
}

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr std::array<std::int8_t, 256> kBase64Values = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kBase64Digits.size(); ++i)
    values[static_cast<unsigned char>(kBase64Digits[i])] = static_cast<std::int8_t>(i);
  return values;
}();

}  // namespace

Sha256 sha256(std::string_view bytes) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
  Sha256 out;
  unsigned size = 0;
  CHECK(EVP_DigestInit_ex(context.get(), sha256_digest(), nullptr) == 1);
  CHECK(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1);
  CHECK(EVP_DigestFinal_ex(context.get(), out.data(), &size) == 1 && size == out.size());
  return out;
}

std::string sha256_hex(std::string_view bytes) { return to_hex(sha256(bytes)); }

std::string hmac_sha256_hex(std::string_view key, std::string_view bytes) {
  Sha256 out;
  unsigned size = 0;
  if (key.data() == nullptr) key = "";  // HMAC takes a null pointer for "the key of last time", and fails
  CHECK(HMAC(sha256_digest(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), out.data(), &size) != nullptr);
  return to_hex(out);
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out += kHexDigits[byte >> 4];
    out += kHexDigits[byte & 15];
  }
  return out;
}

std::string to_hex(std::string_view bytes) {
  return to_hex(std::span{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

Result<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return failure(Fault::malformed, "hex text has an odd number of digits");
  std::string out;
  out.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = hex_value(hex[i]);
    const int low = hex_value(hex[i + 1]);
    if (high < 0 || low < 0) return failure(Fault::malformed, "hex text holds something that is no digit");
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

std::string base64_encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
  std::size_t i = 0;
  for (; i + 2 < bytes.size(); i += 3) {
    const std::uint32_t group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    for (const unsigned shift : {18U, 12U, 6U, 0U}) out += kBase64Digits[group >> shift & 63];
  }
  if (const std::size_t rest = bytes.size() - i; rest > 0) {
    const std::uint32_t group = byte(i) << 16 | (rest == 2 ? byte(i + 1) << 8 : 0);
    out += kBase64Digits[group >> 18 & 63];
    out += kBase64Digits[group >> 12 & 63];
    out += rest == 2 ? kBase64Digits[group >> 6 & 63] : '=';
    out += '=';
  }
  return out;
}

Result<std::string> base64_decode(std::string_view text) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  const auto put = [&](std::uint32_t byte) { out[size++] = static_cast<char>(byte & 255); };
  std::uint32_t group = 0;
  int digits = 0;
  int padding = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    while (digits == 0 && padding == 0 && text.size() - at > 4) {  // whole groups, as long as there are only digits
      std::int32_t four = 0;
      for (std::size_t i = 0; i < 4; ++i) four = four << 6 | kBase64Values[static_cast<unsigned char>(text[at + i])];
      if (four < 0) break;  // what is no digit is -1 and keeps all high bits set
      const auto whole = static_cast<std::uint32_t>(four);
      put(whole >> 16);
      put(whole >> 8);
      put(whole);
      at += 4;
    }
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const std::int8_t value = kBase64Values[static_cast<unsigned char>(c)];
    if (value < 0 || padding > 0) return failure(Fault::malformed, "base64 text holds something that is no digit");
    group = group << 6 | static_cast<std::uint32_t>(value);
    if (++digits == 4) {
      put(group >> 16);
      put(group >> 8);
      put(group);
      group = 0;
      digits = 0;
    }
  }
  if (padding > (digits == 0 ? 0 : 4 - digits)) return failure(Fault::malformed, "base64 text has too much padding");
  if (digits == 1) return failure(Fault::malformed, "base64 text ends in the middle of a byte");
  if (digits == 2) put(group >> 4);
  if (digits == 3) {
    put(group >> 10);
    put(group >> 2);
  }
  out.resize(size);
  return out;
}

bool equal_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace abate
