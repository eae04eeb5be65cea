// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"
#include "store/store_fixture.h"

namespace abate::store {
namespace {

using desk::Transaction;

class History : public OnBothEngines {
 protected:
  Entry append(const std::string& stream, const std::string& body = R"({"text":"é"})") {
    return write(
        [&](Transaction& t) { return t.append_entry(stream, kNow, "user:ada@example.net", EntryKind::note, body); });
  }
  // "a1 a2 a=2 b1 b=1": entries, and heads with their seq.
  std::string walk(std::string* problem = nullptr) {
    std::string seen, prev(kFirstPrev);
    const auto done = desk::in_read(*store_, [&](Transaction& t) {
      return t.walk_history(
          [&](const Entry& entry) -> Result<void> {
            if (entry.seq == 1) prev = std::string{kFirstPrev};
            if (entry.prev != prev || entry_hash(entry) != entry.hash)
              return failure(Fault::malformed, "{}{} is wrong", entry.stream, entry.seq);
            prev = entry.hash;
            seen += entry.stream + std::to_string(entry.seq) + " ";
            return {};
          },
          [&](const std::string& stream, std::uint64_t seq, const std::string& hash) -> Result<void> {
            seen += stream + "=" + std::to_string(seq) + (seq == 0 || hash == prev ? " " : "! ");
            return {};
          });
    });
    if (problem != nullptr) *problem = done ? "" : done.error().what;
    return seen;
  }
  // What somebody with the file in hands can do.
  void tamper(const std::string& sql) {
    const auto connection = database_.connect();
    const bool sqlite = GetParam() == Engine::sqlite;
    ASSERT_TRUE(connection->script(sqlite ? "DROP TRIGGER entries_refuse_update; DROP TRIGGER entries_refuse_delete"
                                          : "DROP TRIGGER entries_refuse_change ON entries"));
    ASSERT_TRUE(connection->script(sql));
  }
};

TEST_P(History, entries_are_chained) {
  const Entry first = append("T-1"), second = append("T-1"), other = append("T-2");
  EXPECT_EQ(first.seq, 1U);
  EXPECT_EQ(first.prev, kFirstPrev);
  EXPECT_EQ(second.seq, 2U);
  EXPECT_EQ(second.prev, first.hash);
  EXPECT_EQ(other.prev, kFirstPrev);
  EXPECT_EQ(second.hash, entry_hash(second));
  const auto listed = read([](Transaction& t) { return t.entries("T-1", {}); });
  EXPECT_EQ(listed.items, (std::vector{first, second}));
}

TEST_P(History, several_entries_in_one_transaction_are_chained) {
  write([&](Transaction& t) -> Result<void> {
    for (int i = 0; i < 3; ++i) TRY(t.append_entry("T-1", kNow, "system", EntryKind::note, "{}"));
    return {};
  });
  EXPECT_EQ(walk(), "T-11 T-12 T-13 T-1=3 ");
}

TEST_P(History, entries_come_in_pages) {
  for (int i = 0; i < 5; ++i) append("T-1");
  const auto first = read([](Transaction& t) { return t.entries("T-1", {.after = {}, .limit = 2}); });
  const auto second = read([&](Transaction& t) { return t.entries("T-1", {.after = first.next, .limit = 2}); });
  ASSERT_EQ(second.items.size(), 2U);
  EXPECT_EQ(second.items[0].seq, 3U);
}

TEST_P(History, the_walk_visits_streams_in_order_and_tells_each_head) {
  EXPECT_EQ(walk(), "");
  append("b");
  append("a");
  append("b");
  append("intake/node-1", R"({"reports":["R-1"]})");
  EXPECT_EQ(walk(), "a1 a=1 b1 b2 b=2 intake/node-11 intake/node-1=1 ");
}

TEST_P(History, what_is_no_json_text_is_refused) {
  for (const std::string& body : {std::string("\xff"), std::string("\0", 1)}) {
    const auto refused = desk::in_write(
        *store_, [&](Transaction& t) { return t.append_entry("T-1", kNow, "system", EntryKind::note, body); });
    EXPECT_EQ(refused.error().fault, Fault::malformed);
  }
}

TEST_P(History, an_entry_can_be_neither_changed_nor_deleted) {
  append("T-1");
  const auto connection = database_.connect();
  for (const char* sql : {"UPDATE entries SET body = '{}'", "DELETE FROM entries"}) {
    const auto done = connection->script(sql);
    ASSERT_FALSE(done) << sql;
    EXPECT_NE(done.error().what.find("append-only"), std::string::npos) << done.error().what;
  }
  EXPECT_EQ(walk(), "T-11 T-1=1 ");
}

TEST_P(History, a_changed_entry_is_found) {
  append("a");
  append("a");
  append("b");
  tamper("UPDATE entries SET actor = 'system' WHERE stream = 'a' AND seq = 2");
  std::string problem;
  EXPECT_EQ(walk(&problem), "a1 ");
  EXPECT_EQ(problem, "a2 is wrong");
}

TEST_P(History, entries_cut_off_at_the_end_are_found_by_the_head) {
  append("a");
  append("a");
  tamper("DELETE FROM entries WHERE stream = 'a' AND seq = 2");
  EXPECT_EQ(walk(), "a1 a=2! ");
}

TEST_P(History, a_stream_that_is_gone_is_found_by_its_head_and_a_head_that_is_gone_by_its_stream) {
  append("a");
  append("b");
  append("c");
  tamper("DELETE FROM entries WHERE stream = 'a'; DELETE FROM heads WHERE stream = 'b'");
  EXPECT_EQ(walk(), "a=1! b1 b=0 c1 c=1 ");
}

TEST_P(History, a_kind_that_does_not_exist_ends_the_walk) {
  append("a");
  tamper("UPDATE entries SET kind = 'x'");
  std::string problem;
  walk(&problem);
  EXPECT_NE(problem.find("kind 'x'"), std::string::npos) << problem;
}

ON_BOTH_ENGINES(History);

}  // namespace
}  // namespace abate::store
