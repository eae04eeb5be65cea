// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_connection.h"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <unordered_map>
#include <vector>

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/Database.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/text.h"

namespace abate::store {
namespace {

Error sqlite_error(int code, std::string_view words, std::string_view doing) {
  switch (code & 0xff) {
    case SQLITE_FULL: return {Fault::unavailable, fmt::format("{}: the disk is full ({})", doing, words)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Fault::unavailable, fmt::format("{}: another program kept the database busy for {} s ({})", doing,
                                              kSqliteBusyWaitMs / 1000, words)};
    case SQLITE_CONSTRAINT: return {Fault::conflict, fmt::format("{}: {}", doing, words)};
    default: return {Fault::unavailable, fmt::format("{}: SQLite says: {} ({})", doing, words, code)};
  }
}

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_{statement} {}
  [[nodiscard]] bool null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  [[nodiscard]] std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  [[nodiscard]] std::string_view view(int column) const override {
    const void* data = sqlite3_column_blob(statement_, column);  // of text too: its bytes, in UTF-8
    const int size = sqlite3_column_bytes(statement_, column);
    return data == nullptr ? std::string_view{}
                           : std::string_view{static_cast<const char*>(data), static_cast<std::size_t>(size)};
  }

 private:
  sqlite3_stmt* statement_;
};

// A statement that stays prepared. SQLite numbers "$3" by where it first stands; parameter[i] is what it means.
struct Prepared {
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle;
  std::vector<std::size_t> parameter;
};

class SqliteConnection final : public Connection {
 public:
  explicit SqliteConnection(SQLite::Database database) : database_{std::move(database)} {}

  [[nodiscard]] Engine engine() const override { return Engine::sqlite; }
  // A writer takes the lock at once: a transaction that reads first and wants to write later can find itself refused.
  Result<void> begin(Mode mode) override {
    spoiled_.reset();
    return exec(mode == Mode::write ? "BEGIN IMMEDIATE" : "BEGIN", "begin");
  }
  Result<void> commit() override {
    if (spoiled_) return std::unexpected(*spoiled_);
    return exec("COMMIT", "commit");
  }
  void rollback() override {
    // A full disk has made SQLite roll back by itself.
    if (sqlite3_get_autocommit(database_.getHandle()) == 0 && !exec("ROLLBACK", "rollback")) broken_ = true;
    spoiled_.reset();
  }
  Result<std::uint64_t> run(const Statement& statement, std::span<const Value> values, const Visit& visit) override {
    if (spoiled_) return std::unexpected(*spoiled_);
    TRY_ASSIGN(Prepared* const prepared, prepare(statement));
    return step(statement, *prepared, values, visit);
  }
  Result<void> defer(const Statement& statement, std::span<const Value> values) override {
    TRY(run(statement, values, {}));
    return {};
  }
  Result<void> bulk(const Bulk& bulk, std::size_t rows, std::size_t columns, const FillRow& fill) override {
    if (spoiled_) return std::unexpected(*spoiled_);
    TRY_ASSIGN(Prepared* const prepared, prepare(bulk.insert));
    std::vector<Value> values(columns);
    for (std::size_t row = 0; row < rows; ++row) {
      fill(row, values);
      TRY(step(bulk.insert, *prepared, values, {}));
    }
    return {};
  }
  Result<void> script(const std::string& sql) override { return exec(sql.c_str(), "script"); }
  [[nodiscard]] bool broken() const override { return broken_; }
  [[nodiscard]] bool asks_again() const override { return false; }
  [[nodiscard]] std::int64_t slot() const override { return 0; }

