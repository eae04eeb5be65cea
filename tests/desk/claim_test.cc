// SPDX-License-Identifier: Apache-2.0
// A claim, and what is reported after it.
#include "desk/desk_fixture.h"

namespace abate::desk {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class Claims : public DeskTest {
 protected:
  void claimed() {
    opened();
    clock_.advance(hours{4});
    ASSERT_TRUE(claim(*desk_, ask(ada_), "An old plugin; removed."));
    claimed_at_ = clock_.now();
    clock_.advance(hours{2});
  }
  // A report that names no time.
  void report_without_time() {
    report("undated first", claimed_at_ - hours{1});  // fills the reader
    reader_.next.incidents[0].started_at.reset();
    NewArrival arrival;
    arrival.bytes = "undated";
    ASSERT_TRUE(intake_->accept_and_wait(std::move(arrival)));
    ASSERT_TRUE(ReadLine::read_some(*desk_, reader_, &resolver_, "test"));
  }
  Entry refusal() {
    for (const Entry& entry : entries())
      if (entry.kind == EntryKind::refused) return entry;
    ADD_FAILURE() << "nothing was refused";
    return {};
  }

  Instant claimed_at_;
};

TEST_F(Claims, harm_after_the_claim_refuses_it_by_itself) {
  claimed();
  report("again", clock_.now() - minutes{30});
  EXPECT_EQ(the_ticket().state, TicketState::open);
  EXPECT_EQ(the_ticket().fix_by, clock_.now() + hours{20}) << "the fix clock goes on where it stood";
  EXPECT_FALSE(the_ticket().claimed_at);
  const Entry entry = refusal();
  EXPECT_EQ(entry.actor, "system");
  for (const std::string_view part : {"203.0.113.10", "17:30 UTC", R"("incident_at":"2026-03-01T17:30:00Z")", ".1"})
    EXPECT_NE(entry.body.find(part), std::string::npos) << part << " in " << entry.body;
  EXPECT_EQ(entry.body.find("fbl@example.org"), std::string::npos) << "the customer reads it";
  settle();
  EXPECT_NE(mailer_.sent.back().message.find("another look"), std::string::npos);
  EXPECT_EQ(verify_history(*store_)->broken, std::nullopt);
}

TEST_F(Claims, harm_before_the_claim_that_is_told_late_does_not) {
  claimed();
  report("late news", claimed_at_);
  report("later news", claimed_at_ - hours{3});
  EXPECT_EQ(the_ticket().state, TicketState::claimed);
  EXPECT_EQ(the_ticket().incident_count, 3U);
}

TEST_F(Claims, harm_that_began_before_and_went_on_after_does) {
  claimed();
  report("filler", claimed_at_ - hours{1});
  reader_.next.incidents[0].ended_at = clock_.now();
  NewArrival arrival;
  arrival.bytes = "went on";
  ASSERT_TRUE(intake_->accept_and_wait(std::move(arrival)));
  ASSERT_TRUE(ReadLine::read_some(*desk_, reader_, &resolver_, "test"));
  EXPECT_EQ(the_ticket().state, TicketState::open);
}

TEST_F(Claims, harm_of_an_unknown_time_is_for_a_person_to_weigh) {
  claimed();
  report_without_time();
  EXPECT_EQ(the_ticket().state, TicketState::claimed);
  EXPECT_EQ(the_ticket().incident_count, 3U);
}

TEST_F(Claims, policy_may_leave_slack_for_mail_that_waited_elsewhere) {
  Policy policy = *desk_->policy.load();
  for (Terms& terms : policy.terms) terms.claim_slack = hours{1};
  desk_->policy.store(std::make_shared<const Policy>(policy));
  claimed();
  report("waited in a queue", claimed_at_ + hours{1});
  EXPECT_EQ(the_ticket().state, TicketState::claimed);
  report("new", claimed_at_ + hours{1} + minutes{1});
  EXPECT_EQ(the_ticket().state, TicketState::open);
}

TEST_F(Claims, a_second_claim_counts_from_its_own_time) {
  claimed();
  report("again", clock_.now());
  ASSERT_EQ(the_ticket().state, TicketState::open);
  clock_.advance(hours{1});
  ASSERT_TRUE(claim(*desk_, ask(ada_), "Another one; removed too."));
  report("told late", clock_.now() - minutes{30});
  EXPECT_EQ(the_ticket().state, TicketState::claimed);
}

}  // namespace
}  // namespace abate::desk
