// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/stream.h — the lines of a log, however it was packed and however long they are.
//
//   LogLines lines{tree, "/var/log/auth.log.2.gz", notes};
//   while (lines.next()) use(lines.line(), lines.number());
//
// gzip (also several members), xz, zstd and bzip2 are known by their first bytes, not by the name. A cut or corrupt
// file gives what came before, and a note. A packed file that grows beyond kUnpackedBytesMax, or is a bomb by its
// ratio, is left there, with a note. A line longer than kLineBytesMax is cut, and the rest of it skipped. What is
// appended to a file while it is read is left for the next sweep. One thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/host/open_host.h"
#include "sweep/kit/tree.h"

namespace abate::sweep {

constexpr std::size_t kLineBytesMax = std::size_t{64} << 10;
constexpr std::uint64_t kUnpackedBytesMax = std::uint64_t{8} << 30;
constexpr std::uint64_t kBombBytesMin = std::uint64_t{256} << 20;  // below that no ratio is a bomb
constexpr std::uint64_t kBombRatio = 500;                          // logs pack 10 to 50 times
constexpr std::size_t kUnpackMemoryBytesMax = std::size_t{12} << 20;

class ByteSource {  // bytes in order, unpacked
 public:
  virtual ~ByteSource() = default;
  // 0 at the end, which may come early: then trouble() says why.
  virtual std::size_t read(std::span<char> into) = 0;
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

 protected:
  std::string trouble_;
};
// `file` must outlive it.
std::unique_ptr<ByteSource> open_source(TreeFile& file);

class LogLines {
 public:
  LogLines(const Tree& tree, std::string path, Notes& notes);
  ~LogLines();
  LogLines(const LogLines&) = delete;
  LogLines& operator=(const LogLines&) = delete;

  bool next();                                                   // false at the end
  [[nodiscard]] std::string_view line() const { return line_; }  // valid until the next call; without its line end
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool opened() const { return file_ != nullptr; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }  // handed out so far

 private:
  bool fill();  // more bytes behind end_; false at the end

  std::string path_;
  Notes& notes_;
  std::unique_ptr<TreeFile> file_;
  std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;
  bool skipping_ = false;
  std::string_view line_;
  std::uint64_t number_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace abate::sweep
