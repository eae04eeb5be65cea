// SPDX-License-Identifier: Apache-2.0
// sweep/host/inventory/rpm/file_numbers.h — numbers and exact pieces of a database's file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sweep/kit/tree.h"

namespace abate::sweep {

// Four bytes at `at`, 0 where they are not all there.
inline std::uint32_t number_at(std::string_view bytes, std::size_t at, bool big_endian) {
  if (bytes.size() < 4 || at > bytes.size() - 4) return 0;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + (big_endian ? i : 3 - i)]);
  return value;
}

inline std::uint16_t short_at(std::string_view bytes, std::size_t at, bool big_endian) {
  if (bytes.size() < 2 || at > bytes.size() - 2) return 0;
  const auto first = static_cast<unsigned char>(bytes[at]), second = static_cast<unsigned char>(bytes[at + 1]);
  return static_cast<std::uint16_t>(big_endian ? first << 8 | second : second << 8 | first);
}

// malformed: the file ends before.
inline Result<std::string> read_exactly(TreeFile& file, std::uint64_t offset, std::size_t length) {
  std::string bytes(length, '\0');
  for (std::size_t have = 0; have < length;) {
    TRY_ASSIGN(const std::size_t got, file.read_at(offset + have, std::span{bytes}.subspan(have)));
    if (got == 0) return failure(Fault::malformed, "it is cut off");
    have += got;
  }
  return bytes;
}

}  // namespace abate::sweep
