// SPDX-License-Identifier: Apache-2.0
// reading/archive.h — what lies in a zip, gzip, bzip2, xz, zstd or tar that a report carries (libarchive).
//
// SECURITY: from memory into memory; names are only shown, no file is made, no link followed. A bomb ends at a limit,
// and the limit is named in a warning: kArchiveFilesMax, kArchiveBytesMax for all together, kArchiveRatioMax. Encrypted
// files are passed over with a warning. Archives within archives are not opened. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reading/values.h"

namespace abate::reading {

constexpr std::size_t kArchiveFilesMax = 100;
constexpr std::size_t kArchiveBytesMax = std::size_t{64} << 20;
constexpr std::size_t kArchiveRatioMax = 1'000;  // unpacked to packed, beyond the first MiB

struct ArchivedFile {
  std::string name;  // valid UTF-8, may be empty (gzip)
  std::string bytes;
};

// By its first bytes.
bool looks_like_archive(std::string_view bytes);
std::vector<ArchivedFile> open_archive(std::string_view bytes, Warnings& warnings);

}  // namespace abate::reading
