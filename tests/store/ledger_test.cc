// SPDX-License-Identifier: Apache-2.0
#include "store/store_fixture.h"
#include "store/transaction.h"

namespace abate::store {
namespace {

using desk::Transaction;

class Ledger : public OnBothEngines {
 protected:
  std::uint64_t begin() {
    return write([](Transaction& t) { return t.ledger_begin(); });
  }
  // Rows [from, from + count) with owner row % 10, each one address.
  static std::vector<Ownership> rows(std::uint32_t from, std::uint32_t count) {
    std::vector<Ownership> out;
    for (std::uint32_t row = from; row < from + count; ++row)
      out.push_back({.range = {IpAddress::v4(0xc6336400U + row), IpAddress::v4(0xc6336400U + row)},
                     .from = kNow,
                     .until = row % 2 == 0 ? std::optional{kNow + std::chrono::hours{1}} : std::nullopt,
                     .row = row,
                     .owner = row % 10});
    return out;
  }
  static std::vector<desk::LedgerOwner> owners() {
    std::vector<desk::LedgerOwner> out;
    for (int i = 0; i < 10; ++i) {
      const std::string n = std::to_string(i);
      out.push_back({{"vps-" + n, "name \xff" + n}, {"c-" + n, "Customer " + n, "c" + n + "@example.com"}});
    }
    return out;
  }
  void fill(std::uint64_t version, std::uint32_t count) {
    write([&](Transaction& t) -> Result<void> {
      TRY(t.ledger_add_owners(version, 0, owners()));
      return t.ledger_add_rows(version, rows(0, count));
    });
  }
  std::uint64_t current() {
    return read([](Transaction& t) { return t.ledger_version(); });
  }
  std::uint64_t size(std::uint64_t version) {
    return read([&](Transaction& t) { return t.ledger_size(version); });
  }
  std::uint64_t rows_there() {
    const auto connection = database_.connect();
    std::int64_t count = 0;
    EXPECT_TRUE(connection->script("DELETE FROM settings WHERE name = 'rows'"));
    EXPECT_TRUE(connection->script("INSERT INTO settings SELECT 'rows', count(*) FROM ledger_rows"));
    EXPECT_TRUE(connection->begin(Mode::read));
    EXPECT_TRUE(connection->run(statement("setting"), {text("rows")}, [&](const Row& row) { count = row.integer(0); }));
    connection->rollback();
    return static_cast<std::uint64_t>(count);
  }
};

TEST_P(Ledger, nobody_sees_a_ledger_before_the_switch) {
  EXPECT_EQ(current(), 0U);
  const std::uint64_t version = begin();
  fill(version, 20);
  EXPECT_EQ(current(), 0U);
  EXPECT_EQ(desk::in_read(*store_, [](Transaction& t) { return t.customer("c-1"); }).error().fault, Fault::not_found);
  write([&](Transaction& t) { return t.ledger_switch(version); });
  EXPECT_EQ(current(), version);
  EXPECT_EQ(size(version), 20U);
  EXPECT_EQ(read([](Transaction& t) { return t.customer("c-1"); }), (Customer{"c-1", "Customer 1", "c1@example.com"}));
}

TEST_P(Ledger, rows_come_back_as_they_were_given) {
  const std::uint64_t version = begin();
  fill(version, 25);
  std::vector<Ownership> walked;
  read([&](Transaction& t) { return t.ledger_walk(version, [&](const Ownership& each) { walked.push_back(each); }); });
  const std::vector<Ownership> given = rows(0, 25);
  ASSERT_EQ(walked.size(), given.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    EXPECT_EQ(walked[i].range, given[i].range);
    EXPECT_EQ(walked[i].from, given[i].from);
    EXPECT_EQ(walked[i].until, given[i].until);
    EXPECT_EQ(walked[i].row, given[i].row);
    EXPECT_EQ(walked[i].owner, given[i].owner);
  }
  std::vector<std::string> services;
  read([&](Transaction& t) {
    return t.ledger_walk_owners(version, [&](const desk::LedgerOwner& each) { services.push_back(each.service.id); });
  });
  ASSERT_EQ(services.size(), 10U);
  EXPECT_EQ(services[9], "vps-9");
  const Assignment one = read([&](Transaction& t) { return t.assignment(version, 13); });
  EXPECT_EQ(one.range, given[13].range);
  EXPECT_EQ(one.service.id, "vps-3");
  EXPECT_EQ(one.service.name,
            "name \xEF\xBF\xBD"
            "3");  // made valid: people read it
  EXPECT_EQ(one.customer.email, "c3@example.com");
  EXPECT_FALSE(one.until);
  EXPECT_EQ(desk::in_read(*store_, [&](Transaction& t) { return t.assignment(version, 25); }).error().fault,
            Fault::not_found);
  const auto of_service = read([&](Transaction& t) { return t.assignments_of_service(version, "vps-3"); });
  ASSERT_EQ(of_service.size(), 3U);
  EXPECT_EQ(of_service[1].range, given[13].range);
}

TEST_P(Ledger, a_walk_is_longer_than_one_batch) {
  const std::uint64_t version = begin();
  const auto many = static_cast<std::uint32_t>(2 * kWalkRows + 1);
  fill(version, many);
  std::uint32_t next = 0;
  read([&](Transaction& t) {
    return t.ledger_walk(version, [&](const Ownership& each) { EXPECT_EQ(each.row, next++); });
  });
  EXPECT_EQ(next, many);
}

TEST_P(Ledger, the_next_import_sweeps_what_a_crash_left_and_what_it_replaces) {
  const std::uint64_t first = begin();
  fill(first, 40);
  write([&](Transaction& t) { return t.ledger_switch(first); });
  const std::uint64_t crashed = begin();
  fill(crashed, 30);
  write([&](Transaction& t) { return t.ledger_drop_others(first); });
  EXPECT_EQ(size(crashed), 0U);
  EXPECT_EQ(current(), first);
  const std::uint64_t second = begin();
  EXPECT_GT(second, crashed);
  fill(second, 50);
  write([&](Transaction& t) -> Result<void> {
    TRY(t.ledger_switch(second));
    return t.ledger_drop_others(second);
  });
  EXPECT_EQ(current(), second);
  EXPECT_EQ(rows_there(), 50U);
}

TEST_P(Ledger, an_import_that_another_one_dropped_is_told) {
  const std::uint64_t mine = begin();
  fill(mine, 5);
  write([](Transaction& t) { return t.ledger_drop_others(0); });
  EXPECT_EQ(desk::in_write(*store_, [&](Transaction& t) { return t.ledger_add_rows(mine, rows(5, 5)); }).error().fault,
            Fault::conflict);
  EXPECT_EQ(desk::in_write(*store_, [&](Transaction& t) { return t.ledger_switch(mine); }).error().fault,
            Fault::conflict);
  EXPECT_EQ(current(), 0U);
}

ON_BOTH_ENGINES(Ledger);

}  // namespace
}  // namespace abate::store
