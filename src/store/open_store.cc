// SPDX-License-Identifier: Apache-2.0
#include "store/open_store.h"

#include <filesystem>

#include "store/connection.h"
#include "store/migrations.h"
#include "store/postgres_connection.h"
#include "store/sqlite_connection.h"
#include "store/store.h"

namespace abate::store {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

bool is_sqlite(const std::string& url) { return url.starts_with(kSqlite) && url.size() > kSqlite.size(); }
bool is_postgres(const std::string& url) { return url.starts_with("postgresql://") || url.starts_with("postgres://"); }

std::unexpected<Error> unknown_url(const std::string& url) {
  return failure(Fault::malformed, "store.url '{}' is neither \"sqlite:PATH\" nor \"postgresql://user@host/db\"", url);
}

// How a connection of that kind is made, failing hand and all.
Result<Pool::Open> opener(const std::string& url, const StoreOptions& options, bool create, bool read_only) {
  const auto wrap = [hand = options.wrap](Result<std::unique_ptr<Connection>> made) {
    if (made && hand) return Result<std::unique_ptr<Connection>>{hand(*std::move(made))};
    return made;
  };
  if (is_sqlite(url)) {
    SqlitePlace place{
        .path = url.substr(kSqlite.size()), .vfs = options.sqlite_vfs, .create = create, .read_only = read_only};
    return [place = std::move(place), wrap] { return wrap(open_sqlite(place)); };
  }
  if (is_postgres(url)) return [url, wrap] { return wrap(open_postgres(url)); };
  return unknown_url(url);
}

Result<void> bring_up(const Pool::Open& open, bool migrate_it) {
  TRY_ASSIGN(const std::unique_ptr<Connection> connection, open());
  return migrate_it ? migrate(*connection) : require_schema(*connection);
}

}  // namespace

Result<std::unique_ptr<desk::Store>> open_store(const std::string& url, StoreOptions options) {
  TRY_ASSIGN(const Pool::Open open, opener(url, options, options.migrate, false));
  TRY(bring_up(open, options.migrate));
  if (is_postgres(url)) {
    auto pool = std::make_shared<Pool>(options.connections, open);
    return make_store(pool, pool);
  }
  TRY_ASSIGN(const Pool::Open open_reader, opener(url, options, false, true));
  return make_store(std::make_shared<Pool>(1, open), std::make_shared<Pool>(options.readers, open_reader));
}

Result<void> check_url(const std::string& url) {
  if (is_sqlite(url) || is_postgres(url)) return {};
  return unknown_url(url);
}

Result<void> migrate(const std::string& url) {
  TRY_ASSIGN(const Pool::Open open, opener(url, {}, true, false));
  return bring_up(open, true);
}

Result<void> backup(const std::string& url, const std::string& dir) {
  if (is_postgres(url))
    return failure(Fault::refused,
                   "a PostgreSQL database is backed up with its own tools: pg_dump --format=custom, or pg_basebackup");
  if (!is_sqlite(url)) return unknown_url(url);
  const std::filesystem::path from = url.substr(kSqlite.size());
  std::error_code problem;
  if (!std::filesystem::exists(from, problem))
    return failure(Fault::not_found, "{}: there is no such database", from.string());
  std::filesystem::create_directories(dir, problem);
  if (problem) return failure(Fault::unavailable, "{}: {}", dir, problem.message());
  const std::filesystem::path to = std::filesystem::path{dir} / from.filename();
  if (std::filesystem::exists(to, problem) && std::filesystem::equivalent(from, to, problem))
    return failure(Fault::refused, "{} is the database itself: name another folder", to.string());
  return copy_sqlite({.path = from.string(), .vfs = {}, .create = false, .read_only = true}, to.string());
}

}  // namespace abate::store
