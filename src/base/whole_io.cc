// SPDX-License-Identifier: Apache-2.0
#include "base/whole_io.h"

#include <cerrno>

#include <unistd.h>

namespace abate {

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

ssize_t read_full(int file, std::span<char> into) {
  std::size_t have = 0;
  while (have < into.size()) {
    const ssize_t got = ::read(file, into.data() + have, into.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(have);
}

}  // namespace abate
