// SPDX-License-Identifier: Apache-2.0
// tests/sweep/packed.h — archives made by libarchive's writers, in memory.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace abate::sweep {

using PackedFiles = std::vector<std::pair<std::string, std::string>>;  // name, content

// `format` as archive_write_set_format_by_name knows it ("zip", "gnutar", "7zip", "cpio"), `filter` likewise or "".
std::string packed(const char* format, const char* filter, const PackedFiles& files);
// One packed stream without an archive in it: "gzip", "xz", …
std::string packed_stream(const char* filter, const std::string& content);
// A RAR 4 archive whose members are stored as they are; nothing in Debian writes one.
std::string stored_rar(const PackedFiles& files);

}  // namespace abate::sweep
