// SPDX-License-Identifier: Apache-2.0
#include "model/ticket.h"

#include <random>

#include <gtest/gtest.h>

#include "model/deadlines.h"
#include "model/ladder.h"
#include "model/merging.h"

namespace abate {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using enum TicketState;

static_assert(after(in_review, Move::open) == open);
static_assert(after(claimed, Move::refuse) == open);
static_assert(!find_move(open, Move::accept), "nobody accepts what was not claimed");

const Instant kStart = *parse_rfc3339("2026-03-01T00:00:00Z");

Terms terms() {
  Terms out;
  out.ladder = {MeasureKind::limit_port25, MeasureKind::suspend};
  return out;
}

Ticket opened(const Terms& by = terms()) {
  Ticket ticket;
  ticket.id = "T-2026-000001";
  ticket.created_at = kStart;
  ticket.state = open;
  ticket.notice = NoticeStanding::delivered;
  start_clocks(ticket, by, kStart);
  return ticket;
}

TEST(Ticket, a_forbidden_move_is_refused_with_what_is_allowed) {
  const Result<TicketState> to = next_state(in_review, Move::claim);
  ASSERT_FALSE(to);
  EXPECT_EQ(to.error().fault, Fault::conflict);
  EXPECT_NE(to.error().what.find("open, dismiss"), std::string::npos);
}

TEST(Ticket, a_reply_does_not_stop_the_fix_clock) {
  Ticket ticket = opened();
  const std::optional<Instant> fix_by = ticket.fix_by;
  note_answer(ticket, kStart + hours{1});
  EXPECT_EQ(ticket.fix_by, fix_by);
  EXPECT_EQ(deadline(ticket), fix_by);
  EXPECT_TRUE(is_overdue(ticket, kStart + hours{24}));
}

TEST(Ticket, an_unanswered_one_is_overdue_at_respond_by_and_an_answered_one_at_fix_by) {
  Terms by = terms();
  by.respond_within = hours{4};
  Ticket ticket = opened(by);
  EXPECT_TRUE(is_overdue(ticket, kStart + hours{4}));
  EXPECT_FALSE(is_overdue(ticket, kStart + hours{4} - Duration{1}));
  note_answer(ticket, kStart + hours{1});
  EXPECT_FALSE(is_overdue(ticket, kStart + hours{4}));
  EXPECT_TRUE(is_overdue(ticket, kStart + hours{24}));
}

TEST(Ticket, the_fix_clock_rests_while_a_claim_waits_and_goes_on_where_it_stood) {
  Ticket ticket = opened();
  rest_fix_clock(ticket, kStart + hours{20});
  ticket.state = claimed;
  EXPECT_FALSE(is_overdue(ticket, kStart + hours{100}));
  ticket.state = open;
  resume_fix_clock(ticket, kStart + hours{100});
  EXPECT_EQ(ticket.fix_by, kStart + hours{104});
}

TEST(Ticket, a_claim_after_the_deadline_gains_no_time_when_it_fails) {
  Ticket ticket = opened();
  note_answer(ticket, kStart);
  rest_fix_clock(ticket, kStart + hours{30});
  resume_fix_clock(ticket, kStart + hours{40});
  EXPECT_TRUE(is_overdue(ticket, kStart + hours{40}));
}

TEST(Ticket, reminders_come_before_the_deadline_each_once_and_only_the_newest_after_a_sleep) {
  Ticket ticket = opened();
  std::optional<Due> due = next_due(ticket, terms(), kStart);
  ASSERT_EQ(due, (Due{Due::Kind::reminder, kStart + hours{12}}));
  ticket.reminded.push_back(due->at);
  EXPECT_EQ(next_due(ticket, terms(), kStart + hours{13}), (Due{Due::Kind::reminder, kStart + hours{22}}));
  Ticket slept = opened();
  EXPECT_EQ(next_due(slept, terms(), kStart + hours{23}), (Due{Due::Kind::reminder, kStart + hours{22}}));
  EXPECT_EQ(next_due(slept, terms(), kStart + hours{25}), (Due{Due::Kind::overdue, kStart + hours{24}}));
}

TEST(Ticket, a_reminder_that_would_come_before_the_opening_is_not_sent) {
  Terms by = terms();
  by.respond_within = by.fix_within = hours{12};
  const Ticket ticket = opened(by);
  EXPECT_EQ(next_due(ticket, by, kStart), (Due{Due::Kind::reminder, kStart + hours{10}}));
}

TEST(Ladder, no_measure_before_the_deadline_or_while_the_notice_is_not_delivered) {
  Ticket ticket = opened();
  const Instant late = kStart + hours{25};
  EXPECT_TRUE(why_not(ticket, terms(), MeasureKind::suspend, false, kStart + hours{1}));
  EXPECT_FALSE(why_not(ticket, terms(), MeasureKind::suspend, false, late));
  EXPECT_TRUE(why_not(ticket, terms(), MeasureKind::isolate, false, late)) << "not on the ladder";
  for (const NoticeStanding standing :
       {NoticeStanding::none, NoticeStanding::queued, NoticeStanding::undelivered}) {
    ticket.notice = standing;
    EXPECT_TRUE(why_not(ticket, terms(), MeasureKind::suspend, false, late));
  }
  EXPECT_TRUE(why_not(ticket, terms(), MeasureKind::terminate, false, late));
}

TEST(Ladder, climbs_a_step_at_a_time_with_a_pause_between) {
  Ticket ticket = opened();
  const Instant late = kStart + hours{24};
  ticket.overdue_for = late;
  ASSERT_EQ(next_due(ticket, terms(), late), (Due{Due::Kind::ladder, late}));
  EXPECT_EQ(next_step(ticket, terms()), MeasureKind::limit_port25);
  Measure measure;
  measure.kind = MeasureKind::limit_port25;
  measure.state = MeasureState::proposed;
  ticket.measures.push_back(measure);
  EXPECT_EQ(next_due(ticket, terms(), late), std::nullopt) << "a proposal waits for a person";
  ticket.measures[0].state = MeasureState::in_force;
  ticket.ladder_next_at = late + hours{24};
  EXPECT_EQ(next_due(ticket, terms(), late), (Due{Due::Kind::ladder, late + hours{24}}));
  EXPECT_EQ(next_step(ticket, terms()), MeasureKind::suspend);
}

TEST(Merging, joins_the_open_and_the_ones_on_probation_only) {
  Ticket ticket = opened();
  ticket.service.id = "vps-1";
  ticket.category = Category::spam;
  EXPECT_TRUE(joins(ticket, {"vps-1", ""}, Category::spam, kStart));
  EXPECT_FALSE(joins(ticket, {"vps-1", ""}, Category::malware, kStart));
  EXPECT_FALSE(joins(ticket, {"vps-2", ""}, Category::spam, kStart));
  stop_clocks(ticket, terms(), kStart);
  ticket.state = closed;
  EXPECT_TRUE(joins(ticket, {"vps-1", ""}, Category::spam, kStart + std::chrono::days{6}));
  EXPECT_FALSE(joins(ticket, {"vps-1", ""}, Category::spam, kStart + std::chrono::days{7}));
  ticket.merged_into = "T-2026-000002";
  EXPECT_FALSE(joins(ticket, {"vps-1", ""}, Category::spam, kStart));
}

// A walk of random moves and waits. Whatever happens: the fix clock is moved by no reply, rests only under a claim, and
// no measure is ever allowed by policy outside law 5.
class Walk {
 public:
  explicit Walk(unsigned seed) : random_{seed}, ticket_{opened()} {}

