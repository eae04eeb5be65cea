// SPDX-License-Identifier: Apache-2.0
// store/statement.h — the named statements (statements/*.sql), embedded in the program.
//
//   connection.run(statement("report"), {text(id)}, [&](const Row& row) { ... });
//
// A name that no file holds does not compile. One text serves both engines: parameters are $1, $2, ... and may be used
// in any order. `{name}` stands for the text of `-- part: name`. Where the dialects truly differ, `[sqlite: ...]` and
// `[postgresql: ...]` hold what only one of them reads; they do not nest and hold no ']'.
//
// Migrations are written in SQLite's words with the same brackets; schema_text() gives PostgreSQL its own types:
// INTEGER bigint, BLOB bytea, TEXT text COLLATE "C" (one order of bytes on both), and drops STRICT and WITHOUT ROWID.
// Pure; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/sql_text.h"

namespace abate::store {

enum class Engine : std::uint8_t { sqlite, postgresql };
std::string_view engine_name(Engine engine);

struct Statement {
  std::uint32_t at = 0;  // of its name in kStatementsText; the key of every cache
  std::uint32_t size = 0;
  [[nodiscard]] std::string_view name() const { return kStatementsText.substr(at, size); }
};

namespace inside {
inline constexpr std::string_view kNameMark = "-- name: ";

consteval bool stands_at(std::size_t at, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (kStatementsBytes[at + i] != text[i]) return false;  // NUL at the end: never read beyond it
  return true;
}

// consteval: finding a name costs nothing when the program runs. By hand, as g++ 12 with -fsanitize=undefined takes no
// string_view over an inline array for a constant.
consteval Statement find_statement(std::string_view name) {
  for (std::size_t at = 0; at < sizeof kStatementsBytes; ++at) {
    if (kStatementsBytes[at] != '-' || !stands_at(at, kNameMark)) continue;
    const std::size_t begin = at + kNameMark.size();
    if (stands_at(begin, name) && kStatementsBytes[begin + name.size()] == '\n')
      return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(name.size())};
  }
  throw "no file in store/statements holds this name";
}
}  // namespace inside

consteval Statement statement(std::string_view name) { return inside::find_statement(name); }

std::vector<Statement> all_statements();                                // in the order of the files
std::string statement_text(const Statement& statement, Engine engine);  // what the engine is given
std::string schema_text(std::string_view migration, Engine engine);     // of a migration

}  // namespace abate::store
