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

  void believe_only_the_proved() {
    Policy policy = *desk_->policy.load();
    for (Terms& terms : policy.terms) terms.refuse = RefuseMode::authenticated;
    desk_->policy.store(std::make_shared<const Policy>(policy));
  }
  // A second ticket of the same service and category.
  std::string split_off(const std::string& incident) {
    const std::string first = the_ticket().id;
    EXPECT_TRUE(split_ticket(*desk_, ask(lead_), {incident}, "another matter"));
    const auto listed = see_tickets(*desk_, lead_, {}, {});
    for (const Ticket& ticket : listed->items)
      if (ticket.id != first) return ticket.id;
    return "";
  }
  Result<Ticket> merge(const std::string& from, const std::string& into) {
    return merge_ticket(*desk_, {lead_, from, see_ticket(*desk_, lead_, from)->version}, into, "one matter");
  }
  Result<Ticket> say_fixed(const std::string& id) {
    return claim(*desk_, {ada_, id, see_ticket(*desk_, ada_, id)->version}, "Removed.");
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

TEST_F(Claims, policy_may_take_only_the_word_of_a_proved_reporter) {
  believe_only_the_proved();
  claimed();
  report("somebody says so", clock_.now() - minutes{30});
  ASSERT_EQ(the_ticket().state, TicketState::claimed);
  EXPECT_EQ(count(EntryKind::refused), 0U);
  const auto own = see_entries(*desk_, ada_, the_ticket().id, Page{{}, kPageMax});
  for (const Entry& entry : own->items) EXPECT_EQ(entry.body.find("word"), std::string::npos) << "the team's note";
  report("the loop itself", clock_.now() - minutes{20}, "dkim:example.org");
  EXPECT_EQ(the_ticket().state, TicketState::open);
  EXPECT_NE(refusal().body.find("17:40 UTC"), std::string::npos) << refusal().body;
}

TEST_F(Claims, a_reporter_with_a_bad_record_is_not_believed) {
  believe_only_the_proved();
  Policy policy = *desk_->policy.load();
  for (Terms& terms : policy.terms) terms.record_right = 2;
  desk_->policy.store(std::make_shared<const Policy>(policy));
  claimed();
  report("again", clock_.now() - minutes{30}, "dkim:example.org");
  EXPECT_EQ(the_ticket().state, TicketState::claimed);
}

TEST_F(Claims, what_did_not_refuse_by_itself_is_weighed_before_the_claim_is_accepted) {
  believe_only_the_proved();
  claimed();
  EXPECT_TRUE(see_incidents_to_weigh(*desk_, lead_, the_ticket().id)->empty());
  report("late news", claimed_at_ - hours{1});
  const std::string first = report("somebody says so", clock_.now() - minutes{30}) + ".1";
  const std::string second = report("and another", clock_.now() - minutes{20}) + ".1";
  EXPECT_EQ(*see_incidents_to_weigh(*desk_, lead_, the_ticket().id), (std::vector{second, first}));
  EXPECT_FALSE(see_incidents_to_weigh(*desk_, ada_, the_ticket().id)) << "the team's";
  std::string note;
  for (const Entry& entry : entries())
    if (entry.kind == EntryKind::note && note.empty()) note = entry.body;
  EXPECT_NE(note.find(first), std::string::npos) << note;

  for (const std::vector<std::string>& weighed : {std::vector<std::string>{}, {first}, {"R-none.1"}}) {
    const Result<Ticket> accepted = accept_claim(*desk_, ask(lead_), "looks good", weighed);
    ASSERT_FALSE(accepted);
    EXPECT_EQ(accepted.error().fault, Fault::conflict);
    EXPECT_NE(accepted.error().what.find(second), std::string::npos) << accepted.error().what;
  }
  ASSERT_EQ(the_ticket().state, TicketState::claimed);
  ASSERT_TRUE(accept_claim(*desk_, ask(lead_), "both are copies of old mails", {first, second}));
  EXPECT_EQ(the_ticket().state, TicketState::closed);
  for (const Entry& entry : entries())
    if (entry.kind == EntryKind::accepted) note = entry.body;
  EXPECT_NE(note.find(first), std::string::npos) << "who accepted says what was weighed: " << note;
}

TEST_F(Claims, sent_back_and_claimed_again_nothing_is_left_to_weigh) {
  believe_only_the_proved();
  claimed();
  report("somebody says so", clock_.now() - minutes{30});
  ASSERT_TRUE(refuse_claim(*desk_, ask(lead_), "it goes on"));
  clock_.advance(hours{1});
  ASSERT_TRUE(claim(*desk_, ask(ada_), "Another one; removed too."));
  EXPECT_TRUE(see_incidents_to_weigh(*desk_, lead_, the_ticket().id)->empty());
  EXPECT_TRUE(accept_claim(*desk_, ask(lead_), "checked"));
}

TEST_F(Claims, harm_that_a_merged_ticket_tells_of_refuses_the_claim) {
  opened();
  const std::string first = the_ticket().id;
  const std::string second = split_off(report("second", clock_.now()) + ".1");
  ASSERT_TRUE(open_ticket(*desk_, {lead_, second, see_ticket(*desk_, lead_, second)->version}));
  clock_.advance(hours{1});
  ASSERT_TRUE(say_fixed(first));
  clock_.advance(hours{2});
  report("joins the newer ticket", clock_.now() - hours{1});
  ASSERT_EQ(see_ticket(*desk_, lead_, second)->incident_count, 2U);
  ASSERT_TRUE(say_fixed(second));
  ASSERT_EQ(see_ticket(*desk_, lead_, first)->state, TicketState::claimed);
  ASSERT_TRUE(merge(second, first));
  const Ticket ticket = *see_ticket(*desk_, lead_, first);
  EXPECT_EQ(ticket.state, TicketState::open);
  EXPECT_FALSE(ticket.claimed_at);
  EXPECT_EQ(ticket.incident_count, 3U);
  const auto thread = see_entries(*desk_, lead_, first, Page{{}, kPageMax});
  EXPECT_TRUE(std::ranges::find(thread->items, EntryKind::refused, &Entry::kind) != thread->items.end());
}

TEST_F(Claims, merged_into_a_claim_that_came_after_all_harm_nothing_is_refused) {
  opened();
  const std::string first = the_ticket().id;
  const std::string second = split_off(report("second", clock_.now()) + ".1");
  ASSERT_TRUE(open_ticket(*desk_, {lead_, second, see_ticket(*desk_, lead_, second)->version}));
  clock_.advance(hours{1});
  ASSERT_TRUE(say_fixed(second));
  clock_.advance(hours{2});
  ASSERT_TRUE(say_fixed(first));
  ASSERT_TRUE(merge(second, first));
  EXPECT_EQ(see_ticket(*desk_, lead_, first)->state, TicketState::claimed);
}

TEST_F(Claims, a_merged_ticket_speaks_with_the_voice_of_its_reporters) {
  believe_only_the_proved();
  opened();
  const std::string first = the_ticket().id;
  const std::string second = split_off(report("second", clock_.now()) + ".1");
  clock_.advance(hours{1});
  ASSERT_TRUE(say_fixed(first));
  clock_.advance(hours{2});
  const std::string told = report("joins the newer ticket", clock_.now() - hours{1}) + ".1";
  ASSERT_TRUE(merge(second, first));
  EXPECT_EQ(see_ticket(*desk_, lead_, first)->state, TicketState::claimed);
  EXPECT_EQ(*see_incidents_to_weigh(*desk_, lead_, first), std::vector{told});
}

}  // namespace
}  // namespace abate::desk
