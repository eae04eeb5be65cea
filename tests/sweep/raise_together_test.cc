// SPDX-License-Identifier: Apache-2.0
// Findings that one by one are for a person to look at, and together leave no doubt.
#include "sweep/host/raise_together.h"

#include <gtest/gtest.h>

#include "base/time.h"

namespace abate::sweep {
namespace {

class RaiseTogetherTest : public testing::Test {
 protected:
  RaiseTogetherTest() {
    host_.accounts.push_back({.name = "root", .uid = 0});
    host_.accounts.push_back({.name = "anna", .uid = 1000, .groups = {"anna"}});
    host_.accounts.push_back({.name = "admin", .uid = 1001, .groups = {"sudo"}});
  }
  Finding& login(std::string_view detector, Severity severity, std::string account) {
    Finding& finding = add(detector, severity, "2026-05-01T10:00:00Z", host_.account(account)->uid);
    finding.subject = {.kind = SubjectKind::account, .name = std::move(account), .address = "192.0.2.7"};
    return finding;
  }
  Finding& add(std::string_view detector, Severity severity, std::string_view time, std::uint32_t uid) {
    Finding& finding = findings_.emplace_back();
    finding.detector = detector;
    finding.severity = severity;
    finding.at = parse_rfc3339(time).value();
    finding.uid = uid;
    finding.subject.path = "/usr/bin/x";
    return finding;
  }
  Severity raised(std::size_t which) {
    raise_together(host_, findings_);
    return findings_[which].severity;
  }

  Host host_;
  std::vector<Finding> findings_;
};

TEST_F(RaiseTogetherTest, a_program_that_comes_minutes_after_a_guessed_password_is_malicious) {
  login("login_after_failures", Severity::malicious, "root");
  add("program_of_no_package", Severity::suspicious, "2026-05-01T10:05:00Z", 0);
  EXPECT_EQ(raised(1), Severity::malicious);
  EXPECT_NE(findings_[1].evidence.back().find("within an hour"), std::string::npos);
}

TEST_F(RaiseTogetherTest, an_older_program_or_a_much_younger_one_is_not) {
  login("login_after_failures", Severity::malicious, "root");
  add("program_of_no_package", Severity::suspicious, "2026-05-01T09:59:00Z", 0);
  add("program_of_no_package", Severity::suspicious, "2026-05-01T11:01:00Z", 0);
  EXPECT_EQ(raised(1), Severity::suspicious);
  EXPECT_EQ(raised(2), Severity::suspicious);
}

TEST_F(RaiseTogetherTest, only_who_could_have_written_it_counts) {
  login("login_after_failures", Severity::malicious, "anna");
  add("program_of_no_package", Severity::suspicious, "2026-05-01T10:05:00Z", 0);
  EXPECT_EQ(raised(1), Severity::suspicious);
  login("login_after_failures", Severity::malicious, "admin");  // by sudo
  EXPECT_EQ(raised(1), Severity::malicious);
}

TEST_F(RaiseTogetherTest, an_account_that_brings_malware_from_a_strange_network_is_in_an_intruders_hands) {
  login("login_from_new_network", Severity::suspicious, "anna");
  add("content_rules", Severity::malicious, "2026-05-01T10:05:00Z", 1000);
  EXPECT_EQ(raised(0), Severity::malicious);
}

TEST_F(RaiseTogetherTest, a_journey_of_the_owner_stays_a_question) {
  login("login_from_new_network", Severity::suspicious, "anna");
  add("content_rules", Severity::malicious, "2026-05-01T10:05:00Z", 33);  // somebody else's
  add("content_rules", Severity::malicious, "2026-05-03T10:05:00Z", 1000);
  EXPECT_EQ(raised(0), Severity::suspicious);
}

TEST_F(RaiseTogetherTest, a_reported_mailer_that_strangers_ask_among_content_is_malicious) {
  add("php_request_mail", Severity::suspicious, "2026-05-01T10:05:00Z", 33);
  findings_[0].leads = {"script:m.php"};
  EXPECT_EQ(raised(0), Severity::suspicious);  // a form of the site's own
  add("post_to_stray_file", Severity::suspicious, "2026-05-01T10:05:00Z", 33);
  findings_[1].subject = findings_[0].subject;
  EXPECT_EQ(raised(0), Severity::malicious);
}

TEST_F(RaiseTogetherTest, a_mailer_that_no_report_names_is_a_question) {
  add("php_request_mail", Severity::suspicious, "2026-05-01T10:05:00Z", 33);
  add("post_to_stray_file", Severity::suspicious, "2026-05-01T10:05:00Z", 33);
  findings_[1].subject = findings_[0].subject;
  EXPECT_EQ(raised(0), Severity::suspicious);
}

}  // namespace
}  // namespace abate::sweep
