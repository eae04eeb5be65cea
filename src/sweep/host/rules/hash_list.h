// SPDX-License-Identifier: Apache-2.0
// sweep/host/rules/hash_list.h — millions of file hashes in bounded memory: sorted in a nameless file, found by one
// read.
//
// A short list stays in memory. A longer one is sorted in runs of kRunRecords, the runs are merged into a file without
// a name in `work_folder` (gone with the process), and of each page of it one key is kept in memory. Read-only and
// thread-safe once made. Digests are kept to 16 bytes: MD5 whole, SHA-1 and SHA-256 by their beginning.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace abate::sweep {

struct HashRecord {
  std::array<std::uint8_t, 16> digest{};
  std::uint64_t size = 0;   // kAnySize: of any size
  std::uint64_t where = 0;  // what the caller knows it by

  static constexpr std::uint64_t kAnySize = ~std::uint64_t{0};
  friend auto operator<=>(const HashRecord&, const HashRecord&) = default;
};

class HashList {
 public:
  explicit HashList(std::string work_folder) : folder_{std::move(work_folder)} {}
  ~HashList();
  HashList(const HashList&) = delete;
  HashList& operator=(const HashList&) = delete;

  Result<void> add(const HashRecord& record);
  Result<void> finish();  // after the last add, before the first find
  [[nodiscard]] std::optional<HashRecord> find(const std::array<std::uint8_t, 16>& digest, std::uint64_t size) const;
  [[nodiscard]] std::size_t count() const { return count_; }

  static constexpr std::size_t kRunRecords = 65'536;  // 2 MiB

 private:
  Result<void> write_run();
  Result<int> nameless_file() const;

  std::string folder_;
  std::vector<HashRecord> run_;  // or the whole list, where it is short
  std::vector<std::size_t> runs_;
  std::vector<HashRecord> page_firsts_;
  std::size_t count_ = 0;
  int file_ = -1;
};

}  // namespace abate::sweep
