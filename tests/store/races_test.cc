// SPDX-License-Identifier: Apache-2.0
// Several programs on one database, as several stores: nothing is done twice, nothing is lost, and whoever is second is
// told or runs again.
#include <set>

#include "store/store_fixture.h"
#include "support/postgres_cluster.h"

namespace abate::store {
namespace {

using desk::Transaction;

constexpr int kNodes = 3;

class Races : public OnBothEngines {
 protected:
  // `work(node)` on a thread and a store of its own for each node.
  void on_each_node(const std::function<void(int, desk::Store&)>& work) {
    std::vector<std::thread> threads;
    for (int node = 0; node < kNodes; ++node)
      threads.emplace_back([this, node, &work] {
        const auto store = must_open();
        work(node, *store);
      });
    for (std::thread& thread : threads) thread.join();
  }
};

TEST_P(Races, each_unread_report_is_claimed_by_one_node) {
  constexpr int kReports = 60;
  write([](Transaction& t) -> Result<void> {
    for (int i = 0; i < kReports; ++i) TRY(t.keep(arrival_of(std::to_string(i)), "R-" + std::to_string(i)));
    return {};
  });
  std::mutex mutex;
  std::multiset<std::string> claimed;
  on_each_node([&](int node, desk::Store& store) {
    while (true) {
      const auto mine = desk::in_write(store, [&](Transaction& t) {
        return t.claim_unread(7, "node-" + std::to_string(node), kNow, kNow + std::chrono::minutes{1});
      });
      ASSERT_TRUE(mine) << mine.error().what;
      if (mine->empty()) break;
      const std::scoped_lock lock{mutex};
      for (const auto& each : *mine) claimed.insert(each.id);
    }
  });
  // A node may have found the last ones locked by another that was about to claim them: never twice is what counts.
  EXPECT_EQ(claimed.size(), std::set(claimed.begin(), claimed.end()).size());
  EXPECT_EQ(claimed.size(), static_cast<std::size_t>(kReports));
}

TEST_P(Races, the_same_bytes_at_every_node_are_one_report) {
  on_each_node([&](int node, desk::Store& store) {
    for (int i = 0; i < 10; ++i) {
      const auto kept = desk::in_write(store, [&](Transaction& t) {
        return t.keep(arrival_of("bytes " + std::to_string(i)), fmt::format("R-{}-{}", node, i));
      });
      EXPECT_TRUE(kept) << kept.error().what;
    }
  });
  const auto all = read([](Transaction& t) { return t.reports({}, {}); });
  EXPECT_EQ(all.items.size(), 10U);
  for (const Report& each : all.items) EXPECT_EQ(each.arrivals, static_cast<std::uint32_t>(kNodes));
  EXPECT_EQ(read([](Transaction& t) { return t.report_totals(); }).received, 10U);
}

TEST_P(Races, a_history_that_all_nodes_write_stays_one_chain) {
  on_each_node([&](int node, desk::Store& store) {
    for (int i = 0; i < 10; ++i) {
      const auto done = desk::in_write(store, [&](Transaction& t) {
        return t.append_entry("T-1", kNow, "node-" + std::to_string(node), EntryKind::note, "{}");
      });
      EXPECT_TRUE(done) << done.error().what;
    }
  });
  const auto entries = read([](Transaction& t) { return t.entries("T-1", {}); }).items;
  ASSERT_EQ(entries.size(), 10U * kNodes);
  std::string prev{kFirstPrev};
  for (const Entry& entry : entries) {
    EXPECT_EQ(entry.prev, prev);
    EXPECT_EQ(entry.hash, entry_hash(entry));
    prev = entry.hash;
  }
}

TEST_P(Races, nodes_that_bring_the_first_incident_make_one_ticket) {
  std::atomic<int> made = 0;
  on_each_node([&](int node, desk::Store& store) {
    for (int i = 0; i < 5; ++i) {
      const std::string service = "vps-" + std::to_string(i);
      bool mine = false;
      const auto done = store.write([&](Transaction& t) -> Result<void> {
        mine = false;
        TRY_ASSIGN(const auto found, t.joinable_ticket(service, Category::spam, kNow));
        if (found) return {};
        TRY_ASSIGN(const std::uint64_t number, t.next_ticket_number(2026));
        mine = true;
        return t.insert_ticket(sample_ticket(fmt::format("T-2026-{:06}", number), service), {});
      });
      EXPECT_TRUE(done) << node << ": " << done.error().what;
      made += mine ? 1 : 0;
    }
  });
  EXPECT_EQ(made, 5);
  EXPECT_EQ(read([](Transaction& t) { return t.tickets({}, {}); }).items.size(), 5U);
}

TEST_P(Races, bookkeeping_of_two_nodes_on_one_ticket_loses_neither) {
  write([](Transaction& t) { return t.insert_ticket(sample_ticket("T-1"), {}); });
  on_each_node([&](int, desk::Store& store) {
    for (int i = 0; i < 10; ++i) {
      const auto done = store.write([&](Transaction& t) -> Result<void> {
        TRY_ASSIGN(Ticket ticket, t.ticket("T-1"));
        ++ticket.incident_count;
        return t.touch_ticket(ticket, {});
      });
      EXPECT_TRUE(done) << done.error().what;
    }
  });
  EXPECT_EQ(read([](Transaction& t) { return t.ticket("T-1"); }).incident_count, 10U * kNodes);
}

TEST_P(Races, a_reader_sees_one_moment_while_others_write) {
  keep_one(*store_, "a", "R-1");
  const auto other = must_open();
  read([&](Transaction& t) -> Result<void> {
    TRY_ASSIGN(const auto before, t.reports({}, {}));
    std::thread{[&] { keep_one(*other, "b", "R-2"); }}.join();
    TRY_ASSIGN(const auto after, t.reports({}, {}));
    EXPECT_EQ(before.items.size(), after.items.size());
    return {};
  });
  EXPECT_EQ(read([](Transaction& t) { return t.reports({}, {}); }).items.size(), 2U);
}

TEST_P(Races, a_reader_cannot_write) {
  const auto done = store_->read([](Transaction& t) -> Result<void> {
    TRY(t.keep(arrival_of("a"), "R-1"));
    return {};
  });
  EXPECT_FALSE(done);
  EXPECT_TRUE(read([](Transaction& t) { return t.reports({}, {}); }).items.empty());
}

TEST_P(Races, work_that_throws_is_rolled_back) {
  EXPECT_THROW((void)store_->write([](Transaction& t) -> Result<void> {
    TRY(t.keep(arrival_of("a"), "R-1"));
    throw std::runtime_error("our own mistake");
  }),
               std::runtime_error);
  EXPECT_EQ(keep_one(*store_, "b", "R-2"), "R-2");
  EXPECT_EQ(read([](Transaction& t) { return t.reports({}, {}); }).items.size(), 1U);
}

ON_BOTH_ENGINES(Races);

TEST(PostgresServer, that_was_away_is_used_again_when_it_is_back) {
  test::PostgresCluster cluster;
  const std::string url = cluster.new_database();
  const auto store = open_store(url);
  ASSERT_TRUE(store) << store.error().what;
  keep_one(**store, "before", "R-1");
  cluster.stop(true);
  const auto away = desk::in_write(**store, [](Transaction& t) { return t.keep(arrival_of("while"), "R-2"); });
  ASSERT_FALSE(away);
  EXPECT_EQ(away.error().fault, Fault::unavailable);
  EXPECT_FALSE((*store)->check());
  cluster.start();
  EXPECT_EQ(keep_one(**store, "after", "R-3"), "R-3");
  EXPECT_EQ(desk::in_read(**store, [](Transaction& t) { return t.report_bytes("R-1"); }), "before");
}

}  // namespace
}  // namespace abate::store
