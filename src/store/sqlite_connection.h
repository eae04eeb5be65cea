// SPDX-License-Identifier: Apache-2.0
// store/sqlite_connection.h — a connection to an SQLite file (WAL, synchronous=FULL).
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "store/connection.h"

namespace abate::store {

constexpr int kSqliteBusyWaitMs = 10'000;  // several programs use the file beside each other

struct SqlitePlace {
  std::string path;
  std::string vfs;  // empty: SQLite's own; tests give one that fails
  bool create = true;
  bool read_only = false;  // a reader: refuses to write
};

// Makes the file with mode 0600 where it is absent: it holds reports.
Result<std::unique_ptr<Connection>> open_sqlite(const SqlitePlace& place);

// A whole and consistent copy at `to`, taken while others read and write. Replaces `to` in one step.
Result<void> copy_sqlite(const SqlitePlace& from, const std::string& to);

}  // namespace abate::store
