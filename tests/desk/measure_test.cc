// SPDX-License-Identifier: Apache-2.0
#include <sstream>
#include <thread>

#include "desk/desk_fixture.h"

namespace abate::desk {
namespace {

using std::chrono::hours;

class MeasureLaw : public DeskTest {
 protected:
  void enforce(EnforceMode mode, std::uint32_t brake = 10) {
    Policy policy = *desk_->policy.load();
    for (Terms& terms : policy.terms) {
      terms.enforce = mode;
      terms.brake = brake;
    }
    desk_->policy.store(std::make_shared<const Policy>(policy));
  }
  static MeasureAsk take(MeasureKind kind, bool deliberate = false) { return {kind, true, "because", deliberate, ""}; }
};

TEST_F(MeasureLaw, nothing_is_taken_before_the_deadline) {
  opened();
  EXPECT_EQ(decide_measure(*desk_, ask(lead_), take(MeasureKind::suspend)).error().fault, Fault::conflict);
  EXPECT_TRUE(enforcer_.orders.empty());
}

TEST_F(MeasureLaw, an_overdue_ticket_gets_a_proposal_that_a_person_approves) {
  opened();
  clock_.advance(hours{25});
  settle();
  EXPECT_EQ(count(EntryKind::overdue), 1U);
  EXPECT_EQ(count(EntryKind::measure_proposed), 1U);
  EXPECT_TRUE(enforcer_.orders.empty()) << "a proposal is not an order";
  const Principal analyst = Principal::person("analyst@example.net", Role::analyst);
  EXPECT_EQ(decide_measure(*desk_, ask(analyst), take(MeasureKind::limit_port25)).error().fault, Fault::refused);
  ASSERT_TRUE(decide_measure(*desk_, ask(lead_), take(MeasureKind::limit_port25)));
  settle();
  ASSERT_EQ(enforcer_.orders.size(), 1U);
  EXPECT_EQ(enforcer_.orders[0].key, "T-2026-000001.m1.on");
  EXPECT_EQ(the_ticket().measures[0].state, MeasureState::in_force);
}

TEST_F(MeasureLaw, automatic_policy_climbs_the_ladder_and_each_order_is_given_once) {
  enforce(EnforceMode::automatic);
  opened();
  clock_.advance(hours{25});
  settle();
  settle();
  EXPECT_EQ(enforcer_.orders.size(), 1U);
  clock_.advance(hours{25});
  settle();
  ASSERT_EQ(enforcer_.orders.size(), 2U);
  EXPECT_EQ(enforcer_.orders[1].measure, MeasureKind::suspend);
}

TEST_F(MeasureLaw, no_measure_while_the_notice_bounced) {
  enforce(EnforceMode::automatic);
  mailer_.answer = Error{Fault::refused, "550 no such user"};
  opened();
  EXPECT_EQ(the_ticket().notice, NoticeStanding::undelivered);
  EXPECT_EQ(count(EntryKind::notice_bounced), 1U);
  mailer_.answer.reset();  // the server takes the next one, which proves nothing after a bounce
  clock_.advance(hours{100});
  settle();
  EXPECT_TRUE(enforcer_.orders.empty());
  EXPECT_EQ(decide_measure(*desk_, ask(lead_), take(MeasureKind::suspend)).error().fault, Fault::conflict);
}

TEST_F(MeasureLaw, after_a_bounce_the_ladder_goes_on_a_whole_term_after_a_person_wrote_again) {
  enforce(EnforceMode::automatic);
  mailer_.answer = Error{Fault::refused, "550 mailbox full"};
  opened();
  mailer_.answer.reset();
  clock_.advance(hours{25});
  settle();
  EXPECT_EQ(the_ticket().notice, NoticeStanding::undelivered) << "the overdue notice was taken, and proves nothing";
  ASSERT_TRUE(reply(*desk_, ask(lead_), "We could not reach you: please look at your server."));
  settle();
  EXPECT_EQ(the_ticket().notice, NoticeStanding::delivered);
  clock_.advance(hours{23});
  settle();
  EXPECT_TRUE(enforcer_.orders.empty()) << "they learned of it only now";
  clock_.advance(hours{2});
  settle();
  EXPECT_EQ(enforcer_.orders.size(), 1U);
}

TEST_F(MeasureLaw, a_notice_that_arrives_after_the_deadline_leaves_a_whole_term) {
  enforce(EnforceMode::automatic);
  mailer_.answer = Error{Fault::unavailable, "the mail server is away"};
  opened();
  clock_.advance(hours{30});
  settle();
  EXPECT_EQ(count(EntryKind::overdue), 1U);
  EXPECT_TRUE(enforcer_.orders.empty());
  mailer_.answer.reset();
  clock_.advance(hours{2});
  settle();
  EXPECT_EQ(the_ticket().notice, NoticeStanding::delivered);
  clock_.advance(hours{23});
  settle();
  EXPECT_TRUE(enforcer_.orders.empty()) << "they learned of it only now";
  clock_.advance(hours{2});
  settle();
  EXPECT_EQ(enforcer_.orders.size(), 1U);
}

TEST_F(MeasureLaw, after_a_bounce_a_notice_to_a_corrected_address_counts) {
  enforce(EnforceMode::automatic);
  mailer_.answer = Error{Fault::refused, "550 no such user"};
  opened();
  mailer_.answer.reset();
  std::istringstream corrected{
      "range,from,until,service_id,service_name,customer_id,customer_name,customer_email\n"
      "203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,new@example.net\n"};
  ASSERT_TRUE(import_ledger(*store_, corrected, false));
  clock_.advance(hours{25});
  settle();
  EXPECT_EQ(mailer_.sent.front().recipient, "new@example.net");
  EXPECT_EQ(the_ticket().notice, NoticeStanding::delivered);
  EXPECT_TRUE(enforcer_.orders.empty());
  clock_.advance(hours{25});
  settle();
  EXPECT_EQ(enforcer_.orders.size(), 1U);
}

TEST_F(MeasureLaw, whoever_answers_after_a_bounce_is_not_suspended_the_same_moment) {
  enforce(EnforceMode::automatic);
  mailer_.answer = Error{Fault::refused, "550 no such user"};
  opened();
  clock_.advance(hours{25});
  settle();
  ASSERT_TRUE(reply(*desk_, ask(ada_), "What is this about?"));
  settle();
  EXPECT_EQ(the_ticket().notice, NoticeStanding::delivered);
  EXPECT_TRUE(enforcer_.orders.empty());
}

TEST_F(MeasureLaw, the_brake_turns_automatic_measures_into_proposals) {
  enforce(EnforceMode::automatic, 0);
  opened();
  clock_.advance(hours{25});
  settle();
  EXPECT_TRUE(enforcer_.orders.empty());
  EXPECT_EQ(count(EntryKind::measure_proposed), 1U);
}

TEST_F(MeasureLaw, deliberate_abuse_is_a_named_persons_decision_and_terminating_wants_the_service_again) {
  opened();
  ASSERT_TRUE(decide_measure(*desk_, ask(lead_), take(MeasureKind::suspend, true)));
  const Principal token = Principal::token("panel", Scope::desk);
  EXPECT_EQ(decide_measure(*desk_, ask(token), take(MeasureKind::terminate, true)).error().fault, Fault::refused);
  MeasureAsk last = take(MeasureKind::terminate, true);
  EXPECT_EQ(decide_measure(*desk_, ask(lead_), last).error().fault, Fault::malformed);
  last.confirm = "vps-1";
  EXPECT_TRUE(decide_measure(*desk_, ask(lead_), last));
}

TEST_F(MeasureLaw, an_order_that_fails_is_tried_again_with_the_same_key) {
  opened();
  clock_.advance(hours{25});
  settle();
  ASSERT_TRUE(decide_measure(*desk_, ask(lead_), take(MeasureKind::limit_port25)));
  enforcer_.answer = Error{Fault::unavailable, "503"};
  settle();
  EXPECT_EQ(the_ticket().measures[0].state, MeasureState::approved);
  enforcer_.answer.reset();
  clock_.advance(std::chrono::seconds{5});
  settle();
  ASSERT_EQ(enforcer_.orders.size(), 1U);
  EXPECT_EQ(the_ticket().measures[0].state, MeasureState::in_force);
}

TEST_F(MeasureLaw, what_was_sent_is_sent_once_though_the_store_went_away_before_it_was_entered) {
  FullStore away{*store_};
  struct Sending final : Mailer {  // the store goes away while the mail is under way
    FullStore* store = nullptr;
    std::atomic<int> sent{0};
    Result<void> send(const std::string&, const std::string&, const std::string&) override {
      ++sent;
      store->full = true;
      return {};
    }
  } sending;
  sending.store = &away;
  report("first", clock_.now());
  ASSERT_TRUE(open_ticket(*desk_, ask(lead_)));
  Desk other{away, clock_, bell_, *desk_->provider.load()};
  other.policy.store(desk_->policy.load());
  Courier courier{other, Carriers{{std::shared_ptr<void>{}, &sending}, {}}, [](const Ticket&) { return "{}"; }};
  std::thread back{[&] {
    while (sending.sent == 0 || !away.full) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds{50});  // long enough for an attempt that fails
    away.full = false;
    bell_.ring(Bell::Topic::outbox);
  }};
  EXPECT_EQ(courier.deliver_some("other"), 1U);
  back.join();
  EXPECT_EQ(sending.sent, 1);
  EXPECT_EQ(count(EntryKind::notice_sent), 1U);
  EXPECT_EQ(the_ticket().notice, NoticeStanding::delivered);
}

TEST_F(MeasureLaw, closing_lifts_what_is_in_force_with_a_key_of_its_own) {
  opened();
  ASSERT_TRUE(decide_measure(*desk_, ask(lead_), take(MeasureKind::suspend, true)));
  settle();
  ASSERT_TRUE(claim(*desk_, ask(ada_), "fixed"));
  ASSERT_TRUE(accept_claim(*desk_, ask(lead_), "checked"));
  settle();
  ASSERT_EQ(enforcer_.orders.size(), 2U);
  EXPECT_FALSE(enforcer_.orders[1].on);
  EXPECT_NE(enforcer_.orders[1].key, enforcer_.orders[0].key);
  EXPECT_EQ(the_ticket().measures[0].state, MeasureState::lifted);
}

TEST_F(MeasureLaw, what_a_person_lifted_is_not_taken_again_before_a_whole_pause) {
  enforce(EnforceMode::automatic);
  opened();
  clock_.advance(hours{25});
  settle();
  clock_.advance(hours{25});
  settle();
  ASSERT_EQ(enforcer_.orders.size(), 2U) << "limit_port25, then suspend";
  clock_.advance(hours{72});  // the pause after the last step is long over
  ASSERT_TRUE(decide_measure(*desk_, ask(lead_), {MeasureKind::suspend, false, "they are at work on it", false, ""}));
  settle();
  clock_.advance(hours{23});
  settle();
  EXPECT_EQ(enforcer_.orders.size(), 3U) << "lifted, and nothing more";
  clock_.advance(hours{2});
  settle();
  ASSERT_EQ(enforcer_.orders.size(), 4U) << "still overdue: the ladder goes on";
  EXPECT_EQ(enforcer_.orders[3].measure, MeasureKind::suspend);
}

TEST_F(MeasureLaw, what_could_not_be_lifted_is_still_in_force_and_can_be_lifted_again) {
  opened();
  ASSERT_TRUE(decide_measure(*desk_, ask(lead_), take(MeasureKind::suspend, true)));
  settle();
  const MeasureAsk off{MeasureKind::suspend, false, "sorted out", false, ""};
  ASSERT_TRUE(decide_measure(*desk_, ask(lead_), off));
  enforcer_.answer = Error{Fault::unavailable, "the panel is away"};
  for (std::uint32_t tries = 0; tries <= kTriesMax; ++tries) {
    settle();
    clock_.advance(hours{2});
  }
  ASSERT_EQ(count(EntryKind::measure_failed), 1U);
  EXPECT_EQ(the_ticket().measures.back().state, MeasureState::in_force);
  enforcer_.answer.reset();
  ASSERT_TRUE(decide_measure(*desk_, ask(lead_), off));
  settle();
  ASSERT_EQ(enforcer_.orders.size(), 2U);
  EXPECT_EQ(enforcer_.orders[1].key, "T-2026-000001.m3.off") << "m2 is what the ladder proposed meanwhile";
  EXPECT_EQ(the_ticket().measures.back().state, MeasureState::lifted);
}

TEST_F(MeasureLaw, mail_is_tried_again_and_the_message_id_stays) {
  mailer_.answer = Error{Fault::unavailable, "connection refused"};
  opened();
  EXPECT_EQ(the_ticket().notice, NoticeStanding::queued);
  mailer_.answer.reset();
  clock_.advance(std::chrono::seconds{5});
  settle();
  ASSERT_EQ(mailer_.sent.size(), 1U);
  EXPECT_EQ(the_ticket().notice, NoticeStanding::delivered);
}

TEST_F(MeasureLaw, the_courier_says_who_is_away_and_since_when) {
  mailer_.answer = Error{Fault::unavailable, "no connection"};
  enforce(EnforceMode::automatic);
  opened();
  const Instant first = clock_.now();
  EXPECT_TRUE(courier_->standings().at("smtp").away);
  EXPECT_EQ(courier_->standings().at("smtp").why, "no connection");
  clock_.advance(std::chrono::minutes{1});
  settle();
  EXPECT_EQ(courier_->standings().at("smtp").since, first) << "still the same absence";
  mailer_.answer = Error{Fault::refused, "550 no such user"};
  clock_.advance(std::chrono::minutes{1});
  settle();
  EXPECT_FALSE(courier_->standings().at("smtp").away) << "a server that refuses is there";
  EXPECT_FALSE(courier_->standings().contains("enforcer:panel")) << "never tried";
}

TEST_F(MeasureLaw, other_carriers_are_used_from_the_next_item_on) {
  mailer_.answer = Error{Fault::unavailable, "no connection"};
  opened();
  ASSERT_TRUE(mailer_.sent.empty());
  FakeMailer other;
  courier_->use({{std::shared_ptr<void>{}, &other}, {}});
  clock_.advance(std::chrono::minutes{1});
  settle();
  EXPECT_EQ(other.sent.size(), 1U);
  EXPECT_TRUE(mailer_.sent.empty());
}

}  // namespace
}  // namespace abate::desk
