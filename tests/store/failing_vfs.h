// SPDX-License-Identifier: Apache-2.0
// An SQLite VFS that stands before the real one and lets the Nth write, sync or truncation fail, with "disk full" or
// with an I/O error, once or from then on. Registered as "failing" when first asked for.
#pragma once

#include <atomic>

namespace abate::store {

struct VfsFaults {
  std::atomic<int> steps{0};
  std::atomic<int> fail_at{0};     // 0: none
  std::atomic<int> code{0};        // SQLITE_FULL, SQLITE_IOERR_WRITE, ...
  std::atomic<bool> stays{false};  // also everything after it
};

VfsFaults& failing_vfs();

}  // namespace abate::store
