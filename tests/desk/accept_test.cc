// SPDX-License-Identifier: Apache-2.0
#include "desk/desk_fixture.h"

namespace abate::desk {
namespace {

class Refusal : public DeskTest {
 protected:
  Result<Kept> arrives(const std::string& bytes) {
    NewArrival arrival;
    arrival.bytes = bytes;
    return refusing_.accept_and_wait(std::move(arrival));
  }
  FullStore full_store_{*store_};
  Intake refusing_{full_store_, clock_, bell_, "full"};
};

TEST_F(Refusal, is_told_until_something_is_kept_again) {
  EXPECT_TRUE(arrives("one"));
  EXPECT_TRUE(refusing_.standing());
  full_store_.full = true;
  EXPECT_FALSE(arrives("two"));
  ASSERT_FALSE(refusing_.standing());
  EXPECT_EQ(refusing_.standing().error().what, "the disk is full");
  full_store_.full = false;
  EXPECT_TRUE(arrives("two"));
  EXPECT_TRUE(refusing_.standing());
}

TEST_F(Refusal, that_is_long_ago_says_nothing_about_now) {
  full_store_.full = true;
  EXPECT_FALSE(arrives("one"));
  clock_.advance(kRefusalTold);
  EXPECT_TRUE(refusing_.standing());
}

}  // namespace
}  // namespace abate::desk
