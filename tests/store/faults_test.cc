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

struct Counts {
  std::uint64_t reports = 0, read = 0, waiting = 0, ledger = 0;
};

Counts counts(desk::Store& store) {
  return desk::in_read(store,
                       [](Transaction& t) -> Result<Counts> {
                         TRY_ASSIGN(const auto totals, t.report_totals());
                         TRY_ASSIGN(const auto outbox, t.outbox_totals());
                         TRY_ASSIGN(const std::uint64_t ledger, t.ledger_version());
                         return Counts{totals.received + totals.read, totals.read, outbox.waiting, ledger};
                       })
      .value_or(Counts{});
}

// A day at the desk in five transactions, under names of its own.
class Story {
 public:
  Story(desk::Store& store, int n) : n_{std::to_string(n)}, before_{counts(store)} {}

  // Returns how many transactions were reported as committed; ends at the first that was not.
  int run(desk::Store& store) const {
    int committed = 0;
    for (const auto part : {&Story::intake, &Story::claim, &Story::triage, &Story::open, &Story::import}) {
      if (!store.write([&](Transaction& t) { return (this->*part)(t); })) break;
      ++committed;
    }
    return committed;
  }

  // All of each transaction or nothing of it, and all of those that were reported.
  void expect_whole(desk::Store& store, int committed) const {
    const Counts now = counts(store);
    const auto seen = desk::in_read(store, [&](Transaction& t) -> Result<void> {
      const bool kept = t.report(report(1)).has_value();
      EXPECT_TRUE(kept || committed < 1);
      EXPECT_EQ(t.report(report(2)).has_value(), kept);
      EXPECT_EQ(t.report_bytes(report(2)).value_or(""), kept ? bytes(2) : "");
      TRY_ASSIGN(const auto intake, t.entries("intake/" + n_, {}));
      EXPECT_EQ(intake.items.size(), kept ? 1U : 0U);
      EXPECT_EQ(now.reports - before_.reports, kept ? 2U : 0U);

      const auto ticket = t.ticket("T-" + n_);
      EXPECT_TRUE(ticket || committed < 3);
      TRY_ASSIGN(const auto incidents, t.incidents_of_ticket("T-" + n_, {}));
      EXPECT_EQ(incidents.items.size(), ticket ? 1U : 0U);
      EXPECT_EQ(now.read - before_.read, ticket ? 1U : 0U);

      const bool opened = ticket && ticket->state == TicketState::open;
      EXPECT_TRUE(opened || committed < 4);
      TRY_ASSIGN(const auto entries, t.entries("T-" + n_, {}));
      EXPECT_EQ(entries.items.size(), (ticket ? 1U : 0U) + (opened ? 1U : 0U));
      EXPECT_EQ(t.notice("tok" + n_).has_value(), opened);
      EXPECT_EQ(now.waiting - before_.waiting, opened ? 1U : 0U);

      EXPECT_TRUE(now.ledger != before_.ledger || committed < 5);
      EXPECT_EQ(t.ledger_size(now.ledger).value_or(9), now.ledger == 0 ? 0U : 1U);
      return t.walk_history(
          [](const Entry& entry) -> Result<void> {
            EXPECT_EQ(entry_hash(entry), entry.hash);
            return {};
          },
          [](const std::string&, std::uint64_t, const std::string&) -> Result<void> { return {}; });
    });
    EXPECT_TRUE(seen) << seen.error().what;
  }

