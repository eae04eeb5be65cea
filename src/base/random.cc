// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <sodium.h>

#include "base/check.h"

namespace abate {
namespace {

constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";  // Crockford's: no i, l, o, u

void ready() {
  static const bool good = sodium_init() >= 0;
  CHECK(good);
}

}  // namespace

std::string random_token(std::size_t bytes) {
  ready();
  std::string raw(bytes, '\0');
  randombytes_buf(raw.data(), raw.size());
  std::string out;
  out.reserve(bytes * 8 / 5 + 1);
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : raw) {
    held = held << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) out += kDigits[held >> (bits - 5) & 31];
    held &= (1U << bits) - 1;
  }
  if (bits > 0) out += kDigits[held << (5 - bits) & 31];
  return out;
}

std::string random_id(std::string_view prefix, Instant now) {
  auto millis = static_cast<std::uint64_t>(std::max<std::int64_t>(0, to_micros(now) / 1000));
  std::string time(10, '0');
  for (std::size_t i = time.size(); i-- > 0; millis >>= 5) time[i] = kDigits[millis & 31];
  std::string out{prefix};
  out += '-';
  out += time;
  out += random_token(10);
  return out;
}

std::uint32_t random_below(std::uint32_t bound) {
  ready();
  return randombytes_uniform(bound);
}

}  // namespace abate
