// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/inventory/rpm/header.h"

#include <algorithm>

namespace abate::sweep {
namespace {

constexpr std::size_t kEntryBytes = 16;
enum Tag : std::uint32_t {
  name = 1000,
  version = 1001,
  release = 1002,
  epoch = 1003,
  old_file_names = 1027,
  file_digests = 1035,
  file_flags = 1037,
  dir_indexes = 1116,
  base_names = 1117,
  dir_names = 1118,
  digest_algorithm = 5011
};
enum Type : std::uint32_t { int32 = 4, text = 6, texts = 8, i18n_text = 9 };

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return value;
}

struct Entry {
  std::uint32_t type = 0;
  std::uint32_t offset = 0;
  std::uint32_t count = 0;
};

class Header {
 public:
  // False where the counts do not fit the bytes.
  bool open(std::string_view blob) {
    if (blob.size() < 8) return false;
    const std::uint64_t entries = big_endian(blob, 0), length = big_endian(blob, 4);
    if (entries > kRpmEntriesMax || 8 + entries * kEntryBytes + length > blob.size()) return false;
    entries_ = blob.substr(8, entries * kEntryBytes);
    data_ = blob.substr(8 + entries_.size(), length);
    return true;
  }

  [[nodiscard]] Entry find(Tag tag) const {
    for (std::size_t at = 0; at < entries_.size(); at += kEntryBytes)
      if (big_endian(entries_, at) == tag)
        return {big_endian(entries_, at + 4), big_endian(entries_, at + 8), big_endian(entries_, at + 12)};
    return {};
  }

  [[nodiscard]] std::string_view text_of(Tag tag) const {
    const Entry entry = find(tag);
    return entry.type == text || entry.type == i18n_text ? text_at(entry.offset) : std::string_view{};
  }
  [[nodiscard]] std::vector<std::string_view> texts_of(Tag tag) const {
    const Entry entry = find(tag);
    std::vector<std::string_view> all;
    if (entry.type != texts) return all;
    std::size_t at = entry.offset;
    for (std::uint32_t i = 0; i < entry.count && all.size() < kRpmFilesMax && at < data_.size(); ++i) {
      all.push_back(text_at(at));
      at += all.back().size() + 1;
    }
    return all;
  }
  [[nodiscard]] std::vector<std::uint32_t> numbers_of(Tag tag) const {
    const Entry entry = find(tag);
    std::vector<std::uint32_t> all;
    if (entry.type != int32) return all;
    for (std::size_t i = 0, at = entry.offset; i < entry.count && all.size() < kRpmFilesMax && at + 4 <= data_.size();
         ++i, at += 4)
      all.push_back(big_endian(data_, at));
    return all;
  }

 private:
  [[nodiscard]] std::string_view text_at(std::size_t at) const {
    if (at >= data_.size()) return {};
    const std::string_view rest = data_.substr(at);
    return rest.substr(0, std::min(rest.find('\0'), rest.size()));
  }

  std::string_view entries_, data_;
};

}  // namespace

Result<RpmPackage> read_rpm_header(std::string_view blob) {
  Header header;
  if (!header.open(blob)) return failure(Fault::malformed, "a package's header does not fit its {} bytes", blob.size());
  RpmPackage package;
  package.name = header.text_of(name);
  if (package.name.empty()) return failure(Fault::malformed, "a package's header names no package");
  const std::vector<std::uint32_t> epochs = header.numbers_of(epoch);
  if (!epochs.empty()) package.version = fmt::format("{}:", epochs.front());
  package.version += fmt::format("{}-{}", header.text_of(version), header.text_of(release));
  const std::vector<std::uint32_t> algorithms = header.numbers_of(digest_algorithm);
  if (!algorithms.empty()) package.algorithm = algorithms.front();

  const std::vector<std::string_view> digests = header.texts_of(file_digests);
  const std::vector<std::uint32_t> flags = header.numbers_of(file_flags);
  const auto add = [&](std::string path) {
    const std::size_t i = package.files.size();
    package.files.push_back({.path = std::move(path),
                             .digest = i < digests.size() ? std::string{digests[i]} : std::string{},
                             .flags = i < flags.size() ? flags[i] : 0});
  };
  const std::vector<std::string_view> bases = header.texts_of(base_names), folders = header.texts_of(dir_names);
  const std::vector<std::uint32_t> indexes = header.numbers_of(dir_indexes);
  for (std::size_t i = 0; i < bases.size() && i < indexes.size(); ++i)
    add(indexes[i] < folders.size() ? std::string{folders[indexes[i]]} + std::string{bases[i]} : std::string{});
  if (bases.empty())  // before rpm 4
    for (const std::string_view path : header.texts_of(old_file_names)) add(std::string{path});
  return package;
}

}  // namespace abate::sweep
