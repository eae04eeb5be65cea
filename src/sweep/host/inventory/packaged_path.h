// SPDX-License-Identifier: Apache-2.0
// sweep/host/inventory/packaged_path.h — how the path of a packaged file is kept: 64 bits, the same for both names that
// it has on a merged system. A collision of a stranger's path with a packaged one is a matter of 1 in 10^14. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace abate::sweep {

inline std::uint64_t packaged_path_hash(std::string_view text) {  // FNV-1a
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 1099511628211ULL;
  return hash;
}

// /bin, /sbin and /lib are links to /usr/… on merged systems; packages name either.
inline std::string_view path_as_packaged(std::string_view path) {
  for (const std::string_view top : {"/bin/", "/sbin/", "/lib/", "/lib64/", "/lib32/"})
    if (path.starts_with("/usr") && path.substr(4).starts_with(top)) return path.substr(4);
  return path;
}

}  // namespace abate::sweep
