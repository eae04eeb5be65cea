// SPDX-License-Identifier: Apache-2.0
// store/connection.h — one connection to a database, SQLite or PostgreSQL: the only thing that the two share.
//
// Owned by one thread at a time. Between begin() and commit() or rollback() it holds one transaction. An error inside
// it spoils the transaction: everything after it fails, commit() too, so nothing is ever half written (as PostgreSQL
// does by itself; on SQLite we see to it). Errors carry the database's own words.
#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/statement.h"
#include "store/value.h"

namespace abate::store {

enum class Mode : std::uint8_t { read, write };
using Visit = std::function<void(const Row&)>;

// Many rows into one table: by COPY on PostgreSQL, by a prepared INSERT on SQLite.
struct Bulk {
  Statement insert;  // its parameters are the columns, in order
  std::string_view table;
  std::string_view columns;  // "a, b, c"
};
using FillRow = std::function<void(std::size_t row, std::span<Value> values)>;

class Connection {
 public:
  virtual ~Connection() = default;
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] virtual Engine engine() const = 0;

  virtual Result<void> begin(Mode mode) = 0;
  virtual Result<void> commit() = 0;  // returns when it is on disk
  virtual void rollback() = 0;        // does not fail; a connection that cannot is broken()

  // Runs it now. Returns how many rows it changed or gave.
  virtual Result<std::uint64_t> run(const Statement& statement, std::span<const Value> values, const Visit& visit) = 0;
  // Runs it, now or later but before the next run() or commit() returns, in order; an error may come from those.
  // PostgreSQL sends it without waiting for the answer.
  virtual Result<void> defer(const Statement& statement, std::span<const Value> values) = 0;
  virtual Result<void> bulk(const Bulk& bulk, std::size_t rows, std::size_t columns, const FillRow& fill) = 0;
  // SQL as text, several statements: for migrations and tests. May be called outside of a transaction.
  virtual Result<void> script(const std::string& sql) = 0;

  [[nodiscard]] virtual bool broken() const = 0;  // not to be used again
  // After an error: the database asks to run the transaction again (serialisation, deadlock, a connection that was lost
  // before the commit was asked for).
  [[nodiscard]] virtual bool asks_again() const = 0;
  // Tells connections to one database apart: 0 .. kSlotsMax - 1.
  [[nodiscard]] virtual std::int64_t slot() const = 0;

  Result<std::uint64_t> run(const Statement& statement, std::initializer_list<Value> values, const Visit& visit = {}) {
    return run(statement, std::span<const Value>{values.begin(), values.size()}, visit);
  }
  Result<void> defer(const Statement& statement, std::initializer_list<Value> values) {
    return defer(statement, std::span<const Value>{values.begin(), values.size()});
  }
};
constexpr std::int64_t kSlotsMax = 256;

}  // namespace abate::store
