// SPDX-License-Identifier: Apache-2.0
// The Nth step fails, for N = 1, 2, 3 ... until the run passes. After each failure nothing half is seen, and what was
// reported as done is there.
#include <sqlite3.h>

#include "base/hash.h"
#include "store/failing_connection.h"
#include "store/failing_vfs.h"
#include "store/store_fixture.h"

namespace abate::store {
namespace {

using desk::Transaction;

constexpr int kRunsMax = 2000;

// A day at the desk in five transactions; returns how many of them were reported as committed.
int run_story(desk::Store& store) {
  const auto done = [&](const std::function<Result<void>(Transaction&)>& work) {
    return store.write(work).has_value();
  };
  int committed = 0;
  if (!done([](Transaction& t) -> Result<void> {
        for (const char* id : {"R-1", "R-2"}) {
          TRY(t.keep(arrival_of(std::string(20'000, id[2])), id));
        }
        TRY(t.append_entry("intake/node-1", kNow, "system", EntryKind::received, R"({"reports":["R-1","R-2"]})"));
        return {};
      }))
    return committed;
  ++committed;
  if (!done([](Transaction& t) -> Result<void> {
        TRY_ASSIGN(const auto claimed, t.claim_unread(10, "node-1", kNow, kNow + std::chrono::minutes{1}));
        (void)claimed;
        return {};
      }))
    return committed;
  ++committed;
  if (!done([](Transaction& t) -> Result<void> {
        Reading reading;
        reading.outcome = Outcome::read;
        TRY(t.save_reading("R-1", ReportStatus::read, reading, false, "", ""));
        TRY(t.add_incident(sample_incident("R-1.1", "R-1", "T-1")));
        TRY(t.insert_ticket(sample_ticket("T-1"), kNow));
        TRY(t.append_entry("T-1", kNow, "system", EntryKind::reported, "{}"));
        return {};
      }))
    return committed;
  ++committed;
  if (!done([](Transaction& t) -> Result<void> {
        TRY_ASSIGN(Ticket ticket, t.ticket("T-1"));
        ticket.state = TicketState::open;
        TRY(t.append_entry("T-1", kNow, "user:ada@example.net", EntryKind::opened, "{}"));
        Notice notice;
        notice.token = "tok";
        notice.ticket_id = "T-1";
        TRY(t.insert_notice(notice));
        desk::OutboxItem item;
        item.key = "tok";
        item.ticket_id = "T-1";
        item.due_at = kNow;
        TRY(t.enqueue(item));
        return t.update_ticket(ticket, kNow);
      }))
    return committed;
  ++committed;
  if (!done([](Transaction& t) -> Result<void> {
        TRY_ASSIGN(const std::uint64_t version, t.ledger_begin());
        TRY(t.ledger_add_owners(version, 0, {{{"vps-1", "a"}, {"c-1", "A", "a@example.com"}}}));
        TRY(t.ledger_add_rows(
            version,
            {{.range = {IpAddress::v4(1), IpAddress::v4(1)}, .from = kNow, .until = {}, .row = 0, .owner = 0}}));
        return t.ledger_switch(version);
      }))
    return committed;
  return ++committed;
}

// All of each transaction or nothing of it, and all of those that were reported.
void expect_whole(desk::Store& store, int committed) {
  const auto seen = desk::in_read(store, [&](Transaction& t) -> Result<void> {
    std::string stages;
    const bool kept = t.report("R-1").has_value();
    EXPECT_EQ(t.report("R-2").has_value(), kept);
    EXPECT_EQ(t.report_bytes("R-2").value_or(""), kept ? std::string(20'000, '2') : "");
    TRY_ASSIGN(const auto intake, t.entries("intake/node-1", {}));
    EXPECT_EQ(intake.items.size(), kept ? 1U : 0U);
    TRY_ASSIGN(const auto totals, t.report_totals());
    EXPECT_EQ(totals.received + totals.read, kept ? 2U : 0U);
    EXPECT_GE(kept ? 1 : 0, committed >= 1 ? 1 : 0);

    const auto ticket = t.ticket("T-1");
    TRY_ASSIGN(const auto incidents, t.incidents_of_ticket("T-1", {}));
    TRY_ASSIGN(const auto entries, t.entries("T-1", {}));
    EXPECT_EQ(incidents.items.size(), ticket ? 1U : 0U);
    EXPECT_EQ(totals.read, ticket ? 1U : 0U);
    EXPECT_GE(ticket ? 1 : 0, committed >= 3 ? 1 : 0);

    const bool opened = ticket && ticket->state == TicketState::open;
    EXPECT_EQ(entries.items.size(), ticket ? (opened ? 2U : 1U) : 0U);
    EXPECT_EQ(t.notice("tok").has_value(), opened);
    TRY_ASSIGN(const auto outbox, t.outbox_totals());
    EXPECT_EQ(outbox.waiting, opened ? 1U : 0U);
    EXPECT_GE(opened ? 1 : 0, committed >= 4 ? 1 : 0);

    TRY_ASSIGN(const std::uint64_t version, t.ledger_version());
    EXPECT_EQ(t.ledger_size(version).value_or(9), version == 0 ? 0U : 1U);
    EXPECT_GE(version, committed >= 5 ? 1U : 0U);
    return t.walk_history(
        [](const Entry& entry) -> Result<void> {
          EXPECT_EQ(entry_hash(entry), entry.hash);
          return {};
        },
        [](const std::string&, std::uint64_t, const std::string&) -> Result<void> { return {}; });
  });
  EXPECT_TRUE(seen) << seen.error().what;
}

class EachStepFails : public testing::TestWithParam<Engine> {};

TEST_P(EachStepFails, and_nothing_half_is_seen) {
  Faults faults;
  for (int n = 1;; ++n) {
    ASSERT_LT(n, kRunsMax);
    const FreshDatabase database{GetParam(), FreshDatabase::Holds::schema};
    StoreOptions options;
    options.migrate = false;
    options.wrap = [&](std::unique_ptr<Connection> inner) {
      return std::make_unique<FailingConnection>(std::move(inner), faults);
    };
    faults.fail_at = 0;
    const auto store = open_store(database.url(), options);
    ASSERT_TRUE(store);
    faults.steps = 0;
    faults.fail_at = n;
    const int committed = run_story(**store);
    const bool passed = faults.steps < n;
    faults.fail_at = 0;
    SCOPED_TRACE(n);
    expect_whole(**store, committed);
    EXPECT_TRUE((*store)->check());  // and it works on
    if (passed) {
      EXPECT_EQ(committed, 5);
      EXPECT_GT(n, 25);
      break;
    }
    EXPECT_LT(committed, 5);
  }
}

INSTANTIATE_TEST_SUITE_P(, EachStepFails, testing::Values(Engine::sqlite, Engine::postgresql), engine_of);

class EachWriteOfTheDiskFails : public testing::TestWithParam<std::pair<int, bool>> {};

TEST_P(EachWriteOfTheDiskFails, and_nothing_half_is_seen) {
  VfsFaults& faults = failing_vfs();
  const auto [code, stays] = GetParam();
  for (int n = 1;; ++n) {
    ASSERT_LT(n, kRunsMax);
    const FreshDatabase database{Engine::sqlite, FreshDatabase::Holds::schema};
    int committed = 0;
    bool passed = false;
    {
      StoreOptions options;
      options.sqlite_vfs = "failing";
      options.migrate = false;
      const auto store = open_store(database.url(), options);
      ASSERT_TRUE(store) << store.error().what;
      faults.steps = 0;
      faults.code = code;
      faults.stays = stays;
      faults.fail_at = n;
      committed = run_story(**store);
      passed = faults.steps < n;
      if (!passed && stays) {
        const auto check = (*store)->check();
        EXPECT_EQ(check.error().fault, Fault::unavailable);
      }
      faults.fail_at = 0;
      SCOPED_TRACE(n);
      expect_whole(**store, committed);
    }
    // As another program finds it.
    const auto again = open_store(database.url());
    ASSERT_TRUE(again) << again.error().what;
    expect_whole(**again, committed);
    if (passed) {
      EXPECT_EQ(committed, 5);
      break;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, EachWriteOfTheDiskFails,
                         testing::Values(std::pair{SQLITE_FULL, true}, std::pair{SQLITE_IOERR_WRITE, false}),
                         [](const auto& each) {
                           return std::string{each.param.first == SQLITE_FULL ? "disk_full" : "io_error"} +
                                  (each.param.second ? "_and_stays_so" : "_once");
                         });

TEST(FullDisk, is_unavailable_and_says_so) {
  VfsFaults& faults = failing_vfs();
  const FreshDatabase database{Engine::sqlite};
  StoreOptions options;
  options.sqlite_vfs = "failing";
  const auto store = open_store(database.url(), options);
  ASSERT_TRUE(store);
  faults.code = SQLITE_FULL;
  faults.stays = true;
  faults.fail_at = 1;
  faults.steps = 0;
  const auto kept = desk::in_write(**store, [](Transaction& t) { return t.keep(arrival_of("x"), "R-1"); });
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().fault, Fault::unavailable);
  EXPECT_NE(kept.error().what.find("disk is full"), std::string::npos) << kept.error().what;
  faults.fail_at = 0;
  EXPECT_EQ(keep_one(**store, "x", "R-1"), "R-1");
}

}  // namespace
}  // namespace abate::store
