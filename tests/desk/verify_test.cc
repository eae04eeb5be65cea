// SPDX-License-Identifier: Apache-2.0
#include "desk/verify.h"

#include <sstream>

#include "desk/desk_fixture.h"

namespace abate::desk {
namespace {

struct FakeProber final : Prober {
  std::vector<ProbeTask> asked;
  ProbeOutcome outcome = ProbeOutcome::gone;
  std::vector<ProbeSeen> probe(const ProbeTask& task) override {
    asked.push_back(task);
    return {{.outcome = outcome, .tried = "asked the mail server", .seen = "554 Relay access denied", .sha256 = {}}};
  }
};

class Verify : public DeskTest {
 protected:
  Verify() { use(ProbeMode::record); }

  void use(ProbeMode mode) {
    Policy policy;
    for (Terms& terms : policy.terms) terms.probe = mode;
    desk_->policy.store(std::make_shared<const Policy>(policy));
  }
  void probe_all() {
    for (int i = 0; i < 20; ++i) {
      const Result<bool> did = runner_.tick("n/probe-0");
      ASSERT_TRUE(did) << did.error().what;
      if (!*did) return;
    }
  }
  void claimed() {
    opened();
    ASSERT_TRUE(claim(*desk_, ask(ada_), "It is fixed"));
  }
  std::string last(EntryKind kind) {
    std::string body;
    for (const Entry& entry : entries())
      if (entry.kind == kind) body = entry.body;
    return body;
  }
  void give_address_to(const std::string& service) {
    std::istringstream csv{
        "range,from,until,service_id,service_name,customer_id,customer_name,customer_email\n"
        "203.0.113.10,2026-01-01T00:00:00Z,,"};
    std::istringstream whole{csv.str() + service + ",n,c-2,Bob,bob@example.net\n"};
    ASSERT_TRUE(import_ledger(*store_, whole, false));
    ASSERT_TRUE(refresh_ledger(*desk_));
  }

