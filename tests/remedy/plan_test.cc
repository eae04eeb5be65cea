// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <gtest/gtest.h>

#include "remedy/action_kind.h"
#include "sweep/kit/memory_tree.h"

namespace abate::remedy {
namespace {

class PlanTest : public testing::Test {
 protected:
  PlanTest() {
    host_.tree = &tree_;
    host_.sites.push_back({.names = {"www.example.org"}, .docroot = "/srv/www", .application = "wordpress"});
  }
  Finding& found(std::string_view detector, Severity severity, SubjectKind kind, std::string path) {
    Finding& finding = findings_.emplace_back();
    finding.detector = detector;
    finding.severity = severity;
    finding.subject.kind = kind;
    finding.subject.path = std::move(path);
    finding.id = finding_id(detector, finding.subject);
    finding.why = "because";
    return finding;
  }
  [[nodiscard]] Plan plan() const { return make_plan({host_, findings_, diagnosis_}, Instant{}); }
  static const Action* of(const Plan& plan, std::string_view kind) {
    for (const Action& action : plan.actions)
      if (action.kind == kind) return &action;
    return nullptr;
  }

  sweep::MemoryTree tree_{""};
  sweep::Host host_;
  std::vector<Finding> findings_;
  Diagnosis diagnosis_;
};

TEST_F(PlanTest, a_clean_server_gets_an_empty_plan) {
  found("x", Severity::note, SubjectKind::file, "/srv/www/a.php");
  found("y", Severity::suspicious, SubjectKind::account, "/etc/passwd");
  for (const Action& action : plan().actions) EXPECT_FALSE(action.is_default) << action.kind;
}

TEST_F(PlanTest, a_bad_file_is_moved_out_of_reach_once_however_many_detectors_saw_it) {
  found("a", Severity::malicious, SubjectKind::file, "/srv/www/a.php").subject.line = 3;
  found("b", Severity::malicious, SubjectKind::file, "/srv/www/a.php");
  const Plan made = plan();
  ASSERT_EQ(made.actions.size(), 1U);
  EXPECT_EQ(made.actions[0].kind, "quarantine_file");
  EXPECT_EQ(made.actions[0].findings.size(), 2U);
}

TEST_F(PlanTest, waiting_mail_is_held_by_its_ids_so_that_undo_releases_no_other) {
  const sweep::MemoryTree spool{
      "--- /var/spool/postfix/deferred/4/4AB12C\nx\n--- /var/spool/postfix/deferred/9/9FF00D\nx\n--- "
      "/var/spool/postfix/hold/7/7AAAAA\nx\n"};
  host_.tree = &spool;
  host_.live = true;
  Action action;
  action.kind = "hold_queue";
  action.subject.path = "/var/spool/postfix";
  const Result<Work> work = work_of(action, host_);
  ASSERT_TRUE(work);
  ASSERT_EQ(work->changes.size(), 1U);
  EXPECT_EQ(work->changes[0].argv, (std::vector<std::string>{"postsuper", "-h", "4AB12C", "-h", "9FF00D"}));
  EXPECT_EQ(work->changes[0].undo_argv, (std::vector<std::string>{"postsuper", "-H", "4AB12C", "-H", "9FF00D"}));
}

TEST_F(PlanTest, removing_only_the_symptom_is_said_aloud) {
  found("a", Severity::malicious, SubjectKind::file, "/srv/www/a.php");
  diagnosis_.verdict = SweepVerdict::harm_found;
  ASSERT_EQ(plan().warnings.size(), 1U);
  Finding& hole =
      found("php_open_upload", Severity::suspicious, SubjectKind::file, "/srv/www/wp-content/plugins/p/api/i.php");
  diagnosis_.verdict = SweepVerdict::cause_found;
  diagnosis_.entry = WayIn{.kind = EntryKind::vulnerable_application, .subject = hole.subject};
  diagnosis_.cause.push_back({.step = Step::entry, .finding = hole.id});
  const Plan made = plan();
  EXPECT_TRUE(made.warnings.empty());
  const Action* plugin = of(made, "disable_plugin");
  ASSERT_NE(plugin, nullptr);
  EXPECT_EQ(plugin->subject.path, "/srv/www/wp-content/plugins/p");
}

TEST_F(PlanTest, not_this_server_means_no_action_at_all) {
  found("a", Severity::weak, SubjectKind::config, "/etc/x").role = "open_relay";
  diagnosis_.verdict = SweepVerdict::not_this_server;
  EXPECT_TRUE(plan().actions.empty());
}

TEST_F(PlanTest, root_is_never_locked_out) {
  found("a", Severity::malicious, SubjectKind::account, "/etc/passwd").subject.name = "root";
  EXPECT_EQ(of(plan(), "lock_account"), nullptr);
}

TEST_F(PlanTest, an_account_without_a_shell_is_asked_for_a_new_password_where_ftp_was_the_way) {
  host_.accounts.push_back({.name = "ftpuser", .uid = 1001, .shell = "/bin/false"});
  for (const auto& [detector, wanted] : {std::pair{"way_in", true}, std::pair{"mail_by_web_user", false}}) {
    SCOPED_TRACE(detector);
    findings_.clear();
    found(detector, Severity::suspicious, SubjectKind::account, "").subject.name = "ftpuser";
    diagnosis_.cause = {{.step = Step::entry, .finding = findings_[0].id}};
    diagnosis_.confidence = 0.95;
    const Plan made = plan();
    const Action* action = of(made, "expire_password");
    ASSERT_EQ(action != nullptr, wanted);
    if (!wanted) continue;
    EXPECT_TRUE(action->is_default);
    diagnosis_.confidence = 0.6;
    const Plan unsure = plan();
    EXPECT_FALSE(of(unsure, "expire_password")->is_default);
  }
}

TEST(ActionKinds, each_has_a_name_a_requirement_and_a_manual) {
  std::set<std::string_view> names;
  for (const ActionKind* kind : action_kinds()) {
    EXPECT_TRUE(names.insert(kind->name).second) << kind->name;
    EXPECT_TRUE(kind->requirement.starts_with("R")) << kind->name;
    EXPECT_GE(kind->explain.size(), 60U) << kind->name;
  }
  EXPECT_GE(names.size(), 25U);
}

}  // namespace
}  // namespace abate::remedy