  void step() {
    now_ += minutes{std::uniform_int_distribution<int>{1, 600}(random_)};
    const auto& row = kMoves[std::uniform_int_distribution<std::size_t>{0, kMoves.size() - 1}(random_)];
    const Result<TicketState> to = next_state(ticket_.state, row.move);
    if (!to) return;
    const std::optional<Instant> fix_by = ticket_.fix_by;
    const std::optional<Duration> left_before =
        ticket_.fix_by && ticket_.state == open ? std::optional{*ticket_.fix_by - now_} : ticket_.fix_left;
    switch (row.move) {
      case Move::reply: note_answer(ticket_, now_); break;
      case Move::claim: rest_fix_clock(ticket_, now_); break;
      case Move::refuse: resume_fix_clock(ticket_, now_); break;
      case Move::accept:
      case Move::close: stop_clocks(ticket_, terms(), now_); break;
      case Move::reopen: restart_clocks(ticket_, terms(), now_); break;
      default: break;
    }
    ticket_.state = *to;
    if (row.move == Move::reply) {
      EXPECT_EQ(ticket_.fix_by, fix_by);
    }
    if (row.move == Move::refuse) {
      EXPECT_EQ(*ticket_.fix_by - now_, *left_before);
    }
    judge();
  }

 private:
  void judge() const {
    if (ticket_.state == claimed || ticket_.state == closed) {
      EXPECT_FALSE(is_overdue(ticket_, now_ + hours{10000}));
    }
    const bool allowed = !why_not(ticket_, terms(), MeasureKind::suspend, false, now_);
    EXPECT_EQ(allowed, ticket_.state == open && is_overdue(ticket_, now_));
    if (const std::optional<Due> due = next_due(ticket_, terms(), now_)) {
      EXPECT_EQ(ticket_.state, open);
    }
  }

  std::mt19937 random_;
  Ticket ticket_;
  Instant now_ = kStart;
};

TEST(Ticket, random_walks_never_break_the_laws) {
  const unsigned walks = std::getenv("ABATE_LONG") != nullptr ? 20'000 : 500;
  for (unsigned seed = 0; seed < walks; ++seed) {
    Walk walk{seed};
    for (int i = 0; i < 60; ++i) walk.step();
    ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace abate
