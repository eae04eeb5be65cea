// SPDX-License-Identifier: Apache-2.0
// sweep/host/archives/memory_limit.h — for as long as it lives, the process may not grow by more than so many bytes.
//
//   { const MemoryLimit limit{20 << 20}; archive_read_data(…); }   // what is larger gets ENOMEM
//
// For libraries that believe the sizes which a hostile file claims. It lowers RLIMIT_DATA, the whole process': hold it
// around calls into such a library only. Inside another one it does nothing. Without /proc, and under a sanitizer,
// nothing is limited.
#pragma once

#include <cstddef>

#include <sys/resource.h>

namespace abate::sweep {

class MemoryLimit {
 public:
  explicit MemoryLimit(std::size_t growth_bytes_max);
  ~MemoryLimit();
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

 private:
  rlimit before_{};
  bool held_ = false;
};

}  // namespace abate::sweep
