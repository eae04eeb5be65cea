// SPDX-License-Identifier: Apache-2.0
#include "store/store_fixture.h"

namespace abate::store {
namespace {

using desk::OutboxItem;
using desk::OutboxKind;
using desk::Transaction;
using std::chrono::minutes;

OutboxItem sample_item(const std::string& key, Instant due = kNow) {
  return {.key = key,
          .kind = OutboxKind::mail,
          .ticket_id = "T-1",
          .target = "ada@example.com",
          .sender = "bounce+x@example.net",
          .payload = std::string("Subject: \xff\0\r\n", 13),
          .measure_number = 0,
          .on = true,
          .tries = 0,
          .due_at = due,
          .last_error = ""};
}

class Outbox : public OnBothEngines {
 protected:
  void enqueue(const OutboxItem& item) {
    write([&](Transaction& t) { return t.enqueue(item); });
  }
  std::vector<OutboxItem> claim(Instant now, std::size_t count = 10) {
    return write([&](Transaction& t) { return t.claim_outbox(count, "node-1", now, now + minutes{1}); });
  }
};

TEST_P(Outbox, an_item_is_claimed_once_and_taken_over_after_the_lease) {
  enqueue(sample_item("k1"));
  const auto mine = claim(kNow);
  ASSERT_EQ(mine.size(), 1U);
  EXPECT_EQ(mine[0].payload, sample_item("k1").payload);
  EXPECT_EQ(mine[0].sender, "bounce+x@example.net");
  EXPECT_EQ(mine[0].tries, 0U);
  EXPECT_TRUE(claim(kNow).empty());
  EXPECT_EQ(read([](Transaction& t) { return t.earliest_outbox_due(); }), kNow + minutes{1});
  const auto taken_over = claim(kNow + minutes{1});
  ASSERT_EQ(taken_over.size(), 1U);
  EXPECT_EQ(taken_over[0].tries, 1U);
}

TEST_P(Outbox, a_key_is_used_once_for_ever) {
  enqueue(sample_item("k1"));
  enqueue(sample_item("k1"));
  EXPECT_EQ(claim(kNow).size(), 1U);
  write([](Transaction& t) { return t.outbox_done("k1"); });
  enqueue(sample_item("k1"));
  EXPECT_TRUE(claim(kNow + minutes{10}).empty());
  EXPECT_FALSE(read([](Transaction& t) { return t.earliest_outbox_due(); }));
}

TEST_P(Outbox, a_retry_waits_for_its_time) {
  enqueue(sample_item("k1"));
  claim(kNow);
  write([](Transaction& t) { return t.outbox_retry("k1", kNow + minutes{5}, "421 busy \xff"); });
  EXPECT_TRUE(claim(kNow + minutes{4}).empty());
  const auto again = claim(kNow + minutes{5});
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].tries, 1U);
  EXPECT_EQ(again[0].last_error, "421 busy \xff");
}

TEST_P(Outbox, the_earliest_due_come_first) {
  enqueue(sample_item("late", kNow + minutes{2}));
  enqueue(sample_item("early", kNow + minutes{1}));
  const auto one = claim(kNow + minutes{3}, 1);
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].key, "early");
}

TEST_P(Outbox, totals_tell_what_waits_and_what_was_given_up) {
  enqueue(sample_item("k1"));
  enqueue(sample_item("k2", kNow + minutes{1}));
  enqueue(sample_item("k3"));
  write([](Transaction& t) { return t.outbox_give_up("k1", "550 no such user"); });
  write([](Transaction& t) { return t.outbox_done("k3"); });
  const auto totals = read([](Transaction& t) { return t.outbox_totals(); });
  EXPECT_EQ(totals.waiting, 1U);
  EXPECT_EQ(totals.given_up, 1U);
  EXPECT_EQ(totals.oldest, kNow + minutes{1});
  for (const auto& gone : {desk::in_write(*store_, [](Transaction& t) { return t.outbox_retry("k3", kNow, ""); }),
                           desk::in_write(*store_, [](Transaction& t) { return t.outbox_give_up("k9", ""); }),
                           desk::in_write(*store_, [](Transaction& t) { return t.outbox_done("k9"); })})
    EXPECT_EQ(gone.error().fault, Fault::not_found);
}

