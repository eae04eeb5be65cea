// SPDX-License-Identifier: Apache-2.0
#include "reading/archive.h"

#include <algorithm>
#include <memory>

#include <archive.h>
#include <archive_entry.h>

#include "base/text.h"

namespace abate::reading {
namespace {

struct Free {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, Free>;

// Formats and filters by name: "all" would load programs for some of them.
Reader make_reader() {
  Reader reader{archive_read_new()};
  if (!reader) return nullptr;
  archive_read_support_format_zip_streamable(reader.get());
  archive_read_support_format_zip_seekable(reader.get());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_raw(reader.get());  // a single compressed file
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_bzip2(reader.get());
  archive_read_support_filter_xz(reader.get());
  archive_read_support_filter_zstd(reader.get());
  return reader;
}

std::string why(archive* reader) {
  const char* text = archive_error_string(reader);
  return text == nullptr ? "unknown" : make_valid_utf8(text);
}

}  // namespace

bool looks_like_archive(std::string_view bytes) {
  for (const std::string_view magic :
       {std::string_view{"PK\3\4"}, std::string_view{"\x1f\x8b"}, std::string_view{"BZh"},
        std::string_view{"\xfd\x37zXZ\0", 6}, std::string_view{"\x28\xb5\x2f\xfd"}})
    if (bytes.starts_with(magic)) return true;
  return bytes.size() > 262 && bytes.substr(257, 5) == "ustar";
}

std::vector<ArchivedFile> open_archive(std::string_view bytes, Warnings& warnings) {
  std::vector<ArchivedFile> files;
  const Reader reader = make_reader();
  if (!reader || archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
    warnings.add("An archive cannot be opened: {}", reader ? why(reader.get()) : "no memory");
    return files;
  }
  const std::size_t most = std::min(kArchiveBytesMax, std::max(std::size_t{1} << 20, bytes.size() * kArchiveRatioMax));
  std::size_t total = 0;
  for (;;) {
    archive_entry* entry = nullptr;
    const int next = archive_read_next_header(reader.get(), &entry);
    if (next == ARCHIVE_EOF) break;
    if (next < ARCHIVE_WARN) {
      warnings.add("An archive is damaged: {}", why(reader.get()));
      break;
    }
    if (files.size() == kArchiveFilesMax) {
      warnings.add("More than {} files in an archive: the rest was not opened", kArchiveFilesMax);
      break;
    }
    const char* name = archive_entry_pathname(entry);
    ArchivedFile file{make_valid_utf8(name == nullptr ? "" : name), {}};
    if (archive_entry_is_encrypted(entry) == 1) {
      warnings.add("A file in an archive is encrypted: {}", in_quotes(file.name));
      continue;
    }
    if (archive_entry_filetype(entry) != AE_IFREG && archive_entry_filetype(entry) != 0) continue;
    std::array<char, 64 * 1024> piece;
    for (;;) {
      const la_ssize_t got = archive_read_data(reader.get(), piece.data(), piece.size());
      if (got < 0) warnings.add("A file in an archive is damaged: {}", why(reader.get()));
      if (got <= 0) break;
      if (total + static_cast<std::size_t>(got) > most) {
        warnings.add("An archive unpacks to more than {} bytes: the rest was not taken", most);
        files.push_back(std::move(file));
        return files;
      }
      total += static_cast<std::size_t>(got);
      file.bytes.append(piece.data(), static_cast<std::size_t>(got));
    }
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace abate::reading
