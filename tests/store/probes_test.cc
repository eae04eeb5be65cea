// SPDX-License-Identifier: Apache-2.0
#include "store/store_fixture.h"

namespace abate::store {
namespace {

using desk::DueProbe;
using desk::Transaction;

constexpr Duration kMinute = std::chrono::minutes{1};

class Probes : public OnBothEngines {
 protected:
  void schedule(const std::string& ticket, ProbeWhy why, Instant at) {
    write([&](Transaction& t) { return t.schedule_probe(ticket, why, at); });
  }
  std::vector<DueProbe> take(Instant now, const std::string& owner = "n/probe-0") {
    return write([&](Transaction& t) { return t.claim_probes(10, owner, now, now + kMinute); });
  }
};

TEST_P(Probes, what_is_due_is_given_once_until_its_lease_ends) {
  schedule("T-1", ProbeWhy::claim, kNow);
  schedule("T-1", ProbeWhy::probation, kNow + 5 * kMinute);
  EXPECT_TRUE(take(kNow - kMinute).empty());
  const auto first = take(kNow);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].why, ProbeWhy::claim);
  EXPECT_EQ(first[0].tries, 0U);
  EXPECT_TRUE(take(kNow).empty());
  const auto again = take(kNow + kMinute);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].tries, 1U);
  write([&](Transaction& t) { return t.probe_done(again[0]); });
  EXPECT_EQ(take(kNow + 5 * kMinute).size(), 1U) << "the other reason stands";
}

TEST_P(Probes, one_that_was_scheduled_anew_is_not_ended_by_the_former) {
  schedule("T-1", ProbeWhy::claim, kNow);
  const auto former = take(kNow);
  schedule("T-1", ProbeWhy::claim, kNow + kMinute);
  write([&](Transaction& t) { return t.probe_done(former.at(0)); });
  EXPECT_EQ(take(kNow + kMinute).size(), 1U);
}

TEST_P(Probes, a_node_that_starts_again_takes_up_what_it_had_in_hand) {
  schedule("T-1", ProbeWhy::claim, kNow);
  schedule("T-2", ProbeWhy::claim, kNow);
  ASSERT_EQ(take(kNow).size(), 2U);
  write([&](Transaction& t) { return t.release_leases("other/"); });
  EXPECT_TRUE(take(kNow).empty());
  write([&](Transaction& t) { return t.release_leases("n/"); });
  EXPECT_EQ(take(kNow).size(), 2U);
}

ON_BOTH_ENGINES(Probes);

}  // namespace
}  // namespace abate::store
