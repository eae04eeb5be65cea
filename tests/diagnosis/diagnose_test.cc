// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/diagnose.h"

#include <gtest/gtest.h>

#include "sweep/kit/memory_tree.h"

namespace abate::diagnosis {
namespace {

Instant at(std::string_view text) { return parse_rfc3339(text).value(); }

struct Line {  // of an access log, or a log-in
  std::string_view time, client, method, target;
  std::uint16_t status = 200;
};

// A small server: one WordPress, one mail server, an owner; its log lines are given to whatever diagnosis asks.
class DiagnoseTest : public testing::Test {
 protected:
  DiagnoseTest() {
    host_.tree = &tree_;
    host_.sites.push_back({.names = {"www.example.org"},
                           .docroot = "/srv/www",
                           .server = "apache",
                           .access_logs = {"/var/log/apache2/access.log"},
                           .application = "wordpress"});
    host_.accounts.push_back({.name = "www-data", .uid = 33, .shell = "/usr/sbin/nologin"});
    host_.accounts.push_back({.name = "anna", .uid = 1000, .home = "/home/anna", .shell = "/bin/bash"});
    Incident incident;
    incident.category = Category::spam;
    incident.source_ip = parse_ip("203.0.113.10").value();
    incident.started_at = at("2026-10-09T20:31:00Z");
    host_.ticket = case_of("T-2026-000001", {incident});
    host_.addresses = {parse_ip("203.0.113.10").value()};
  }

  Finding& found(std::string_view detector, Severity severity, std::string path, std::string_view time) {
    Finding& finding = findings_.emplace_back();
    finding.detector = detector;
    finding.severity = severity;
    finding.subject = file_subject(path);
    finding.id = finding_id(detector, finding.subject);
    finding.why = "because";
    if (!time.empty()) finding.at = at(time);
    return finding;
  }

  void give(Trail& trail) const {
    std::uint64_t number = 0;
    for (const Line& line : requests_) {
      sweep::Event event;
      event.at = at(line.time);
      event.origin = {"/var/log/apache2/access.log", ++number};
      event.program = "apache_access";
      event.message = line.target;
      event.what = sweep::Request{
          .client = parse_ip(line.client).value(), .method = line.method, .target = line.target, .status = line.status};
      trail.see(event);
    }
    for (const auto& [lines, accepted] : {std::pair{&logins_, true}, std::pair{&failures_, false}})
      for (const Line& line : *lines) {
        sweep::Event event;
        event.at = at(line.time);
        event.origin = {"/var/log/auth.log", ++number};
        event.program = "sshd";
        event.message = accepted ? "Accepted" : "Failed";
        event.what = sweep::Login{.service = sweep::LoginService::ssh,
                                  .accepted = accepted,
                                  .user = line.target,
                                  .client = parse_ip(line.client).value(),
                                  .method = line.method};
        trail.see(event);
      }
  }

  Diagnosis diagnose_all() {
    Trail first{host_};
    first.ask(first_question(host_, findings_));
    give(first);
    first.settle();
    Trail second{host_};
    second.ask(second_question(host_, findings_, first));
    give(second);
    second.settle();
    return diagnose(host_, findings_, second);
  }