 private:
  std::unexpected<Error> spoil(int code, std::string_view doing) {
    spoiled_ = sqlite_error(code, sqlite3_errmsg(database_.getHandle()), doing);
    return std::unexpected(*spoiled_);
  }
  Result<void> exec(const char* sql, std::string_view doing) {
    const int code = sqlite3_exec(database_.getHandle(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return spoil(sqlite3_extended_errcode(database_.getHandle()), doing);
    return {};
  }
  Result<Prepared*> prepare(const Statement& statement);
  Result<std::uint64_t> step(const Statement& statement, Prepared& prepared, std::span<const Value> values,
                             const Visit& visit);
  int bind(sqlite3_stmt* handle, int place, const Value& value);

  SQLite::Database database_;
  std::unordered_map<std::uint32_t, Prepared> prepared_;  // goes before the database
  std::optional<Error> spoiled_;
  bool broken_ = false;
};

Result<Prepared*> SqliteConnection::prepare(const Statement& statement) {
  if (const auto found = prepared_.find(statement.at); found != prepared_.end()) return &found->second;
  const std::string sql = statement_text(statement, Engine::sqlite);
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(database_.getHandle(), sql.c_str(), static_cast<int>(sql.size() + 1),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return spoil(code, statement.name());
  Prepared prepared{.handle = std::unique_ptr<sqlite3_stmt, Prepared::Finalize>{raw}, .parameter = {}};
  for (int place = 1; place <= sqlite3_bind_parameter_count(raw); ++place) {
    const char* name = sqlite3_bind_parameter_name(raw, place);
    CHECK(name != nullptr && name[0] == '$');
    prepared.parameter.push_back(static_cast<std::size_t>(std::stoul(name + 1)) - 1);
  }
  return &prepared_.emplace(statement.at, std::move(prepared)).first->second;
}

int SqliteConnection::bind(sqlite3_stmt* handle, int place, const Value& value) {
  if (value.null) return sqlite3_bind_null(handle, place);
  // An empty view may hold a null pointer, which would bind NULL.
  const char* data = value.bytes.data() == nullptr ? "" : value.bytes.data();
  switch (value.kind) {
    case Value::Kind::integer: return sqlite3_bind_int64(handle, place, value.integer);
    case Value::Kind::bytes: return sqlite3_bind_blob64(handle, place, data, value.bytes.size(), SQLITE_STATIC);
    case Value::Kind::text:
      if (!is_valid_utf8(value.bytes) || value.bytes.find('\0') != std::string_view::npos) {
        const std::string valid = make_valid_utf8(value.bytes);
        return sqlite3_bind_text64(handle, place, valid.data(), valid.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
      }
      return sqlite3_bind_text64(handle, place, data, value.bytes.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  return SQLITE_MISUSE;
}

Result<std::uint64_t> SqliteConnection::step(const Statement& statement, Prepared& prepared,
                                             std::span<const Value> values, const Visit& visit) {
  sqlite3_stmt* const handle = prepared.handle.get();
  struct Reset {
    sqlite3_stmt* handle;
    ~Reset() { sqlite3_reset(handle); }
  } const reset{handle};
  for (std::size_t i = 0; i < prepared.parameter.size(); ++i) {
    CHECK(prepared.parameter[i] < values.size());
    const int code = bind(handle, static_cast<int>(i) + 1, values[prepared.parameter[i]]);
    if (code != SQLITE_OK) return spoil(code, statement.name());
  }
  std::uint64_t rows = 0;
  const SqliteRow row{handle};
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(handle)) == SQLITE_ROW) {
    ++rows;
    if (visit) visit(row);
  }
  if (code != SQLITE_DONE) return spoil(sqlite3_extended_errcode(database_.getHandle()), statement.name());
  if (sqlite3_column_count(handle) == 0) rows = static_cast<std::uint64_t>(sqlite3_changes64(database_.getHandle()));
  return rows;
}

// Each with its reason; bench/store measures them.
Result<void> set_up(SQLite::Database& database, const SqlitePlace& place) {
  if (!place.read_only) {
    // Reports of 4 to 16 KB: pages of 8 KB keep most of one in its own page and one more. Only a new file takes it.
    database.exec("PRAGMA page_size = 8192");
    if (database.execAndGet("PRAGMA journal_mode = WAL").getString() != "wal")
      return failure(Fault::unavailable, "{}: this file system does not support SQLite's WAL (it needs shared memory)",
                     place.path);
  }
  database.exec("PRAGMA synchronous = FULL");  // in WAL: each commit is synced before it returns
  database.exec("PRAGMA temp_store = MEMORY");
  database.exec(
      "PRAGMA cache_size = -32768");  // 32 MiB: the inner pages of the random indexes (hash, identity) stay in memory
  // Reading goes through the page cache of the system instead of a copy; bounded, so that a small server keeps memory
  // for others. A reader never maps more of the file than it has.
  database.exec("PRAGMA mmap_size = 268435456");
  // 32 MiB of WAL before its pages go home: a batch of 256 reports is 2 to 3 MiB, and pages of the indexes that change
  // in each batch are then written home once for ten batches.
  database.exec("PRAGMA wal_autocheckpoint = 4096");
  database.exec("PRAGMA journal_size_limit = 67108864");
  if (place.read_only) database.exec("PRAGMA query_only = ON");
  return {};
}

Result<void> make_file(const SqlitePlace& place) {
  const std::filesystem::path folder = std::filesystem::path{place.path}.parent_path();
  std::error_code ignored;
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored))
    return failure(Fault::unavailable, "{}: make the folder {} first, writable for this user", place.path,
                   folder.string());
  const int file = ::open(place.path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0)
    return failure(Fault::unavailable, "{}: {}", place.path, std::string{std::generic_category().message(errno)});
  ::close(file);
  return {};
}

}  // namespace

Result<std::unique_ptr<Connection>> open_sqlite(const SqlitePlace& place) {
  try {
    if (place.create) TRY(make_file(place));
    SQLite::Database database{place.path, SQLite::OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, kSqliteBusyWaitMs, place.vfs};
    sqlite3_extended_result_codes(database.getHandle(), 1);
    TRY(set_up(database, place));
    return std::make_unique<SqliteConnection>(std::move(database));
  } catch (const SQLite::Exception& e) {
    return std::unexpected(sqlite_error(e.getErrorCode(), e.what(), place.path));
  }
}

Result<void> copy_sqlite(const SqlitePlace& from, const std::string& to) {
  const std::string part = to + ".part";
  try {
    std::filesystem::remove(part);
    TRY(make_file({.path = part, .vfs = {}, .create = true, .read_only = false}));
    {
      SQLite::Database source{from.path, SQLite::OPEN_READWRITE, kSqliteBusyWaitMs, from.vfs};
      SQLite::Database target{part, SQLite::OPEN_READWRITE, kSqliteBusyWaitMs};
      target.exec("PRAGMA synchronous = FULL");
      // All in one step: one reading transaction, so writers beside it do not make it start over.
      SQLite::Backup backup{target, source};
      if (const int code = backup.executeStep(-1); code != SQLITE_DONE)
        return std::unexpected(sqlite_error(code, sqlite3_errstr(code), "backup to " + part));
    }
    std::filesystem::rename(part, to);
  } catch (const SQLite::Exception& e) {
    return std::unexpected(sqlite_error(e.getErrorCode(), e.what(), "backup to " + part));
  } catch (const std::filesystem::filesystem_error& e) {
    return failure(Fault::unavailable, "backup: {}", e.what());
  }
  return {};
}

}  // namespace abate::store
