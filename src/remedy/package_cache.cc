// SPDX-License-Identifier: Apache-2.0
#include "remedy/package_cache.h"

#include <array>
#include <memory>
#include <vector>

#include <archive.h>
#include <archive_entry.h>

#include "base/digest.h"

namespace abate::remedy {
namespace {

struct Free {
  void operator()(archive* one) const { archive_read_free(one); }
};
using Reader = std::unique_ptr<archive, Free>;

struct Source {  // where an archive's bytes come from, a piece at a time
  sweep::TreeFile* file = nullptr;
  archive* outer = nullptr;
  std::uint64_t at = 0;
  std::vector<char> piece = std::vector<char>(std::size_t{1} << 16);
};

ssize_t read_file(archive*, void* state, const void** bytes) {
  auto& source = *static_cast<Source*>(state);
  const Result<std::size_t> got = source.file->read_at(source.at, source.piece);
  if (!got) return -1;
  source.at += *got;
  *bytes = source.piece.data();
  return static_cast<ssize_t>(*got);
}

ssize_t read_outer(archive*, void* state, const void** bytes) {
  auto& source = *static_cast<Source*>(state);
  *bytes = source.piece.data();
  return archive_read_data(source.outer, source.piece.data(), source.piece.size());
}

std::string_view name_of(archive_entry* entry) {
  const char* name = archive_entry_pathname(entry);
  return name == nullptr ? std::string_view{} : std::string_view{name};
}

// "./bin/ls" is "/usr/bin/ls" where /bin is a link (usrmerge).
bool is_path(std::string_view entry, std::string_view path) {
  while (entry.starts_with('.')) entry.remove_prefix(1);
  return entry == path || (path.starts_with("/usr") && entry == path.substr(4)) ||
         (entry.starts_with("/usr") && entry.substr(4) == path);
}

std::optional<std::string> bytes_of(archive* data, const std::string& path) {
  archive_entry* entry = nullptr;
  for (std::size_t n = 0; n < kCachedEntriesMax && archive_read_next_header(data, &entry) == ARCHIVE_OK; ++n) {
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr ||
        !is_path(name_of(entry), path))
      continue;
    std::string bytes;
    std::array<char, 65536> piece{};
    for (ssize_t got = 0; (got = archive_read_data(data, piece.data(), piece.size())) != 0;) {
      if (got < 0 || bytes.size() > kCachedFileBytesMax) return std::nullopt;
      bytes.append(piece.data(), static_cast<std::size_t>(got));
    }
    return bytes;
  }
  return std::nullopt;
}

// A .deb is an ar archive; data.tar.* in it holds the files.
std::optional<std::string> bytes_in_deb(const sweep::Host& host, const std::string& deb, const std::string& path) {
  const Result<std::unique_ptr<sweep::TreeFile>> file = host.tree->open(deb);
  const Reader outer{archive_read_new()};
  const Reader inner{archive_read_new()};
  if (!file || !outer || !inner) return std::nullopt;
  Source from_file{.file = file->get()};
  archive_read_support_format_ar(outer.get());
  if (archive_read_open(outer.get(), &from_file, nullptr, read_file, nullptr) != ARCHIVE_OK) return std::nullopt;
  archive_entry* entry = nullptr;
  for (int n = 0; n < 16 && archive_read_next_header(outer.get(), &entry) == ARCHIVE_OK; ++n) {
    if (!name_of(entry).starts_with("data.tar")) continue;
    Source from_outer{.outer = outer.get()};
    archive_read_support_filter_gzip(inner.get());
    archive_read_support_filter_xz(inner.get());
    archive_read_support_filter_zstd(inner.get());
    archive_read_support_filter_bzip2(inner.get());
    archive_read_support_format_tar(inner.get());
    if (archive_read_open(inner.get(), &from_outer, nullptr, read_outer, nullptr) != ARCHIVE_OK) return std::nullopt;
    return bytes_of(inner.get(), path);
  }
  return std::nullopt;
}

std::string as_file_name(std::string_view version) {
  std::string name;
  for (const char c : version) name += c == ':' ? std::string{"%3a"} : std::string{c};
  return name;
}

}  // namespace

std::optional<std::string> cached_file(const sweep::Host& host, const std::string& path) {
  if (host.packages == nullptr || host.packages->system() != "dpkg") return std::nullopt;
  const std::optional<std::string> md5 = host.packages->digest_of(path);
  std::string package = host.packages->package_of(path);
  const std::string version = host.packages->version(package);
  package = package.substr(0, package.find(':'));
  if (!md5 || package.empty() || version.empty()) return std::nullopt;
  const std::string wanted = package + "_" + as_file_name(version) + "_";
  const Result<std::vector<sweep::Name>> names = host.tree->list("/var/cache/apt/archives");
  if (!names) return std::nullopt;
  for (const sweep::Name& name : *names) {
    if (!name.name.starts_with(wanted) || !name.name.ends_with(".deb")) continue;
    const std::optional<std::string> bytes = bytes_in_deb(host, "/var/cache/apt/archives/" + name.name, path);
    if (!bytes) continue;
    Md5 hash;
    hash.add(*bytes);
    if (hash.hex() == *md5) return bytes;
  }
  return std::nullopt;
}

}  // namespace abate::remedy
