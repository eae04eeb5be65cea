// SPDX-License-Identifier: Apache-2.0
#include "desk/desk_fixture.h"

namespace abate::desk {
namespace {

class Deaths : public DeskTest {
 protected:
  void keep(int count) {
    for (int n = 0; n < count; ++n) {
      NewArrival arrival;
      arrival.bytes = fmt::format("report {}", n);
      ASSERT_TRUE(intake_->accept_and_wait(std::move(arrival)));
    }
  }
  // A node claims what there is and dies; its leases run out.
  void somebody_dies_over(std::size_t count) {
    const Instant now = clock_.now();
    ASSERT_TRUE(
        in_write(*store_, [&](Transaction& t) { return t.claim_unread(count, "dead", now, now + kReadLease); }));
    clock_.advance(kReadLease);
  }
  std::size_t read_some() { return ReadLine::read_some(*desk_, reader_, nullptr, "me").value_or(99); }
};

TEST_F(Deaths, do_not_condemn_the_batch_that_was_in_hand) {
  keep(3);
  somebody_dies_over(3);
  EXPECT_EQ(read_some(), 3U) << "once is no pattern";
}

TEST_F(Deaths, that_come_twice_have_each_report_read_alone) {
  keep(3);
  somebody_dies_over(3);
  somebody_dies_over(3);
  for (int n = 0; n < 3; ++n) EXPECT_EQ(read_some(), 1U);
  EXPECT_EQ(read_some(), 0U);
}

TEST_F(Deaths, over_one_report_alone_again_and_again_leave_it_to_a_person) {
  keep(1);
  for (std::uint32_t n = 0; n < kReadTriesMax; ++n) somebody_dies_over(1);
  EXPECT_EQ(read_some(), 1U);
  const auto listed = in_read(*store_, [](Transaction& t) { return t.reports({}, {{}, 10}); });
  ASSERT_TRUE(listed && listed->items.size() == 1);
  EXPECT_EQ(listed->items[0].status, ReportStatus::unreadable);
  EXPECT_NE(listed->items[0].reason.find("6 times"), std::string::npos) << listed->items[0].reason;
}

}  // namespace
}  // namespace abate::desk
