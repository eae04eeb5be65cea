// SPDX-License-Identifier: Apache-2.0
// remedy/package_cache.h — a file as its package brought it, from the package that apt kept on this server.
//
//   std::optional<std::string> bytes = cached_file(host, "/usr/bin/ls");   // nothing: not to be had here
//
// SECURITY: whoever broke in may have put a package there. Only bytes with the checksum that dpkg's own list names for
// this path come back; the archive is read by libarchive, bounded in size and entries, and nothing of it is written.
// Thread-safe.
#pragma once

#include <optional>
#include <string>

#include "sweep/kit/host.h"

namespace abate::remedy {

constexpr std::size_t kCachedFileBytesMax = std::size_t{64} << 20;
constexpr std::size_t kCachedEntriesMax = 500'000;

std::optional<std::string> cached_file(const sweep::Host& host, const std::string& path);

}  // namespace abate::remedy
