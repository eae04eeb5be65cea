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

class FilesLeftAlone : public DeskTest {
 protected:
  // Its name would make an incident of it, and the reader below sees one in everything.
  Report what_comes_of(Channel channel) {
    reader_.next.outcome = Outcome::read;
    Incident incident;
    incident.source_ip = *parse_ip("203.0.113.10");
    reader_.next.incidents = {incident};
    NewArrival arrival;
    arrival.channel = channel;
    arrival.content_type = kLeftAloneType;
    arrival.bytes = "The file /feeds/spam-from-203.0.113.10.csv was left alone";
    EXPECT_TRUE(intake_->accept_and_wait(std::move(arrival)));
    EXPECT_EQ(ReadLine::read_some(*desk_, reader_, nullptr, "me").value_or(99), 1U);
    const auto listed = in_read(*store_, [](Transaction& t) { return t.reports({}, {{}, 10}); });
    EXPECT_TRUE(listed && listed->items.size() == 1);
    return listed->items.at(0);
  }
};

TEST_F(FilesLeftAlone, stand_in_a_persons_queue_by_name_and_are_never_read) {
  const Report report = what_comes_of(Channel::feed);
  EXPECT_EQ(report.status, ReportStatus::unreadable);
  EXPECT_TRUE(report.needs_person);
  EXPECT_EQ(report.reason, "The file /feeds/spam-from-203.0.113.10.csv was left alone");
}

TEST_F(FilesLeftAlone, are_said_by_the_readers_of_folders_only) {
  EXPECT_EQ(what_comes_of(Channel::http).status, ReportStatus::read) << "a sender may write any content type";
}

}  // namespace
}  // namespace abate::desk