TEST_P(Outbox, orders_of_a_measure_are_open_until_done) {
  for (const char* name : {"panel", "script"}) {
    OutboxItem order = sample_item(std::string("m1:") + name);
    order.kind = OutboxKind::order;
    order.measure_number = 2;
    enqueue(order);
  }
  const auto open = [&](bool on) { return read([&](Transaction& t) { return t.orders_open("T-1", 2, on); }); };
  EXPECT_EQ(open(true), 2U);
  EXPECT_EQ(open(false), 0U);
  write([](Transaction& t) { return t.outbox_done("m1:panel"); });
  write([](Transaction& t) { return t.outbox_give_up("m1:script", ""); });
  EXPECT_EQ(open(true), 1U);
}

TEST_P(Outbox, a_node_that_starts_again_gives_back_what_it_had_in_hand) {
  enqueue(sample_item("k1"));
  enqueue(sample_item("k2", kNow + minutes{5}));
  keep_one(*store_, "bytes", "R-1");
  write([](Transaction& t) { return t.insert_ticket(sample_ticket("T-1"), kNow); });
  const auto claim_all = [&](const std::string& owner) -> std::size_t {
    return write([&](Transaction& t) -> Result<std::size_t> {
      TRY_ASSIGN(const auto mails, t.claim_outbox(10, owner, kNow, kNow + minutes{1}));
      TRY_ASSIGN(const auto unread, t.claim_unread(10, owner, kNow, kNow + minutes{1}));
      TRY_ASSIGN(const auto due, t.claim_due(10, owner, kNow, kNow + minutes{1}));
      return mails.size() + unread.size() + due.size();
    });
  };
  EXPECT_EQ(claim_all("node-1/7"), 3U);
  write([](Transaction& t) { return t.release_leases("node-2/"); });
  EXPECT_EQ(claim_all("node-2/1"), 0U);
  write([](Transaction& t) { return t.release_leases("node-1/"); });
  EXPECT_EQ(claim_all("node-1/8"), 3U);
}

TEST_P(Outbox, a_notice_comes_back_and_is_settled) {
  Notice notice{.token = "tok",
                .ticket_id = "T-1",
                .kind = NoticeKind::reminder,
                .to = "ada@example.com",
                .message_id = "m@example.net",
                .subject = "Sub\xffject",
                .state = NoticeState::queued,
                .queued_at = kNow,
                .settled_at = {},
                .diagnostic = ""};
  write([&](Transaction& t) { return t.insert_notice(notice); });
  EXPECT_EQ(desk::in_write(*store_, [&](Transaction& t) { return t.insert_notice(notice); }).error().fault,
            Fault::conflict);
  notice.state = NoticeState::bounced;
  notice.settled_at = kNow + minutes{1};
  notice.diagnostic = "550 \xff";
  write([&](Transaction& t) { return t.update_notice(notice); });
  const Notice found = read([](Transaction& t) { return t.notice("tok"); });
  EXPECT_EQ(found.state, NoticeState::bounced);
  EXPECT_EQ(found.settled_at, notice.settled_at);
  EXPECT_EQ(found.diagnostic, notice.diagnostic);
  EXPECT_EQ(found.subject, notice.subject);
  EXPECT_EQ(found.kind, NoticeKind::reminder);
  notice.token = "tok2";
  write([&](Transaction& t) { return t.insert_notice(notice); });
  const auto all = read([](Transaction& t) { return t.notices_of_ticket("T-1"); });
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].token, "tok2");
  EXPECT_EQ(desk::in_read(*store_, [](Transaction& t) { return t.notice("x"); }).error().fault, Fault::not_found);
}

TEST_P(Outbox, a_person_was_pointed_to_the_thread_since) {
  Notice notice;
  notice.token = "p";
  notice.kind = NoticeKind::pointer;
  notice.to = "ada@example.com";
  notice.queued_at = kNow;
  write([&](Transaction& t) { return t.insert_notice(notice); });
  const auto pointed = [&](const std::string& to, Instant since) {
    return read([&](Transaction& t) { return t.pointed_since(to, since); });
  };
  EXPECT_TRUE(pointed("ada@example.com", kNow));
  EXPECT_FALSE(pointed("ada@example.com", kNow + minutes{1}));
  EXPECT_FALSE(pointed("bob@example.com", kNow));
}

ON_BOTH_ENGINES(Outbox);

}  // namespace
}  // namespace abate::store
