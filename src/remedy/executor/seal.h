// SPDX-License-Identifier: Apache-2.0
// remedy/executor/seal.h — sealed copies: a file's bytes, encrypted in the state folder, so that no web server serves
// them, no scanner takes them for an infection, and nobody runs them by mistake. libsodium's secretstream
// (XChaCha20-Poly1305) in pieces of 64 KiB: memory stays small, and a copy that was cut or changed is refused.
// The key is STATE/seal.key (32 bytes, 0600), made at the first use. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/result.h"

namespace abate::remedy {

class Seal {
 public:
  // Reads the key, or makes it. refused, unavailable.
  static Result<Seal> open(const std::string& state_folder);
  // All bytes of `file` (from its beginning), to a new file `sealed`, synced; returns their SHA-256.
  Result<std::string> close_up(int file, const std::string& sealed) const;
  // The bytes of `sealed` to `into`. malformed: it was cut or changed, and `into` holds a part only.
  Result<void> unseal(const std::string& sealed, int into) const;
  // How many bytes a sealed copy of that size holds.
  static std::uint64_t clear_size(std::uint64_t sealed_size);

 private:
  std::array<unsigned char, 32> key_{};
};

}  // namespace abate::remedy
