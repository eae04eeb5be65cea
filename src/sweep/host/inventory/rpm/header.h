// SPDX-License-Identifier: Apache-2.0
// sweep/host/inventory/rpm/header.h — one package's entry of an RPM database: the header, as rpm writes it.
//
// A header is two big-endian counts (entries, bytes of data), the entries (tag, type, offset, count; 16 bytes each) and
// the data (rpm's doc/manual/format_header.md). Every offset and count is checked: the database is hostile. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace abate::sweep {

struct RpmFile {
  std::string path;
  std::string digest;  // hex; "" for folders, links and files that rpm does not compare
  std::uint32_t flags = 0;
};

struct RpmPackage {
  std::string name;
  std::string version;          // "1:5.2.1-3.el9"
  std::uint32_t algorithm = 1;  // of the digests, by RFC 4880's numbers: 1 is MD5, 8 SHA-256
  std::vector<RpmFile> files;
};

constexpr std::uint32_t kRpmMd5 = 1;
constexpr std::uint32_t kRpmSha256 = 8;
constexpr std::uint32_t kRpmConfig = 1U << 0;  // RPMFILE_CONFIG
constexpr std::uint32_t kRpmGhost = 1U << 6;   // RPMFILE_GHOST: named, not installed
constexpr std::size_t kRpmEntriesMax = 10'000;
constexpr std::size_t kRpmFilesMax = 200'000;  // of one package; a kernel's modules are 10,000

// malformed: says what does not fit.
Result<RpmPackage> read_rpm_header(std::string_view blob);

}  // namespace abate::sweep
