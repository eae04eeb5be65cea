// SPDX-License-Identifier: Apache-2.0
#include "reply/write_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/schema.h"
#include "wire/reply_json.h"

namespace abate::reply {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr Instant kThen{Duration{1'780'000'000'000'000}};
constexpr Instant kNow{Duration{1'790'000'000'000'000}};

struct Case {
  sweep::Host host;
  Diagnosis diagnosis;
  Plan plan;
  std::vector<remedy::Stands> stands;
  std::vector<Finding> findings;
  Claims claims;
  remedy::NamedFindings answers;
  Reply reply() {
    verified = remedy::verify(stands, answers, findings, host, kNow);
    return write_reply({diagnosis, plan, stands, verified, claims});
  }
  remedy::Verified verified;
};

Case shell_removed() {
  Case one;
  one.diagnosis.ticket = "T-2026-000001";
  one.diagnosis.verdict = SweepVerdict::cause_found;
  one.diagnosis.cause = {
      {.step = Step::entry, .finding = "f1", .at = kThen, .says = "a stranger sent a file", .reasons = {}}};
  remedy::Stands stands;
  stands.action.action = "a1";
  stands.action.kind = "quarantine_file";
  stands.action.subject = "/var/www/x.php";
  stands.action.at = kNow;
  stands.holds = true;
  stands.paths = {"/var/www/x.php"};
  stands.tried = "compared /var/www/x.php";
  stands.seen = "as abate left it";
  one.stands = {stands};
  one.answers["a1"] = {"f1"};
  return one;
}

Finding finding(std::string id, SubjectKind kind, Severity severity, Instant at) {
  Finding one;
  one.id = std::move(id);
  one.severity = severity;
  one.subject.kind = kind;
  one.subject.path = kind == SubjectKind::file ? "/var/www/x.php" : "/var/log/x";
  one.at = at;
  one.why = "something bad";
  return one;
}

TEST(Reply, what_made_the_server_stronger_keeps_it_from_happening_again_and_ended_nothing) {
  Case one = shell_removed();
  one.stands.push_back(one.stands[0]);
  one.stands[1].action.action = "a2";
  one.stands[1].action.kind = "ssh_keys_only";
  one.stands[1].action.subject = "/etc/ssh/sshd_config";
  const Reply reply = one.reply();
  ASSERT_EQ(reply.done.size(), 1U);
  ASSERT_EQ(reply.prevention.size(), 1U);
  EXPECT_EQ(reply.prevention[0].says, "SSH by key only: /etc/ssh/sshd_config");
  EXPECT_EQ(reply.prevention[0].standing, Standing::proved);
  EXPECT_THAT(reply.prevention[0].proof, testing::Contains("a2"));
}

TEST(Reply, says_as_proved_only_what_was_found_done_or_tried) {
  Case one = shell_removed();
  one.claims.prevention = {"I chose longer passwords.", "  "};
  const Reply reply = one.reply();
  for (const auto* part : {&reply.cause, &reply.done, &reply.confirmed, &reply.prevention})
    for (const Statement& statement : *part)
      EXPECT_EQ(statement.standing == Standing::proved, !statement.proof.empty()) << statement.says;
  ASSERT_EQ(reply.prevention.size(), 1U);
  EXPECT_EQ(reply.prevention[0].standing, Standing::claimed);
  EXPECT_THAT(reply.text, HasSubstr("What caused it"));
  EXPECT_THAT(reply.text, HasSubstr("I chose longer passwords. [claimed]"));
  EXPECT_TRUE(one.verified.gone);
  const test::Schema schema("reply");
  EXPECT_EQ(schema.breach(wire::reply_json(reply, one.findings)), "");
}

TEST(Reply, a_change_that_fell_is_not_told_as_done_and_what_is_left_is_told) {
  Case one = shell_removed();
  one.stands[0].holds = false;
  one.stands[0].seen = "/var/www/x.php is a file, not as abate left it";
  one.findings = {finding("f1", SubjectKind::file, Severity::malicious, kThen)};
  const Reply reply = one.reply();
  EXPECT_THAT(reply.done, IsEmpty());
  EXPECT_FALSE(one.verified.gone);
  EXPECT_THAT(reply.text, HasSubstr("Not yet"));
  EXPECT_THAT(reply.text, HasSubstr("not as abate left it"));
}

TEST(Verify, a_log_goes_on_telling_of_the_past_but_what_came_after_the_fix_counts) {
  Case one = shell_removed();
  one.findings = {finding("f7", SubjectKind::log, Severity::malicious, kThen)};
  one.reply();
  EXPECT_TRUE(one.verified.gone);
  one.findings = {finding("f8", SubjectKind::log, Severity::malicious, kNow + std::chrono::hours{1})};
  one.reply();
  EXPECT_FALSE(one.verified.gone);
}

TEST(Verify, a_finding_that_nothing_answers_is_left_and_one_that_a_change_answers_is_not) {
  Case one = shell_removed();
  one.findings = {finding("f1", SubjectKind::file, Severity::malicious, kThen)};
  one.reply();
  EXPECT_TRUE(one.verified.gone);
  one.findings.push_back(finding("f2", SubjectKind::config, Severity::weak, kThen));
  one.reply();
  EXPECT_FALSE(one.verified.gone);
  ASSERT_EQ(one.verified.left.size(), 1U);
  EXPECT_EQ(one.verified.left[0].id, "f2");
}

TEST(Reply, where_nothing_was_done_it_does_not_say_otherwise_and_asks) {
  Case one;
  one.diagnosis.verdict = SweepVerdict::nothing_found;
  const Reply reply = one.reply();
  EXPECT_THAT(reply.done, IsEmpty());
  EXPECT_THAT(reply.text, HasSubstr("no proof that it is clean"));
  EXPECT_THAT(open_questions(reply, {one.diagnosis, one.plan, one.stands, one.verified, one.claims}), Not(IsEmpty()));
  EXPECT_THAT(stuck_text({one.diagnosis, one.plan, one.stands, one.verified, one.claims}, 10, 20),
              HasSubstr("What should I look at next?"));
}

}  // namespace
}  // namespace abate::reply
