// SPDX-License-Identifier: Apache-2.0
// Every named statement is taken by both engines, and none reads the whole of a table that grows.
#include <set>

#include "base/text.h"
#include "store/store_fixture.h"

namespace abate::store {
namespace {

// These stay small: settings, counters in at most kSlotsMax slots, people, tokens, generations of the ledger.
const std::set<std::string> kSmallTables{"settings", "totals", "users", "tokens", "migrations", "ledger_versions"};

class Statements : public OnBothEngines {
 protected:
  // What EXPLAIN says, a line each, through a function that only the tests need: connections run named statements only.
  std::vector<std::string> plan(const Statement& each);
};

int parameters_of(const std::string& sql) {
  int most = 0;
  for (std::size_t at = sql.find('$'); at != std::string::npos; at = sql.find('$', at + 1))
    most = std::max(most, std::atoi(sql.c_str() + at + 1));
  return most;
}

}  // namespace
}  // namespace abate::store

#include <libpq-fe.h>
#include <sqlite3.h>

namespace abate::store {
namespace {

std::vector<std::string> sqlite_plan(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  sqlite3_stmt* explain = nullptr;
  std::vector<std::string> out;
  EXPECT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  const int code = sqlite3_prepare_v2(database, ("EXPLAIN QUERY PLAN " + sql).c_str(), -1, &explain, nullptr);
  EXPECT_EQ(code, SQLITE_OK) << sqlite3_errmsg(database) << "\n" << sql;
  while (code == SQLITE_OK && sqlite3_step(explain) == SQLITE_ROW)
    out.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(explain, 3)));
  sqlite3_finalize(explain);
  sqlite3_close(database);
  return out;
}

std::vector<std::string> postgres_plan(const std::string& url, const std::string& sql) {
  PGconn* connection = PQconnectdb(url.c_str());
  std::vector<std::string> out;
  const auto run = [&](const std::string& command) {
    PGresult* result = PQexec(connection, command.c_str());
    const bool good = PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
    EXPECT_TRUE(good) << PQerrorMessage(connection) << "\n" << command;
    out.clear();
    for (int row = 0; good && row < PQntuples(result); ++row) out.emplace_back(PQgetvalue(result, row, 0));
    PQclear(result);
  };
  // The plan that a prepared statement gets, whatever the values, on a table too small to be worth an index.
  run("SET plan_cache_mode = force_generic_plan");
  run("SET enable_seqscan = off");
  run("PREPARE one AS " + sql);
  std::string values;
  for (int i = 0; i < parameters_of(sql); ++i) values += i == 0 ? "(NULL" : ", NULL";
  run("EXPLAIN EXECUTE one" + (values.empty() ? "" : values + ")"));
  PQfinish(connection);
  return out;
}

std::vector<std::string> Statements::plan(const Statement& each) {
  const std::string sql = statement_text(each, GetParam());
  return GetParam() == Engine::sqlite ? sqlite_plan(database_.folder() + "/abate.db", sql)
                                      : postgres_plan(database_.url(), sql);
}

// "SCAN reports", "  ->  Seq Scan on reports  (cost=...": the table's name, or nothing.
std::string scanned(const std::string& line) {
  for (const std::string_view mark : {"SCAN ", "Seq Scan on "}) {
    const std::size_t at = line.find(mark);
    if (at == std::string::npos) continue;
    const std::string rest = line.substr(at + mark.size());
    return rest.substr(0, rest.find(' '));
  }
  return {};
}

TEST_P(Statements, each_is_understood_and_none_scans_a_table_that_grows) {
  ASSERT_GT(all_statements().size(), 80U);
  for (const Statement& each : all_statements()) {
    SCOPED_TRACE(std::string{each.name()});
    for (const std::string& line : plan(each)) {
      const std::string table = scanned(line);
      // Not tables: what a subquery or a constant gives; catalogues of the engine itself.
      const bool harmless = table.empty() || table == "CONSTANT" || table == "newest" || table == "found" ||
                            table.starts_with("sqlite_") || table.starts_with("pg_") || kSmallTables.contains(table) ||
                            // min() at the end of an index of what waits: one row is read.
                            (each.name().starts_with("earliest_") && line.find("INDEX") != std::string::npos);
      EXPECT_TRUE(harmless) << line;
    }
  }
}

TEST_P(Statements, a_scan_would_be_noticed) {
  const std::string sql = "SELECT count(*) FROM reports WHERE size > 7";
  const auto lines = GetParam() == Engine::sqlite ? sqlite_plan(database_.folder() + "/abate.db", sql)
                                                  : postgres_plan(database_.url(), sql);
  bool noticed = false;
  for (const std::string& line : lines) noticed = noticed || scanned(line) == "reports";
  EXPECT_TRUE(noticed);
}

TEST(StatementText, each_name_is_given_once) {
  std::set<std::string_view> names;
  for (const Statement& each : all_statements()) EXPECT_TRUE(names.insert(each.name()).second) << each.name();
}

TEST(StatementText, a_dialect_reads_its_own_brackets_only) {
  const std::string sqlite = statement_text(statement("claim_unread"), Engine::sqlite);
  const std::string postgres = statement_text(statement("claim_unread"), Engine::postgresql);
  EXPECT_EQ(sqlite.find("SKIP LOCKED"), std::string::npos);
  EXPECT_NE(postgres.find("FOR UPDATE SKIP LOCKED"), std::string::npos);
  for (const Statement& each : all_statements())
    for (const Engine engine : {Engine::sqlite, Engine::postgresql})
      EXPECT_EQ(statement_text(each, engine).find_first_of("[]{}"), std::string::npos) << each.name();
}

ON_BOTH_ENGINES(Statements);

}  // namespace
}  // namespace abate::store
