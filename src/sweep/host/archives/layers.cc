// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/archives/layers.h"

#include <algorithm>
#include <cstring>

namespace abate::sweep {
namespace {

constexpr std::size_t kBeginningBytes = std::size_t{64} << 10;

// The sum of a tar header's bytes stands in it in octal, its own field counted as blanks (tar(5)). For tars older than
// "ustar".
bool is_tar_header(std::string_view head) {
  constexpr std::size_t kSumAt = 148, kSumLength = 8;
  if (head.size() < kPackingHeadBytes || head.front() == '\0') return false;
  std::uint32_t sum = 0, said = 0;
  for (std::size_t i = 0; i < kPackingHeadBytes; ++i)
    sum += i >= kSumAt && i < kSumAt + kSumLength ? std::uint32_t{' '} : static_cast<std::uint8_t>(head[i]);
  bool digits = false;
  for (const char c : head.substr(kSumAt, kSumLength)) {
    if (c == ' ' && !digits) continue;
    if (c < '0' || c > '7') break;
    said = said * 8 + static_cast<std::uint32_t>(c - '0');
    digits = true;
  }
  return digits && said == sum;
}

}  // namespace

Packing packing_of(std::string_view head) {
  using namespace std::string_view_literals;
  if (head.starts_with("\x1f\x8b") ||
      head.starts_with("\xfd"
                       "7zXZ\0"sv) ||
      head.starts_with("\x28\xb5\x2f\xfd"))
    return Packing::stream;
  if (head.starts_with("BZh") && head.size() > 4 && head[3] >= '1' && head[3] <= '9' && head[4] == '1')
    return Packing::stream;
  if (head.starts_with("PK\3\4") || head.starts_with("PK\7\x08PK\3\4")) return Packing::zip;
  if (head.starts_with("7z\xbc\xaf\x27\x1c")) return Packing::seven_zip;
  if (head.starts_with("Rar!\x1a\x07\0"sv)) return Packing::rar;
  if (head.starts_with("Rar!\x1a\x07\x01\0"sv)) return Packing::rar5;
  if (head.starts_with("070701") || head.starts_with("070702") || head.starts_with("070707")) return Packing::cpio;
  if (head.starts_with("!<arch>\n")) return Packing::ar;
  return is_tar_header(head) ? Packing::tar : Packing::none;
}

BytesInMemory::BytesInMemory(std::string_view bytes) : bytes_{bytes} {
  stat_.kind = NodeKind::file;
  stat_.size = bytes.size();
}

Result<std::size_t> BytesInMemory::read_at(std::uint64_t offset, std::span<char> into) {
  if (offset >= bytes_.size()) return 0;
  const std::size_t length = std::min<std::size_t>(into.size(), bytes_.size() - offset);
  std::memcpy(into.data(), bytes_.data() + offset, length);
  return length;
}

StreamedFile::StreamedFile(Read read, std::string_view beginning)
    : read_{std::move(read)}, beginning_{beginning}, position_{beginning.size()} {
  stat_.kind = NodeKind::file;
}

StreamedFile::StreamedFile(Read read) : read_{std::move(read)} {
  stat_.kind = NodeKind::file;
  own_.resize(kBeginningBytes);
  std::size_t length = 0;
  while (length < own_.size()) {
    const std::size_t got = read_(std::span{own_}.subspan(length));
    if (got == 0) break;
    length += got;
  }
  own_.resize(length);
  beginning_ = own_;
  position_ = length;
}

Result<std::size_t> StreamedFile::read_at(std::uint64_t offset, std::span<char> into) {
  if (offset < beginning_.size()) {
    const std::size_t length = std::min<std::size_t>(into.size(), beginning_.size() - offset);
    std::memcpy(into.data(), beginning_.data() + offset, length);
    return length;
  }
  if (offset != position_) return failure(Fault::refused, "a packed stream is read in order only");
  const std::size_t got = read_(into);
  position_ += got;
  return got;
}

std::string head_of(TreeFile& file, std::size_t length) {
  std::string head(length, '\0');
  std::size_t got = 0;
  while (got < length) {
    const std::size_t more = file.read_at(got, std::span{head}.subspan(got)).value_or(0);
    if (more == 0) break;
    got += more;
  }
  head.resize(got);
  return head;
}

}  // namespace abate::sweep
