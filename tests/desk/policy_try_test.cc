// SPDX-License-Identifier: Apache-2.0
#include "desk/policy_try.h"

#include "desk/desk_fixture.h"

namespace abate::desk {
namespace {

using std::chrono::hours;

class PolicyTried : public DeskTest {
 protected:
  PolicyTrial the_trial(const Policy& policy) {
    const auto trials = try_policy(*store_, policy, std::nullopt, clock_.now());
    EXPECT_TRUE(trials && trials->size() == 1);
    return trials && !trials->empty() ? trials->front() : PolicyTrial{};
  }
};

TEST_F(PolicyTried, the_policy_in_use_gives_what_happened) {
  opened();
  clock_.advance(hours{25});
  settle();
  const PolicyTrial trial = the_trial(*desk_->policy.load());
  EXPECT_TRUE(trial.was.opened);
  ASSERT_EQ(trial.would.measures.size(), 1U);
  EXPECT_TRUE(trial.would.measures[0].starts_with("limit_port25 proposed"));
}

TEST_F(PolicyTried, shorter_terms_would_have_suspended_whoever_was_slow_and_nothing_is_written) {
  opened();
  clock_.advance(hours{5});
  ASSERT_TRUE(claim(*desk_, ask(ada_), "fixed"));
  Policy strict = *desk_->policy.load();
  for (Terms& terms : strict.terms) {
    terms.respond_within = terms.fix_within = hours{2};
    terms.enforce = EnforceMode::automatic;
    terms.ladder = {MeasureKind::suspend};
  }
  const PolicyTrial trial = the_trial(strict);
  EXPECT_TRUE(trial.was.measures.empty());
  EXPECT_EQ(trial.would.measures, std::vector<std::string>{"suspend taken at 2026-03-01T14:00:00Z"});
  EXPECT_TRUE(the_ticket().measures.empty());
}

TEST_F(PolicyTried, a_review_that_ended_in_dismissal_opens_only_under_automatic_and_only_when_authenticated) {
  report("first", clock_.now());
  ASSERT_TRUE(dismiss_ticket(*desk_, ask(lead_), "a mistake"));
  Policy eager = *desk_->policy.load();
  for (Terms& terms : eager.terms) terms.open = OpenMode::automatic;
  EXPECT_FALSE(the_trial(eager).would.opened);
}

}  // namespace
}  // namespace abate::desk
