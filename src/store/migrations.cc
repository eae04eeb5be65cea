// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.h"

#include <chrono>

namespace abate::store {
namespace {

constexpr const char* kMigrationsTable =
    "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT "
    "NULL) STRICT;";

Result<void> refuse_newer(int schema) {
  if (schema <= newest_schema()) return {};
  return failure(Fault::unavailable,
                 "the database has schema {}, this program knows {}: it was written by a newer abated, use that one",
                 schema, newest_schema());
}

Result<void> apply_missing(Connection& connection) {
  TRY_ASSIGN(const int schema, schema_of(connection));
  TRY(refuse_newer(schema));
  if (schema == 0) TRY(connection.script(schema_text(kMigrationsTable, connection.engine())));
  const Instant now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  for (const Migration& migration : kMigrations) {
    if (migration.number <= schema) continue;
    TRY(connection.script(schema_text(migration.text, connection.engine())));
    TRY(connection.run(statement("insert_migration"), {number(migration.number), text(migration.name), time(now)}));
  }
  return {};
}

}  // namespace

int newest_schema() { return kMigrations.back().number; }

Result<int> schema_of(Connection& connection) {
  std::int64_t tables = 0;
  TRY(connection.run(statement("count_migrations_table"), {}, [&](const Row& row) { tables = row.integer(0); }));
  if (tables == 0) return 0;
  std::int64_t newest = 0;
  TRY(connection.run(statement("newest_migration"), {}, [&](const Row& row) { newest = row.integer(0); }));
  return static_cast<int>(newest);
}

Result<void> migrate(Connection& connection) {
  // Two programs that migrate at once: the second waits, then finds nothing to do. SQLite's write transaction does that
  // by itself; PostgreSQL needs the lock before the transaction, which would not see what the first one did otherwise.
  const bool lock = connection.engine() == Engine::postgresql;
  if (lock) TRY(connection.script("SELECT pg_advisory_lock(4702111236)"));
  Result<void> done = connection.begin(Mode::write);
  if (done) done = apply_missing(connection);
  if (done) done = connection.commit();
  if (!done) connection.rollback();
  if (lock && !connection.broken()) TRY(connection.script("SELECT pg_advisory_unlock(4702111236)"));
  return done;
}

Result<void> require_schema(Connection& connection) {
  TRY(connection.begin(Mode::read));
  const Result<int> schema = schema_of(connection);
  connection.rollback();
  if (!schema) return std::unexpected(schema.error());
  TRY(refuse_newer(*schema));
  if (*schema == newest_schema()) return {};
  if (*schema == 0) return failure(Fault::unavailable, "the database is empty: run `abated migrate` first");
  return failure(Fault::unavailable, "the database has schema {}, this program needs {}: run `abated migrate` first",
                 *schema, newest_schema());
}

}  // namespace abate::store
