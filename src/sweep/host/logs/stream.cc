// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/stream.h"

#include <cstring>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

namespace abate::sweep {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{256} << 10;
constexpr std::size_t kPackedBytes = std::size_t{64} << 10;
constexpr int kZstdWindowLogMax = 23;  // 8 MiB

class Plain final : public ByteSource {
 public:
  explicit Plain(TreeFile& file) : file_{file}, end_{file.stat().size} {}
  std::size_t read(std::span<char> into) override {
    if (end_ != 0) into = into.first(std::min<std::uint64_t>(into.size(), end_ - std::min(end_, offset_)));
    if (into.empty()) return 0;
    const Result<std::size_t> got = file_.read_at(offset_, into);
    if (!got) trouble_ = got.error().what;
    offset_ += got.value_or(0);
    return got.value_or(0);
  }

 private:
  TreeFile& file_;
  std::uint64_t offset_ = 0;
  std::uint64_t end_;  // 0: not known (a file of /proc)
};

// What all packed sources share: packed bytes in, limits on what comes out.
class Unpack : public ByteSource {
 public:
  explicit Unpack(TreeFile& file) : file_{file} {}
  std::size_t read(std::span<char> into) final {
    while (!ended_) {
      if (in_.empty() && !refill() && last_was_end_) return ended_ = true, 0;
      const bool dry = in_.empty();
      const std::size_t got = unpack(in_, into, dry);
      out_bytes_ += got;
      if (out_bytes_ > kUnpackedBytesMax || (out_bytes_ > kBombBytesMin && out_bytes_ / kBombRatio > offset_)) {
        trouble_ = "unpacks to far more than a log would: the rest was left";
        ended_ = true;
      } else if (!trouble_.empty()) {
        ended_ = true;
      } else if (got == 0 && dry) {
        if (!last_was_end_) trouble_ = "is cut off: what came before was read";
        ended_ = true;
      }
      if (got != 0) return got;
    }
    return 0;
  }

 protected:
  // Takes from `in`, gives into `into`. Sets trouble_ on corrupt input, last_was_end_ when a stream is complete.
  virtual std::size_t unpack(std::string_view& in, std::span<char> into, bool dry) = 0;
  void corrupt() { trouble_ = "is corrupt: what came before was read"; }
  bool last_was_end_ = false;

 private:
  bool refill() {
    const Result<std::size_t> got = file_.read_at(offset_, packed_);
    if (!got) trouble_ = got.error().what;
    offset_ += got.value_or(0);
    in_ = {packed_.data(), got.value_or(0)};
    return !in_.empty();
  }

  TreeFile& file_;
  std::vector<char> packed_ = std::vector<char>(kPackedBytes);
  std::string_view in_;
  std::uint64_t offset_ = 0;
  std::uint64_t out_bytes_ = 0;
  bool ended_ = false;
};

class Gzip final : public Unpack {
 public:
  explicit Gzip(TreeFile& file) : Unpack{file} { good_ = inflateInit2(&stream_, MAX_WBITS + 16) == Z_OK; }
  ~Gzip() override { inflateEnd(&stream_); }

 private:
  std::size_t unpack(std::string_view& in, std::span<char> into, bool /*dry*/) override {
    if (!good_) return corrupt(), 0;
    if (last_was_end_ && !in.empty()) {  // another member, or zeros that pad a tape
      if (in.front() == '\0') return in = {}, 0;
      inflateReset(&stream_);
    }
    last_was_end_ = false;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(into.size());
    const int said = inflate(&stream_, Z_NO_FLUSH);
    in = in.substr(in.size() - stream_.avail_in);
    if (said == Z_STREAM_END) last_was_end_ = true;
    if (said != Z_OK && said != Z_STREAM_END && said != Z_BUF_ERROR) corrupt();
    return into.size() - stream_.avail_out;
  }
  z_stream stream_{};
  bool good_ = false;
};

class Xz final : public Unpack {
 public:
  explicit Xz(TreeFile& file) : Unpack{file} {
    good_ = lzma_stream_decoder(&stream_, kUnpackMemoryBytesMax, LZMA_CONCATENATED) == LZMA_OK;
  }
  ~Xz() override { lzma_end(&stream_); }

