// SPDX-License-Identifier: Apache-2.0
#include "sweep/packed.h"

#include <memory>

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include "base/check.h"

namespace abate::sweep {
namespace {

la_ssize_t take(archive*, void* data, const void* bytes, std::size_t length) {
  static_cast<std::string*>(data)->append(static_cast<const char*>(bytes), length);
  return static_cast<la_ssize_t>(length);
}

void little(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

std::uint32_t crc_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

std::string with_crc(std::string_view block) {  // the lower half of the CRC-32 of what follows
  std::string out;
  little(out, crc_of(block) & 0xffffU, 2);
  return out + std::string{block};
}

}  // namespace

std::string packed(const char* format, const char* filter, const PackedFiles& files) {
  std::string out;
  archive* writer = archive_write_new();
  CHECK(archive_write_set_format_by_name(writer, format) == ARCHIVE_OK);
  if (*filter != '\0') CHECK(archive_write_add_filter_by_name(writer, filter) == ARCHIVE_OK);
  archive_write_set_bytes_in_last_block(writer, 1);
  CHECK(archive_write_open(writer, &out, nullptr, take, nullptr) == ARCHIVE_OK);
  for (const auto& [name, content] : files) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    CHECK(archive_write_header(writer, entry) == ARCHIVE_OK);
    CHECK(archive_write_data(writer, content.data(), content.size()) == static_cast<la_ssize_t>(content.size()));
    archive_entry_free(entry);
  }
  CHECK(archive_write_close(writer) == ARCHIVE_OK);
  archive_write_free(writer);
  return out;
}

std::string packed_stream(const char* filter, const std::string& content) {
  return packed("raw", filter, {{"x", content}});
}

// The layout of unrar's technote: marker, main header, then a header and the bytes of each file, and the end.
std::string stored_rar(const PackedFiles& files) {
  std::string out{"Rar!\x1a\x07\0", 7};
  std::string main{"\x73", 1};
  little(main, 0, 2);
  little(main, 13, 2);
  little(main, 0, 6);
  out += with_crc(main);
  for (const auto& [name, content] : files) {
    std::string file{"\x74", 1};
    little(file, 0x8000, 2);  // bytes follow the header
    little(file, 32 + name.size(), 2);
    little(file, content.size(), 4);
    little(file, content.size(), 4);
    little(file, 3, 1);  // Unix
    little(file, crc_of(content), 4);
    little(file, 0x5a210000, 4);  // DOS time
    little(file, 20, 1);
    little(file, 0x30, 1);  // stored
    little(file, name.size(), 2);
    little(file, 0100644, 4);
    out += with_crc(file + name) + content;
  }
  std::string end{"\x7b", 1};
  little(end, 0x4000, 2);
  little(end, 7, 2);
  return out + with_crc(end);
}

}  // namespace abate::sweep