  sweep::MemoryTree tree_{""};
  sweep::Host host_;
  std::vector<Finding> findings_;
  std::vector<Line> requests_, logins_, failures_;
};

TEST_F(DiagnoseTest, a_shell_is_followed_back_to_the_request_that_brought_it) {
  found("php_decoded_eval", Severity::malicious, "/srv/www/wp-content/uploads/a.jpg.php", "2026-10-06T15:20:36Z").role =
      "shell";
  found("php_decoded_eval", Severity::malicious, "/srv/www/wp-content/languages/inbox.php", "2026-10-06T15:39:07Z")
      .role = "mailer";
  requests_ = {{"2026-10-06T15:19:00Z", "198.51.100.9", "POST", "/wp-comments-post.php", 302},  // a reader, by chance
               {"2026-10-06T15:20:36Z", "192.0.2.247", "POST", "/wp-content/plugins/booking/api/import.php"},
               {"2026-10-06T15:20:41Z", "192.0.2.247", "POST", "/wp-content/uploads/a.jpg.php"},
               {"2026-10-09T20:31:02Z", "192.0.2.247", "POST", "/wp-content/languages/inbox.php"}};
  const Diagnosis diagnosis = diagnose_all();
  EXPECT_EQ(diagnosis.verdict, SweepVerdict::cause_found);
  ASSERT_TRUE(diagnosis.entry);
  EXPECT_EQ(diagnosis.entry->kind, EntryKind::vulnerable_application);
  EXPECT_EQ(diagnosis.entry->from, "192.0.2.247");
  EXPECT_EQ(diagnosis.entry->subject.path, "/srv/www/wp-content/plugins/booking/api/import.php");
  ASSERT_GE(diagnosis.cause.size(), 3U);
  EXPECT_EQ(diagnosis.cause.front().step, Step::entry);
  EXPECT_EQ(diagnosis.cause.back().step, Step::harm);
  EXPECT_NE(diagnosis.cause.back().says.find("inbox.php"), std::string::npos);
  EXPECT_GT(diagnosis.confidence, 0.8);
}

TEST_F(DiagnoseTest, guessed_wordpress_passwords_are_no_hole_in_a_plugin) {
  found("php_decoded_eval", Severity::malicious, "/srv/www/wp-content/themes/t/404.php", "2026-10-06T15:20:36Z").role =
      "shell";
  std::vector<std::string> times;
  for (int i = 10; i < 40; ++i) times.push_back(fmt::format("2026-10-06T15:15:{}Z", i));
  for (const std::string& time : times) requests_.push_back({time, "192.0.2.7", "POST", "/wp-login.php"});
  requests_.push_back({"2026-10-06T15:16:00Z", "192.0.2.7", "POST", "/wp-login.php", 302});
  requests_.push_back({"2026-10-06T15:20:36Z", "192.0.2.7", "POST", "/wp-admin/theme-editor.php", 302});
  requests_.push_back({"2026-10-06T15:21:00Z", "192.0.2.7", "GET", "/wp-content/themes/t/404.php"});
  const Diagnosis diagnosis = diagnose_all();
  ASSERT_TRUE(diagnosis.entry);
  EXPECT_EQ(diagnosis.entry->kind, EntryKind::weak_password);
  EXPECT_EQ(format_rfc3339(diagnosis.entry->at.value()), "2026-10-06T15:16:00Z");
}

TEST_F(DiagnoseTest, one_wrong_password_less_than_the_limit_is_a_stolen_one) {
  found("php_decoded_eval", Severity::malicious, "/srv/www/wp-content/themes/t/404.php", "2026-10-06T15:20:36Z").role =
      "shell";
  requests_ = {{"2026-10-06T15:16:00Z", "192.0.2.7", "POST", "/wp-login.php", 302},
               {"2026-10-06T15:20:30Z", "192.0.2.7", "POST", "/wp-admin/theme-editor.php", 302},
               {"2026-10-06T15:21:00Z", "192.0.2.7", "GET", "/wp-content/themes/t/404.php"}};
  EXPECT_EQ(diagnose_all().entry->kind, EntryKind::stolen_password);
}

TEST_F(DiagnoseTest, without_logs_the_harm_is_found_and_not_the_way_in) {
  found("php_decoded_eval", Severity::malicious, "/srv/www/x.php", "2026-10-06T15:20:36Z");
  const Diagnosis diagnosis = diagnose_all();
  EXPECT_EQ(diagnosis.verdict, SweepVerdict::harm_found);
  EXPECT_EQ(diagnosis.entry->kind, EntryKind::unknown);
  EXPECT_DOUBLE_EQ(diagnosis.confidence, 0.5);
}

TEST_F(DiagnoseTest, harm_that_the_ticket_speaks_of_is_surer) {
  found("php_decoded_eval", Severity::malicious, "/srv/www/x.php", "2026-10-06T15:20:36Z").leads = {"url"};
  const Diagnosis diagnosis = diagnose_all();
  EXPECT_EQ(diagnosis.verdict, SweepVerdict::harm_found);
  EXPECT_DOUBLE_EQ(diagnosis.confidence, 0.6);
}

TEST_F(DiagnoseTest, an_open_relay_needs_nobody_to_break_in) {
  Finding& relay = found("open_relay_postfix", Severity::weak, "/etc/postfix/main.cf", "2026-10-01T00:00:00Z");
  relay.role = "open_relay";
  relay.subject.kind = SubjectKind::config;
  const Diagnosis diagnosis = diagnose_all();
  EXPECT_EQ(diagnosis.verdict, SweepVerdict::cause_found);
  EXPECT_EQ(diagnosis.entry->kind, EntryKind::open_configuration);
}

TEST_F(DiagnoseTest, an_open_door_that_the_report_does_not_speak_of_is_not_the_cause) {
  Finding& proxy = found("open_resolver_bind", Severity::weak, "/etc/bind/named.conf.options", "");
  proxy.role = "open_resolver";
  EXPECT_EQ(diagnose_all().verdict, SweepVerdict::nothing_found);
}

TEST_F(DiagnoseTest, an_open_service_that_is_reported_without_its_port_is_whichever_door_stands_open) {
  Finding& resolver = found("open_resolver_dnsmasq", Severity::weak, "/etc/dnsmasq.conf", "");
  resolver.role = "open_resolver";
  resolver.subject.port = 53;
  Incident incident;
  incident.category = Category::other;
  incident.type = "vulnerability/open_service";
  incident.source_ip = parse_ip("203.0.113.10").value();
  incident.started_at = at("2026-10-09T20:31:00Z");
  host_.ticket = case_of("T-2026-000001", {incident});
  EXPECT_EQ(diagnose_all().verdict, SweepVerdict::cause_found);
  incident.source_port = 123;
  host_.ticket = case_of("T-2026-000001", {incident});
  EXPECT_EQ(diagnose_all().verdict, SweepVerdict::nothing_found);
}

TEST_F(DiagnoseTest, an_open_proxy_or_exit_relay_explains_what_left_the_server_and_no_page_on_it) {
  for (const auto& [role, kind] :
       {std::pair{"open_proxy", EntryKind::open_configuration}, std::pair{"exit_relay", EntryKind::by_owner}}) {
    SCOPED_TRACE(role);
    findings_.clear();
    Finding& door = found("x", Severity::weak, "/etc/x.conf", "");
    door.role = role;
    door.subject.kind = SubjectKind::config;
    Incident incident;
    incident.category = Category::other;
    incident.source_ip = parse_ip("203.0.113.10").value();
    incident.started_at = at("2026-10-09T20:31:00Z");
    host_.ticket = case_of("T-2026-000001", {incident});
    const Diagnosis attack = diagnose_all();
    EXPECT_EQ(attack.verdict, SweepVerdict::cause_found);
    ASSERT_TRUE(attack.entry);
    EXPECT_EQ(attack.entry->kind, kind);
    incident.category = Category::phishing;
    incident.url = "http://www.example.org/bank/";
    host_.ticket = case_of("T-2026-000001", {incident});
    EXPECT_EQ(diagnose_all().verdict, SweepVerdict::nothing_found);
  }
}

TEST_F(DiagnoseTest, where_one_script_is_the_door_to_all_parts_the_part_is_named) {
  found("php_decoded_eval", Severity::malicious, "/srv/www/images/x.php", "2026-10-06T15:20:36Z");
  requests_ = {{"2026-10-06T15:20:36Z", "192.0.2.247", "POST", "/index.php?option=com_files&view=upload&token=s3cret"},
               {"2026-10-06T15:21:00Z", "192.0.2.247", "POST", "/images/x.php"}};
  const Diagnosis diagnosis = diagnose_all();
  ASSERT_TRUE(diagnosis.entry);
  EXPECT_NE(diagnosis.entry->says.find("/index.php?option=com_files&view=upload"), std::string::npos);
  EXPECT_EQ(diagnosis.entry->says.find("s3cret"), std::string::npos);
}

TEST_F(DiagnoseTest, a_key_that_comes_from_elsewhere_is_a_stolen_one) {
  Finding& login = found("login_from_new_network", Severity::malicious, "", "2026-10-06T15:16:00Z");
  login.subject = {.kind = SubjectKind::account, .name = "anna", .address = "192.0.2.7"};
  login.role = "key_login";
  login.uid = 1000;
  found("program_of_bad_start", Severity::malicious, "/home/anna/.x/run", "2026-10-06T15:20:00Z").uid = 1000;
  const Diagnosis diagnosis = diagnose_all();
  ASSERT_TRUE(diagnosis.entry);
  EXPECT_EQ(diagnosis.entry->kind, EntryKind::stolen_key);
  EXPECT_NE(diagnosis.cause.back().says.find("/home/anna/.x/run"), std::string::npos);
}

TEST_F(DiagnoseTest, a_few_wrong_passwords_right_before_it_make_a_strange_log_in_a_guessed_one) {
  for (const bool wrong : {false, true}) {
    SCOPED_TRACE(wrong);
    findings_.clear();
    failures_.clear();
    if (wrong)
      failures_ = {{"2026-10-06T15:15:00Z", "192.0.2.7", "password", "anna"},
                   {"2026-10-06T15:15:10Z", "192.0.2.7", "password", "anna"},
                   {"2026-10-06T15:15:20Z", "192.0.2.7", "password", "anna"}};
    Finding& login = found("login_from_new_network", Severity::suspicious, "", "2026-10-06T15:16:00Z");
    login.subject = {.kind = SubjectKind::account, .name = "anna", .address = "192.0.2.7"};
    login.addresses = {"192.0.2.7"};
    login.role = "password_login";
    found("executable_in_open_place", Severity::malicious, "/tmp/.x/run", "2026-10-06T15:20:00Z");
    const Diagnosis diagnosis = diagnose_all();
    ASSERT_TRUE(diagnosis.entry);
    EXPECT_EQ(diagnosis.entry->kind, wrong ? EntryKind::weak_password : EntryKind::stolen_password);
  }
}

TEST_F(DiagnoseTest, a_form_that_mails_to_anybody_is_the_way_in_when_it_was_asked_as_the_mails_went_out) {
  found("php_request_mail", Severity::suspicious, "/srv/www/form.php", "2009-01-01T00:00:00Z");
  Finding& burst = found("mail_by_web_user", Severity::malicious, "", "2026-10-09T20:30:00Z");
  burst.subject = {.kind = SubjectKind::account, .name = "www-data"};
  burst.role = "mail_burst";
  EXPECT_LT(diagnose_all().confidence, 0.7);
  requests_ = {{"2026-10-09T20:30:59Z", "192.0.2.9", "POST", "/form.php", 302},
               {"2026-10-09T20:40:59Z", "192.0.2.10", "POST", "/form.php", 302}};
  const Diagnosis diagnosis = diagnose_all();
  ASSERT_TRUE(diagnosis.entry);
  EXPECT_EQ(diagnosis.entry->kind, EntryKind::vulnerable_application);
  EXPECT_EQ(diagnosis.entry->subject.path, "/srv/www/form.php");
  EXPECT_EQ(diagnosis.entry->from, "192.0.2.9");  // the other one sent no mail
}

TEST_F(DiagnoseTest, what_a_person_of_the_server_did_is_the_owners_doing_unless_something_bad_is_there) {
  Finding& letters = found("bulk_mail_by_owner", Severity::malicious, "", "2026-10-09T20:00:00Z");
  letters.subject = {.kind = SubjectKind::mailbox, .name = "news@example.org"};
  letters.uid = 1000;
  Diagnosis diagnosis = diagnose_all();
  ASSERT_TRUE(diagnosis.entry);
  EXPECT_EQ(diagnosis.entry->kind, EntryKind::by_owner);
  found("content_rules", Severity::malicious, "/tmp/.x/mailer.py", "2026-10-08T00:00:00Z");
  diagnosis = diagnose_all();
  EXPECT_LT(diagnosis.confidence, 0.75);
}

TEST_F(DiagnoseTest, a_door_that_was_opened_after_a_break_in_is_the_intruders) {
  Incident incident;
  incident.category = Category::proxy;
  incident.source_ip = parse_ip("203.0.113.10").value();
  incident.started_at = at("2026-10-09T20:31:00Z");
  host_.ticket = case_of("T-2026-000001", {incident});
  for (const auto& [opened, kind] : {std::pair{"2026-10-08T03:10:00Z", EntryKind::weak_password},
                                     std::pair{"2026-05-01T00:00:00Z", EntryKind::open_configuration}}) {
    SCOPED_TRACE(opened);
    findings_.clear();
    Finding& proxy = found("open_proxy_3proxy", Severity::weak, "/etc/3proxy.cfg", opened);
    proxy.role = "open_proxy";
    proxy.subject.kind = SubjectKind::config;
    Finding& login = found("login_after_failures", Severity::malicious, "", "2026-10-08T03:00:00Z");
    login.subject = {.kind = SubjectKind::account, .name = "root", .address = "192.0.2.7"};
    const Diagnosis diagnosis = diagnose_all();
    ASSERT_TRUE(diagnosis.entry);
    EXPECT_EQ(diagnosis.entry->kind, kind);
    EXPECT_NE(diagnosis.cause.back().says.find("/etc/3proxy.cfg"), std::string::npos);
  }
}

TEST_F(DiagnoseTest, the_harm_is_what_runs_and_not_what_brings_it_back) {
  Finding& door = found("exposed_redis", Severity::weak, "/etc/redis/redis.conf", "");
  door.role = "exposed_service";
  door.subject.kind = SubjectKind::config;
  found("content_rules", Severity::malicious, "/opt/.x/miner", "2026-10-08T00:02:00Z").role = "miner";
  found("cron_downloads", Severity::malicious, "/var/spool/cron/crontabs/root", "2026-10-08T00:00:00Z").subject.kind =
      SubjectKind::cron;
  host_.ticket.category = Category::malware;
  EXPECT_NE(diagnose_all().cause.back().says.find("/opt/.x/miner"), std::string::npos);
}

TEST_F(DiagnoseTest, nothing_found_leads_through_a_full_audit) {
  const Diagnosis diagnosis = diagnose_all();
  EXPECT_EQ(diagnosis.verdict, SweepVerdict::nothing_found);
  EXPECT_GE(diagnosis.next_steps.size(), 4U);
}

TEST_F(DiagnoseTest, not_this_server_needs_positive_grounds) {
  host_.addresses = {parse_ip("203.0.113.99").value()};
  const Diagnosis elsewhere = diagnose_all();
  EXPECT_EQ(elsewhere.verdict, SweepVerdict::not_this_server);
  EXPECT_FALSE(elsewhere.grounds.empty());
  host_.addresses.clear();  // nobody knows which addresses it has: no ground
  EXPECT_EQ(diagnose_all().verdict, SweepVerdict::nothing_found);
  host_.first_boot_at = at("2026-11-01T00:00:00Z");
  EXPECT_EQ(diagnose_all().verdict, SweepVerdict::not_this_server);
}

TEST_F(DiagnoseTest, changed_programs_mean_a_new_server) {
  Finding& changed = found("ld_so_preload", Severity::malicious, "/etc/ld.so.preload", "2026-10-06T15:20:36Z");
  changed.role = "persistence";
  EXPECT_EQ(diagnose_all().verdict, SweepVerdict::rebuild);
}

TEST(Trail, keeps_no_more_than_its_limit_and_says_so) {
  const sweep::MemoryTree tree{""};
  sweep::Host host;
  host.tree = &tree;
  Trail trail{host};
  Question question;
  question.clients.insert(parse_ip("192.0.2.1").value());
  trail.ask(question);
  for (std::size_t i = 0; i < 3 * Trail::kSeenMax; ++i) {
    sweep::Event event;
    event.origin = {"/var/log/a", i + 1};
    event.what = sweep::Request{.client = parse_ip("192.0.2.1").value(), .method = "GET", .target = "/"};
    trail.see(event);
  }
  trail.settle();
  EXPECT_EQ(trail.seen().size(), Trail::kSeenMax);
  EXPECT_TRUE(trail.is_cut());
}

}  // namespace
}  // namespace abate::diagnosis