 private:
  std::string report(int which) const { return fmt::format("R-{}-{}", n_, which); }
  std::string bytes(int which) const { return report(which) + std::string(20'000, 'x'); }

  Result<void> intake(Transaction& t) const {
    for (const int which : {1, 2}) {
      const std::string content = bytes(which);
      TRY(t.keep(arrival_of(content), report(which)));
    }
    TRY(t.append_entry("intake/" + n_, kNow, "system", EntryKind::received, "{}"));
    return {};
  }
  Result<void> claim(Transaction& t) const {
    TRY(t.claim_unread(10, "node-1", kNow, kNow + std::chrono::minutes{1}));
    return {};
  }
  Result<void> triage(Transaction& t) const {
    Reading reading;
    reading.outcome = Outcome::read;
    TRY(t.save_reading(report(1), ReportStatus::read, reading, false, "", ""));
    TRY(t.add_incident(sample_incident(report(1) + ".1", report(1), "T-" + n_)));
    TRY(t.insert_ticket(sample_ticket("T-" + n_), kNow));
    TRY(t.append_entry("T-" + n_, kNow, "system", EntryKind::reported, "{}"));
    return {};
  }
  Result<void> open(Transaction& t) const {
    TRY_ASSIGN(Ticket ticket, t.ticket("T-" + n_));
    ticket.state = TicketState::open;
    TRY(t.append_entry(ticket.id, kNow, "user:ada@example.net", EntryKind::opened, "{}"));
    Notice notice;
    notice.token = "tok" + n_;
    notice.ticket_id = ticket.id;
    TRY(t.insert_notice(notice));
    desk::OutboxItem item;
    item.key = notice.token;
    item.ticket_id = ticket.id;
    item.due_at = kNow;
    TRY(t.enqueue(item));
    return t.update_ticket(ticket, kNow);
  }
  Result<void> import(Transaction& t) const {
    TRY_ASSIGN(const std::uint64_t version, t.ledger_begin());
    TRY(t.ledger_add_owners(version, 0, {{{"vps-1", "a"}, {"c-1", "A", "a@example.com"}}}));
    TRY(t.ledger_add_rows(
        version, {{.range = {IpAddress::v4(1), IpAddress::v4(1)}, .from = kNow, .until = {}, .row = 0, .owner = 0}}));
    return t.ledger_switch(version);
  }

  const std::string n_;
  const Counts before_;
};

class EachStepFails : public testing::TestWithParam<Engine> {};

TEST_P(EachStepFails, and_nothing_half_is_seen) {
  Faults faults;
  const FreshDatabase database{GetParam(), FreshDatabase::Holds::schema};
  StoreOptions options;
  options.wrap = [&](std::unique_ptr<Connection> inner) {
    return std::make_unique<FailingConnection>(std::move(inner), faults);
  };
  const auto store = open_store(database.url(), options);
  ASSERT_TRUE(store) << store.error().what;
  for (int n = 1;; ++n) {
    ASSERT_LT(n, kRunsMax);
    SCOPED_TRACE(n);
    const Story story{**store, n};
    faults.steps = 0;
    faults.fail_at = n;
    const int committed = story.run(**store);
    const bool passed = faults.steps < n;
    faults.fail_at = 0;
    story.expect_whole(**store, committed);
    EXPECT_EQ(committed == 5, passed);
    if (!passed) continue;
    EXPECT_GT(n, 25);
    break;
  }
}

INSTANTIATE_TEST_SUITE_P(, EachStepFails, testing::Values(Engine::sqlite, Engine::postgresql), engine_of);

class EachWriteOfTheDiskFails : public testing::TestWithParam<std::pair<int, bool>> {};

TEST_P(EachWriteOfTheDiskFails, and_nothing_half_is_seen) {
  VfsFaults& faults = failing_vfs();
  const auto [code, stays] = GetParam();
  for (int n = 1;; ++n) {
    ASSERT_LT(n, kRunsMax);
    SCOPED_TRACE(n);
    const FreshDatabase database{Engine::sqlite, FreshDatabase::Holds::schema};
    StoreOptions options;
    options.sqlite_vfs = "failing";
    auto store = open_store(database.url(), options);
    ASSERT_TRUE(store) << store.error().what;
    const Story story{**store, n};
    faults.steps = 0;
    faults.code = code;
    faults.stays = stays;
    faults.fail_at = n;
    const int committed = story.run(**store);
    const bool passed = faults.steps < n;
    if (passed) faults.fail_at = 0;
    const auto check = (*store)->check();
    EXPECT_TRUE(check || check.error().fault == Fault::unavailable);
    EXPECT_EQ(check.has_value(), passed || !stays);
    faults.fail_at = 0;
    story.expect_whole(**store, committed);
    EXPECT_TRUE((*store)->check());  // it works on, without a restart
    store->reset();
    const auto again = open_store(database.url());  // as another program finds it
    ASSERT_TRUE(again) << again.error().what;
    story.expect_whole(**again, committed);
    if (passed) break;
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

TEST(FullDisk, is_found_by_every_check) {
  VfsFaults& faults = failing_vfs();
  const FreshDatabase database{Engine::sqlite};
  StoreOptions options;
  options.sqlite_vfs = "failing";
  const auto store = open_store(database.url(), options);
  ASSERT_TRUE(store);
  EXPECT_TRUE((*store)->check());
  EXPECT_TRUE((*store)->check());  // by now all that it writes is there, and must be written again
  faults.code = SQLITE_FULL;
  faults.stays = true;
  faults.steps = 0;
  faults.fail_at = 1;
  EXPECT_FALSE((*store)->check());
  faults.fail_at = 0;
  EXPECT_TRUE((*store)->check());
}

}  // namespace
}  // namespace abate::store
