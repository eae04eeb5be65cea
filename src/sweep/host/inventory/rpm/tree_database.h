// SPDX-License-Identifier: Apache-2.0
// sweep/host/inventory/rpm/tree_database.h — an SQLite database of the server, read through its Tree.
//
//   Result<void> done = read_blobs(tree, "/var/lib/rpm/rpmdb.sqlite", "SELECT blob FROM Packages", take);
//
// SECURITY: the database is hostile. SQLite gets its bytes from TreeFile::read_at through a file system of our own,
// which can neither write nor open another file: no journal, no write-ahead log, nothing outside of the root. A schema
// may say what it likes: an authorizer lets nothing but plain reading of tables through, and a query ends after
// kStepsMax steps. What stands in a write-ahead log only is not seen.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "sweep/kit/tree.h"

namespace abate::sweep {

constexpr int kDatabaseBlobBytesMax = 32 << 20;  // one value
constexpr int kDatabaseStepsMax = 50'000'000;    // of SQLite's machine

// `take` gets the first column of every row; false ends it.
Result<void> read_blobs(const Tree& tree, std::string_view path, const char* query,
                        const std::function<bool(std::string_view)>& take);

}  // namespace abate::sweep
