// SPDX-License-Identifier: Apache-2.0
#include "reply/reply_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace abate::reply {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Reply sample() {
  Reply reply;
  reply.ticket = "T-2026-000001";
  reply.cause = {{"A stranger sent a file", Standing::proved, {"f1"}}};
  reply.done = {{"Removed /var/www/x.php", Standing::proved, {"a1", "p1"}}, {"I told the club", Standing::claimed, {}}};
  reply.text = reply_text(reply);
  return reply;
}

TEST(ReplyText, read_back_unchanged_is_the_same_reply) {
  const Reply before = sample();
  const Reply after = edited(before, before.text);
  EXPECT_EQ(after.text, before.text);
  ASSERT_EQ(after.done.size(), 2U);
  EXPECT_EQ(after.done[0].proof, before.done[0].proof);
  EXPECT_EQ(after.done[0].standing, Standing::proved);
  EXPECT_THAT(after.prevention, IsEmpty());
}

TEST(ReplyText, a_changed_sentence_is_claimed_whatever_label_is_left_behind_it) {
  std::string text = sample().text;
  text.replace(text.find("A stranger"), 10, "Somebody  ");
  const Reply after = edited(sample(), text);
  ASSERT_EQ(after.cause.size(), 1U);
  EXPECT_EQ(after.cause[0].standing, Standing::claimed);
  EXPECT_THAT(after.cause[0].proof, IsEmpty());
  EXPECT_THAT(after.text, HasSubstr("sent a file [claimed]"));
  EXPECT_THAT(edited(sample(), "- It never happened [proved]\n").text, Not(HasSubstr("[proved]")));
}

TEST(ReplyText, a_sentence_in_another_part_keeps_its_proof_and_a_new_one_is_claimed) {
  const Reply after =
      edited(sample(),
             "# leave the titles\nWhat keeps it from happening again\n- Removed /var/www/x.php [proved]\n"
             "Updates come every night\n  and by themselves\n\nHello\n");
  EXPECT_THAT(after.cause, IsEmpty());
  ASSERT_EQ(after.prevention.size(), 2U) << after.text;
  EXPECT_EQ(after.prevention[0].standing, Standing::claimed) << "a line without a dash goes on with the one before it";
  const Reply apart = edited(sample(), "WHAT WAS DONE\n- Removed /var/www/x.php\n\nUpdates come every night\n");
  ASSERT_EQ(apart.done.size(), 2U);
  EXPECT_EQ(apart.done[0].proof, (std::vector<std::string>{"a1", "p1"}));
  EXPECT_EQ(apart.done[1].says, "Updates come every night");
}

TEST(ReplyText, text_of_any_size_and_shape_is_read) {
  std::string huge;
  for (int n = 0; n < 3000; ++n) huge += "- x\n";
  EXPECT_EQ(edited(sample(), huge).cause.size(), kStatementsMax);
  for (const std::string_view odd : {"", "\n\n", "-", "- [proved]", "[claimed]", "\xff\xfe\n- \x1b[2J"})
    for (const Part part : kParts) EXPECT_LE(part_of(edited(sample(), odd), part).size(), 2U);
}

TEST(ReplyText, a_claim_joins_its_part) {
  Reply reply = sample();
  claim(reply, Part::prevention, "  Updates come every night. ");
  claim(reply, Part::prevention, "  ");
  ASSERT_EQ(reply.prevention.size(), 1U);
  EXPECT_THAT(reply.text, HasSubstr("- Updates come every night. [claimed]\n"));
}

}  // namespace
}  // namespace abate::reply
