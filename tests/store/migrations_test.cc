// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.h"

#include <filesystem>

#include "store/store_fixture.h"

namespace abate::store {
namespace {

using desk::Transaction;

class Migrations : public testing::TestWithParam<Engine> {
 protected:
  FreshDatabase database_{GetParam()};
  StoreOptions as_found() {
    StoreOptions options;
    options.migrate = false;
    return options;
  }
};

TEST_P(Migrations, an_empty_database_is_brought_up_and_again_is_nothing) {
  ASSERT_TRUE(migrate(database_.url()));
  ASSERT_TRUE(migrate(database_.url()));
  const auto store = open_store(database_.url(), as_found());
  ASSERT_TRUE(store) << store.error().what;
  EXPECT_TRUE((*store)->check());
}

TEST_P(Migrations, from_each_released_schema_what_was_kept_is_still_there) {
  for (const Migration& released : kMigrations) {
    const FreshDatabase old{GetParam()};
    const auto connection = old.connect();
    ASSERT_TRUE(connection->script(schema_text(
        "CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT;",
        GetParam())));
    for (const Migration& each : kMigrations) {
      if (each.number > released.number) break;
      ASSERT_TRUE(connection->script(schema_text(each.text, GetParam())));
      ASSERT_TRUE(
          connection->script(fmt::format("INSERT INTO migrations VALUES ({}, '{}', 0)", each.number, each.name)));
    }
    const auto store = open_store(old.url());
    ASSERT_TRUE(store) << store.error().what;
    EXPECT_EQ(keep_one(**store, "bytes", "R-1"), "R-1");
  }
}

TEST_P(Migrations, without_leave_to_migrate_an_empty_database_is_refused_by_name) {
  (void)database_.connect();  // SQLite: the file is there, and empty
  const auto store = open_store(database_.url(), as_found());
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().what.find("abated migrate"), std::string::npos) << store.error().what;
}

TEST_P(Migrations, a_schema_of_a_newer_program_is_refused) {
  ASSERT_TRUE(migrate(database_.url()));
  ASSERT_TRUE(database_.connect()->script("INSERT INTO migrations VALUES (9999, 'later', 0)"));
  for (const bool may : {true, false}) {
    StoreOptions options;
    options.migrate = may;
    const auto store = open_store(database_.url(), options);
    ASSERT_FALSE(store);
    EXPECT_NE(store.error().what.find("newer abated"), std::string::npos) << store.error().what;
  }
}

TEST_P(Migrations, a_migration_that_fails_half_way_leaves_nothing) {
  const auto connection = database_.connect();
  ASSERT_TRUE(connection->script("CREATE TABLE outbox (x bigint)"));  // in the way of a later statement
  EXPECT_FALSE(migrate(database_.url()));
  ASSERT_TRUE(connection->begin(Mode::read));
  EXPECT_EQ(schema_of(*connection), 0);
  connection->rollback();
  ASSERT_TRUE(connection->script("DROP TABLE outbox"));
  EXPECT_TRUE(migrate(database_.url()));
}

TEST_P(Migrations, two_at_once_make_one_schema) {
  std::vector<std::thread> threads;
  std::atomic<int> done = 0;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      const auto result = migrate(database_.url());
      EXPECT_TRUE(result) << result.error().what;
      done += result ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, 4);
}

INSTANTIATE_TEST_SUITE_P(, Migrations, testing::Values(Engine::sqlite, Engine::postgresql), engine_of);

TEST(OpenStore, an_unknown_url_is_refused) {
  for (const char* url : {"", "sqlite:", "mysql://x", "/var/lib/abate.db"})
    EXPECT_EQ(open_store(url).error().fault, Fault::malformed) << url;
}

TEST(OpenStore, a_folder_that_is_not_there_is_named) {
  const auto store = open_store("sqlite:/nowhere/at/all/abate.db");
  EXPECT_EQ(store.error().fault, Fault::unavailable);
  EXPECT_NE(store.error().what.find("/nowhere/at/all"), std::string::npos);
}

TEST(OpenStore, a_server_that_is_away_is_said) {
  const auto store = open_store("postgresql://abate@/x?host=/nowhere/at/all");
  EXPECT_EQ(store.error().fault, Fault::unavailable);
  EXPECT_NE(store.error().what.find("/nowhere/at/all"), std::string::npos) << store.error().what;
}

TEST(OpenStore, a_database_file_is_for_its_owner_only) {
  const FreshDatabase database{Engine::sqlite};
  ASSERT_TRUE(migrate(database.url()));
  const auto rights = std::filesystem::status(database.folder() + "/abate.db").permissions();
  EXPECT_EQ(rights, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(Backup, a_copy_holds_all_that_was_committed_also_from_the_wal) {
  const FreshDatabase database{Engine::sqlite};
  const auto store = open_store(database.url());
  ASSERT_TRUE(store);
  keep_one(**store, "bytes", "R-1");
  const std::string folder = database.folder() + "/copies/today";
  const auto done = backup(database.url(), folder);
  ASSERT_TRUE(done) << done.error().what;
  keep_one(**store, "later", "R-2");
  const auto copy = open_store("sqlite:" + folder + "/abate.db");
  ASSERT_TRUE(copy) << copy.error().what;
  EXPECT_EQ(desk::in_read(**copy, [](Transaction& t) { return t.report_bytes("R-1"); }), "bytes");
  EXPECT_FALSE(desk::in_read(**copy, [](Transaction& t) { return t.report_bytes("R-2"); }));
  ASSERT_TRUE(backup(database.url(), folder));  // again, over the former
  EXPECT_FALSE(backup(database.url(), database.folder()));
  EXPECT_EQ(backup("sqlite:" + database.folder() + "/none.db", folder).error().fault, Fault::not_found);
  EXPECT_NE(backup("postgresql://h/d", folder).error().what.find("pg_dump"), std::string::npos);
}

}  // namespace
}  // namespace abate::store
