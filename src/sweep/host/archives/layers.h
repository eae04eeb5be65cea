// SPDX-License-Identifier: Apache-2.0
// sweep/host/archives/layers.h — one layer of an archive as the file of the next: bytes in memory, or a stream whose
// beginning is kept. Each reads like a TreeFile, so that what unpacks a file on disk unpacks a member too.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sweep/kit/tree.h"

namespace abate::sweep {

enum class Packing : std::uint8_t { none, stream, tar, zip, seven_zip, rar, rar5, cpio, ar };
// By the first bytes, never by the name. `stream`: one packed stream (gzip, bzip2, xz, zstd) around something else.
Packing packing_of(std::string_view head);
constexpr std::size_t kPackingHeadBytes = 512;  // as many as packing_of wants to see

// Bytes that somebody else keeps.
class BytesInMemory final : public TreeFile {
 public:
  explicit BytesInMemory(std::string_view bytes);
  [[nodiscard]] const Stat& stat() const override { return stat_; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override;

 private:
  Stat stat_;
  std::string_view bytes_;
};

// A stream that can be read once, in order. Its first bytes are given again as often as they are asked for.
class StreamedFile final : public TreeFile {
 public:
  using Read = std::function<std::size_t(std::span<char>)>;  // 0 at the end
  // `beginning` was read from the stream already, and is kept by somebody else.
  StreamedFile(Read read, std::string_view beginning);
  // Reads the beginning itself.
  explicit StreamedFile(Read read);
  [[nodiscard]] const Stat& stat() const override { return stat_; }  // the size is not known: 0
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override;

 private:
  Read read_;
  std::string own_;
  std::string_view beginning_;
  std::uint64_t position_ = 0;  // of what the stream gives next
  Stat stat_;
};

// The first `length` bytes, or as many as there are.
std::string head_of(TreeFile& file, std::size_t length);

}  // namespace abate::sweep
