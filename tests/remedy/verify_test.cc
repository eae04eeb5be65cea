// SPDX-License-Identifier: Apache-2.0
#include "remedy/verify.h"

#include <gtest/gtest.h>

#include "sweep/kit/memory_tree.h"

namespace abate::remedy {
namespace {

constexpr Instant kNow{Duration{1'790'000'000'000'000}};
constexpr Duration kHour = std::chrono::hours{1};

Finding found(SubjectKind kind, const std::string& path, Severity severity = Severity::malicious) {
  Finding finding;
  finding.detector = "x";
  finding.severity = severity;
  finding.subject.kind = kind;
  (kind == SubjectKind::account || kind == SubjectKind::mailbox ? finding.subject.name : finding.subject.path) = path;
  finding.id = finding_id("x", finding.subject);
  finding.at = kNow - 2 * kHour;
  return finding;
}

Stands done(const std::string& kind, const std::vector<std::string>& paths, bool holds = true) {
  Stands one;
  one.action = {.run = "run-1", .action = "a-" + kind, .kind = kind, .at = kNow - kHour};
  one.holds = holds;
  one.paths = paths;
  return one;
}

class VerifyTest : public testing::Test {
 protected:
  VerifyTest() {
    host_.tree = &tree_;
    host_.accounts.push_back(
        {.name = "deploy", .uid = 1000, .shell = "/bin/bash", .password = sweep::Account::Password::set});
  }
  [[nodiscard]] bool gone(const std::vector<Stands>& stands, const std::vector<Finding>& findings) const {
    NamedFindings named;
    for (const Stands& one : stands)
      for (const Finding& finding : findings) named[one.action.action].push_back(finding.id);
    return verify(stands, named, findings, host_, kNow).gone;
  }
  sweep::MemoryTree tree_{""};
  sweep::Host host_;
};

TEST_F(VerifyTest, changing_the_salts_or_answering_410_leaves_a_shell_where_it_is) {
  const Finding shell = found(SubjectKind::file, "/srv/www/x.php");
  EXPECT_FALSE(
      gone({done("rotate_secrets", {"/srv/www/wp-config.php"}), done("gone_path", {"/srv/www/.htaccess"})}, {shell}));
  EXPECT_TRUE(gone({done("quarantine_file", {"/srv/www/x.php"})}, {shell}));
  EXPECT_TRUE(gone({done("disable_plugin", {"/srv/www"})}, {shell})) << "the folder that it lay in was changed";
}

TEST_F(VerifyTest, a_change_that_somebody_took_back_answers_nothing) {
  EXPECT_FALSE(
      gone({done("quarantine_file", {"/srv/www/x.php"}, false)}, {found(SubjectKind::file, "/srv/www/x.php")}));
}

TEST_F(VerifyTest, an_action_that_does_not_name_the_finding_does_not_answer_it) {
  const Finding shell = found(SubjectKind::file, "/srv/www/x.php");
  EXPECT_FALSE(verify({done("quarantine_file", {"/srv/www/x.php"})}, {}, {shell}, host_, kNow).gone);
}

TEST_F(VerifyTest, an_account_in_strange_hands_stays_open_until_it_is_locked) {
  const Finding deploy = found(SubjectKind::account, "deploy");
  EXPECT_FALSE(gone({done("quarantine_file", {"/srv/www/x.php"})}, {deploy}));
  EXPECT_TRUE(gone({done("lock_account", {"/etc/shadow"})}, {deploy}));
  host_.accounts[0].password_changed_at = kNow - kHour;
  EXPECT_TRUE(gone({done("quarantine_file", {"/srv/www/x.php"})}, {deploy})) << "it has another password since";
}

TEST_F(VerifyTest, a_log_is_over_once_its_story_ended_before_the_last_change) {
  Finding sent = found(SubjectKind::log, "/var/log/mail.log");
  EXPECT_TRUE(gone({done("quarantine_file", {"/srv/www/x.php"})}, {sent}));
  sent.at = kNow;
  EXPECT_FALSE(gone({done("quarantine_file", {"/srv/www/x.php"})}, {sent}));
}

TEST_F(VerifyTest, what_only_ended_programs_proves_nothing) {
  const Verified verified = verify({done("stop_process", {})}, {}, {}, host_, kNow);
  ASSERT_EQ(verified.proofs.size(), 1U) << "only the sweep's own";
  EXPECT_EQ(verified.proofs[0].about, "sweep");
}

class Copies : public VerifyTest {
 protected:
  Verified seen(const std::vector<CopiesSeen::Copy>& copies, bool is_whole = true) {
    const CopiesSeen all{
        .sought = {{"/srv/www/x.php", 10, "aa"}, {"/opt/miner", 20, "bb"}}, .copies = copies, .is_whole = is_whole};
    return verify({done("quarantine_file", {"/srv/www/x.php"})}, {}, {}, host_, kNow, {},
                  {.copies = all, .sent = std::nullopt});
  }
};

TEST_F(Copies, what_came_back_elsewhere_is_named_and_is_not_gone) {
  const Verified verified = seen({{"/srv/www/logo.ico", 0, "aa"}, {"/tmp/.x (deleted)", 77, "bb"}});
  EXPECT_FALSE(verified.gone);
  ASSERT_EQ(verified.proofs.size(), 5U);
  EXPECT_FALSE(verified.proofs[2].good);
  EXPECT_EQ(verified.proofs[2].seen, "came back elsewhere: /srv/www/logo.ico holds the same bytes as /srv/www/x.php");
  EXPECT_NE(verified.proofs[3].seen.find("process 77 runs the same program as /opt/miner"), std::string::npos);
  EXPECT_NE(verified.proofs[2].id, verified.proofs[3].id);
}

TEST_F(Copies, nothing_of_it_anywhere_is_a_proof) {
  const Verified verified = seen({});
  EXPECT_TRUE(verified.gone);
  EXPECT_TRUE(verified.proofs[2].good);
  EXPECT_EQ(verified.proofs[2].about, "copies");
}

TEST_F(Copies, where_it_was_before_its_own_action_says_so) { EXPECT_TRUE(seen({{"/srv/www/x.php", 0, "aa"}}).gone); }

TEST_F(Copies, where_not_all_could_be_read_it_is_said_and_stays_in_doubt) {
  const Verified verified = seen({}, false);
  EXPECT_TRUE(verified.is_in_doubt);
  EXPECT_EQ(verified.not_examined.size(), 1U);
  for (const Proof& proof : verified.proofs) EXPECT_NE(proof.about, "copies");
}

}  // namespace
}  // namespace abate::remedy