 private:
  std::size_t unpack(std::string_view& in, std::span<char> into, bool dry) override {
    if (!good_) return corrupt(), 0;
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    stream_.avail_in = in.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(into.data());
    stream_.avail_out = into.size();
    const lzma_ret said = lzma_code(&stream_, dry ? LZMA_FINISH : LZMA_RUN);
    in = in.substr(in.size() - stream_.avail_in);
    last_was_end_ = said == LZMA_STREAM_END;
    if (said == LZMA_MEMLIMIT_ERROR) {
      trouble_ = "wants more memory for unpacking than is allowed";
    } else if (said != LZMA_OK && said != LZMA_STREAM_END && said != LZMA_BUF_ERROR) {
      corrupt();
    }
    return into.size() - stream_.avail_out;
  }
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool good_ = false;
};

class Zstd final : public Unpack {
 public:
  explicit Zstd(TreeFile& file) : Unpack{file}, stream_{ZSTD_createDStream()} {
    if (stream_ != nullptr) ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kZstdWindowLogMax);
  }
  ~Zstd() override { ZSTD_freeDStream(stream_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

 private:
  std::size_t unpack(std::string_view& in, std::span<char> into, bool /*dry*/) override {
    if (stream_ == nullptr) return corrupt(), 0;
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{into.data(), into.size(), 0};
    const std::size_t said = ZSTD_decompressStream(stream_, &to, &from);
    in = in.substr(from.pos);
    if (ZSTD_isError(said) != 0) {
      corrupt();
    } else {
      last_was_end_ = said == 0;
    }
    return to.pos;
  }
  ZSTD_DStream* stream_;
};

class Bzip2 final : public Unpack {
 public:
  explicit Bzip2(TreeFile& file) : Unpack{file} { good_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK; }
  ~Bzip2() override { BZ2_bzDecompressEnd(&stream_); }

 private:
  std::size_t unpack(std::string_view& in, std::span<char> into, bool /*dry*/) override {
    if (!good_) return corrupt(), 0;
    if (last_was_end_ && !in.empty()) {
      BZ2_bzDecompressEnd(&stream_);
      stream_ = {};
      good_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
      if (!good_) return corrupt(), 0;
    }
    last_was_end_ = false;
    stream_.next_in = const_cast<char*>(in.data());
    stream_.avail_in = static_cast<unsigned>(in.size());
    stream_.next_out = into.data();
    stream_.avail_out = static_cast<unsigned>(into.size());
    const int said = BZ2_bzDecompress(&stream_);
    in = in.substr(in.size() - stream_.avail_in);
    if (said == BZ_STREAM_END) last_was_end_ = true;
    if (said != BZ_OK && said != BZ_STREAM_END) corrupt();
    return into.size() - stream_.avail_out;
  }
  bz_stream stream_{};
  bool good_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> open_source(TreeFile& file) {
  std::array<char, 6> head{};
  const std::size_t got = file.read_at(0, head).value_or(0);
  const std::string_view magic{head.data(), got};
  if (magic.starts_with("\x1f\x8b")) return std::make_unique<Gzip>(file);
  if (magic == std::string_view{"\xfd"
                                "7zXZ\0",
                                6})
    return std::make_unique<Xz>(file);
  if (magic.starts_with("\x28\xb5\x2f\xfd")) return std::make_unique<Zstd>(file);
  if (magic.starts_with("BZh") && magic.size() > 4 && magic[3] >= '1' && magic[3] <= '9' && magic[4] == '1')
    return std::make_unique<Bzip2>(file);
  return std::make_unique<Plain>(file);
}

LogLines::LogLines(const Tree& tree, std::string path, Notes& notes) : path_{std::move(path)}, notes_{notes} {
  Result<std::unique_ptr<TreeFile>> file = tree.open(path_);
  if (!file) {
    if (file.error().fault != Fault::not_found) notes_.add(path_, file.error().what);
    at_end_ = true;
    return;
  }
  file_ = *std::move(file);
  source_ = open_source(*file_);
  buffer_.resize(kBufferBytes);
}

LogLines::~LogLines() = default;

bool LogLines::fill() {
  if (at_end_) return false;
  if (begin_ != 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const std::size_t got = source_->read(std::span{buffer_}.subspan(end_));
  end_ += got;
  bytes_ += got;
  if (got == 0) {
    at_end_ = true;
    if (!source_->trouble().empty()) notes_.add(path_, source_->trouble());
  }
  return got != 0;
}

bool LogLines::next() {
  std::size_t searched = begin_;
  for (;;) {
    const char* start = buffer_.data() + searched;
    const auto* found = end_ > searched ? static_cast<const char*>(std::memchr(start, '\n', end_ - searched)) : nullptr;
    if (found != nullptr) {
      const auto stop = static_cast<std::size_t>(found - buffer_.data());
      const std::string_view whole{buffer_.data() + begin_, stop - begin_};
      begin_ = stop + 1;
      if (skipping_) {
        skipping_ = false;
        searched = begin_;
        continue;
      }
      line_ = whole.substr(0, kLineBytesMax);
      break;
    }
    if (skipping_) {
      begin_ = end_ = 0;
      searched = 0;
      if (!fill()) return false;
      continue;
    }
    if (end_ - begin_ >= kLineBytesMax) {  // hand out its beginning; the rest is skipped with the next call
      line_ = {buffer_.data() + begin_, kLineBytesMax};
      begin_ += kLineBytesMax;
      skipping_ = true;
      break;
    }
    const std::size_t length = end_ - begin_;
    if (!fill()) {
      if (length == 0) return false;
      line_ = {buffer_.data() + begin_, length};
      begin_ = end_;
      break;
    }
    searched = begin_ + length;
  }
  if (line_.ends_with('\r')) line_.remove_suffix(1);
  ++number_;
  return true;
}

}  // namespace abate::sweep