  std::shared_ptr<FakeProber> prober_ = std::make_shared<FakeProber>();
  ProbeRunner runner_{*desk_, prober_, {.threads = 1, .pause = std::chrono::milliseconds{0}}};
};

TEST_F(Verify, a_claim_is_tried_from_outside_and_the_result_is_an_entry) {
  claimed();
  probe_all();
  ASSERT_EQ(prober_->asked.size(), 1U);
  EXPECT_EQ(prober_->asked[0].kind, "open_relay");
  EXPECT_EQ(prober_->asked[0].address.to_string(), "203.0.113.10");
  EXPECT_EQ(count(EntryKind::probe), 1U);
  const std::string body = last(EntryKind::probe);
  for (const std::string_view part : {R"("outcome":"gone")", R"("why":"claim")", "Relay access denied"})
    EXPECT_NE(body.find(part), std::string::npos) << body;
  EXPECT_EQ(the_ticket().state, TicketState::claimed) << "a person closes";
  probe_all();
  EXPECT_EQ(prober_->asked.size(), 1U) << "once";
}

TEST_F(Verify, a_live_harm_is_only_recorded_unless_policy_says_refuse) {
  prober_->outcome = ProbeOutcome::live;
  claimed();
  probe_all();
  EXPECT_EQ(the_ticket().state, TicketState::claimed);
  EXPECT_EQ(count(EntryKind::probe), 1U);
  EXPECT_EQ(count(EntryKind::refused), 0U);
}

TEST_F(Verify, with_refuse_a_live_harm_sends_the_claim_back_with_its_reason_and_takes_no_measure) {
  use(ProbeMode::refuse);
  prober_->outcome = ProbeOutcome::live;
  claimed();
  const auto left = the_ticket().fix_left;
  probe_all();
  EXPECT_EQ(the_ticket().state, TicketState::open);
  EXPECT_EQ(the_ticket().fix_by, clock_.now() + *left) << "the clock goes on where it stood";
  EXPECT_NE(last(EntryKind::refused).find("A check from outside"), std::string::npos) << last(EntryKind::refused);
  EXPECT_TRUE(the_ticket().measures.empty());
  const std::size_t mails = mailer_.sent.size();
  settle();
  ASSERT_GT(mailer_.sent.size(), mails);
  EXPECT_NE(mailer_.sent.back().message.find("A check from outside"), std::string::npos);
}

TEST_F(Verify, unclear_and_not_probed_never_refuse) {
  use(ProbeMode::refuse);
  for (const ProbeOutcome outcome : {ProbeOutcome::unclear, ProbeOutcome::not_probed}) {
    prober_->outcome = outcome;
    if (outcome == ProbeOutcome::unclear) {
      opened();
    } else {
      ASSERT_TRUE(refuse_claim(*desk_, ask(lead_), "again"));
    }
    ASSERT_TRUE(claim(*desk_, ask(ada_), "It is fixed"));
    probe_all();
    EXPECT_EQ(the_ticket().state, TicketState::claimed);
  }
}

TEST_F(Verify, with_off_nothing_is_tried) {
  use(ProbeMode::off);
  claimed();
  probe_all();
  EXPECT_TRUE(prober_->asked.empty());
}

TEST_F(Verify, an_address_that_moved_to_another_service_is_never_spoken_to) {
  claimed();
  give_address_to("vps-2");
  probe_all();
  EXPECT_TRUE(prober_->asked.empty());
  EXPECT_NE(last(EntryKind::probe).find("not_probed"), std::string::npos) << "and that is said";
}

TEST_F(Verify, in_probation_it_is_tried_again_until_that_ends) {
  claimed();
  probe_all();
  ASSERT_TRUE(accept_claim(*desk_, ask(lead_), "checked"));
  probe_all();
  EXPECT_EQ(prober_->asked.size(), 1U) << "not at once";
  clock_.advance(kFirstProbation);
  probe_all();
  EXPECT_EQ(prober_->asked.size(), 2U);
  EXPECT_NE(last(EntryKind::probe).find(R"("why":"probation")"), std::string::npos);
  for (int day = 0; day < 10; ++day) {
    clock_.advance(kNextProbation);
    probe_all();
  }
  EXPECT_EQ(prober_->asked.size(), 8U) << "seven days of probation";
}

TEST_F(Verify, harm_that_is_back_in_probation_opens_the_case_again_where_policy_says_so) {
  use(ProbeMode::refuse);
  claimed();
  probe_all();
  ASSERT_TRUE(accept_claim(*desk_, ask(lead_), "checked"));
  prober_->outcome = ProbeOutcome::live;
  clock_.advance(kFirstProbation);
  probe_all();
  EXPECT_EQ(the_ticket().state, TicketState::open);
  EXPECT_EQ(count(EntryKind::reopened), 1U);
  EXPECT_TRUE(the_ticket().measures.empty());
}

TEST_F(Verify, what_was_decided_meanwhile_is_not_tried_any_more) {
  claimed();
  ASSERT_TRUE(refuse_claim(*desk_, ask(lead_), "no"));
  probe_all();
  EXPECT_TRUE(prober_->asked.empty());
  EXPECT_EQ(count(EntryKind::probe), 0U);
}

TEST_F(Verify, a_desk_that_does_not_probe_schedules_nothing) {
  ProbeRunner none{*desk_, nullptr, {}};
  claimed();
  const auto due = in_read(*store_, [](Transaction& store) { return store.earliest_probe_due(); });
  ASSERT_TRUE(due);
  EXPECT_FALSE(*due);
}

TEST_F(Verify, a_ticket_whose_prober_never_came_back_is_given_up) {
  claimed();
  for (std::uint32_t i = 0; i < kProbeTriesMax; ++i) {  // each time the node dies with it in hand
    const auto due = in_write(*store_, [&](Transaction& store) {
      return store.claim_probes(1, "dead/probe-0", clock_.now(), clock_.now() + kProbeLease);
    });
    ASSERT_EQ(due->size(), 1U);
    EXPECT_FALSE(*runner_.tick("n/probe-0")) << "it is leased";
    clock_.advance(kProbeLease);
  }
  probe_all();
  EXPECT_TRUE(prober_->asked.empty());
}

}  // namespace
}  // namespace abate::desk
