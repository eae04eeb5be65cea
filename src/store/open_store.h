// SPDX-License-Identifier: Apache-2.0
// store/open_store.h — opens the database that a URL names.
//
//   TRY_ASSIGN(std::unique_ptr<desk::Store> store, open_store("sqlite:/var/lib/abate/abate.db"));
//
// "sqlite:PATH" (relative paths too), or "postgresql://user@host/db" and whatever else libpq reads: several hosts,
// "postgresql:///db?host=/socket/folder", a password from ~/.pgpass. PostgreSQL must hold its text as UTF-8.
//
// SQLite: one connection writes (BEGIN IMMEDIATE), `readers` connections read beside it; other programs may use the
// file at the same time and wait for each other up to kSqliteBusyWaitMs. PostgreSQL: a pool; transactions run in
// repeatable read and are run again, at most kAttemptsMax times with growing pauses, when the server asks for it or the
// connection is lost before the commit. A commit whose answer is lost is reported as unavailable: it may have happened,
// so ask again with the same identity or key. The work given to read() and write() must not call the store again.
//
// Errors: malformed (the URL), unavailable (with the database's own words).
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "desk/ports/store.h"

namespace abate::store {

class Connection;

struct StoreOptions {
  // true: a new or old schema is brought up to date first, so every command works at once. false: refused, with an
  // error that says to run `abated migrate`. A schema that is newer than the program is always refused.
  bool migrate = true;
  std::size_t readers = 4;      // SQLite: connections that only read
  std::size_t connections = 8;  // PostgreSQL: all of them
  // For tests: another SQLite VFS by name; and a hand on each connection as it is made, to let it fail.
  std::string sqlite_vfs;
  std::function<std::unique_ptr<Connection>(std::unique_ptr<Connection>)> wrap;
};
constexpr int kAttemptsMax = 12;

Result<std::unique_ptr<desk::Store>> open_store(const std::string& url, StoreOptions options = {});

// malformed where open_store would not know what to do with it; nothing is opened.
Result<void> check_url(const std::string& url);

// Makes an empty database, or brings an older one up to date, in one transaction. Nothing to do is fine.
Result<void> migrate(const std::string& url);

// A consistent copy beside a running desk: SQLite into DIR/NAME-OF-THE-FILE, replaced in one step; DIR is made. For
// PostgreSQL refused, naming pg_dump.
Result<void> backup(const std::string& url, const std::string& dir);

}  // namespace abate::store
