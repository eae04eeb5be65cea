// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "enforce/enforcer_kind.h"
#include "support/hook_sink.h"
#include "support/temp_folder.h"

namespace abate::enforce {
namespace {

using namespace std::chrono_literals;

desk::Order an_order() {
  desk::Order order;
  order.key = "K-1";
  order.measure = MeasureKind::suspend;
  order.service_id = "vps-1001; rm -rf $HOME";
  order.ticket_id = "T-2026-000001";
  order.body = R"({"key":"K-1","measure":"suspend","on":true,"service_id":"vps-1001"})";
  order.ticket_json = R"({"id":"T-2026-000001"})";
  return order;
}

std::string content_of(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::unique_ptr<desk::Enforcer> made(const EnforcerConfig& config) {
  auto enforcer = make_enforcer(config);
  if (!enforcer) throw std::runtime_error(enforcer.error().what);
  return std::move(*enforcer);
}

class Webhook : public testing::Test {
 protected:
  std::unique_ptr<desk::Enforcer> hook(const std::string& secret = "s3cret\n") {
    const auto file = folder_.path() / "hook.key";
    std::ofstream(file, std::ios::binary) << secret;
    return made({.name = "panel", .kind = "webhook", .url = sink_.url(), .secret_file = file, .run = {}});
  }
  test::TempFolder folder_;
  test::HookSink sink_;
};

TEST_F(Webhook, posts_the_order_signed) {
  const auto enforcer = hook();
  EXPECT_EQ(enforcer->name(), "panel");
  ASSERT_TRUE(enforcer->carry_out(an_order()));
  const auto calls = sink_.calls();
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0].method, "POST");
  EXPECT_EQ(calls[0].path, "/hook");
  EXPECT_EQ(calls[0].body, an_order().body);
  EXPECT_EQ(calls[0].header("Content-Type"), "application/json");
  EXPECT_EQ(calls[0].header("X-Abate-Key"), "K-1");
  EXPECT_EQ(calls[0].header("X-Abate-Signature"), "sha256=" + hmac_sha256_hex("s3cret", an_order().body));
}

TEST_F(Webhook, the_secret_loses_only_its_last_newline) {
  ASSERT_TRUE(hook(" s\n\n")->carry_out(an_order()));
  EXPECT_EQ(sink_.calls()[0].header("X-Abate-Signature"), "sha256=" + hmac_sha256_hex(" s\n", an_order().body));
}

TEST_F(Webhook, every_answer_but_2xx_is_an_error_with_the_panels_words) {
  const auto enforcer = hook();
  for (const int status : {400, 403, 404, 409, 500, 503}) {
    sink_.answer(status, "the panel says no");
    const auto done = enforcer->carry_out(an_order());
    ASSERT_FALSE(done) << status;
    EXPECT_NE(done.error().what.find(std::to_string(status)), std::string::npos) << done.error().what;
    EXPECT_NE(done.error().what.find("the panel says no"), std::string::npos) << done.error().what;
  }
  for (const int status : {200, 201, 202, 204}) {
    sink_.answer(status);
    EXPECT_TRUE(enforcer->carry_out(an_order())) << status;
  }
}

TEST_F(Webhook, a_redirect_is_not_followed) {
  test::HookSink elsewhere;
  sink_.answer(307, "", "Location: " + elsewhere.url() + "\r\n");
  EXPECT_FALSE(hook()->carry_out(an_order()));
  EXPECT_TRUE(elsewhere.calls().empty());
}

TEST_F(Webhook, a_long_answer_is_cut) {
  sink_.answer(500, std::string(1 << 20, 'x'));
  const auto done = hook()->carry_out(an_order());
  ASSERT_FALSE(done);
  EXPECT_LT(done.error().what.size(), 1000U);
}

TEST_F(Webhook, a_panel_that_is_away_is_tried_again) {
  std::string dead;
  {
    const test::HookSink gone;
    dead = gone.url();
  }
  const auto file = folder_.path() / "hook.key";
  std::ofstream(file) << "x";
  const auto done =
      made({.name = "panel", .kind = "webhook", .url = dead, .secret_file = file, .run = {}})->carry_out(an_order());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, Fault::unavailable);
}

class Command : public testing::Test {
 protected:
  // An enforcer that runs a script of these lines.
  std::unique_ptr<desk::Enforcer> script(const std::string& lines, std::vector<std::string> more = {}) {
    const std::string path = folder_.path() / "measure";
    std::ofstream(path) << "#!/bin/sh\ncd \"" << folder_.path().string() << "\"\n" << lines << "\n";
    ::chmod(path.c_str(), 0755);
    more.insert(more.begin(), path);
    return made({.name = "script", .kind = "command", .url = "", .secret_file = "", .run = more});
  }
  test::TempFolder folder_;
};

TEST_F(Command, is_given_measure_direction_and_service_as_arguments_and_the_ticket_as_input) {
  const auto enforcer = script("printf '%s|' \"$@\" > args; cat > ticket", {"--panel", "a b"});
  desk::Order order = an_order();
  ASSERT_TRUE(enforcer->carry_out(order));
  EXPECT_EQ(content_of(folder_.path() / "args"), "--panel|a b|suspend|on|vps-1001; rm -rf $HOME|");
  EXPECT_EQ(content_of(folder_.path() / "ticket"), order.ticket_json);
  order.on = false;
  order.measure = MeasureKind::limit_port25;
  ASSERT_TRUE(enforcer->carry_out(order));
  EXPECT_EQ(content_of(folder_.path() / "args"), "--panel|a b|limit_port25|off|vps-1001; rm -rf $HOME|");
}

TEST_F(Command, its_error_holds_the_code_and_what_it_said) {
  const auto done = script("echo to stdout; echo to stderr >&2; exit 3")->carry_out(an_order());
  ASSERT_FALSE(done);
  for (const char* part : {"exited with 3", "to stdout", "to stderr"})
    EXPECT_NE(done.error().what.find(part), std::string::npos) << done.error().what;
  const auto killed = script("kill -9 $$")->carry_out(an_order());
  ASSERT_FALSE(killed);
  EXPECT_NE(killed.error().what.find("signal 9"), std::string::npos) << killed.error().what;
}

TEST_F(Command, much_output_is_read_and_cut) {
  const auto done = script("yes | head -c 3000000; exit 1")->carry_out(an_order());
  ASSERT_FALSE(done);
  EXPECT_LT(done.error().what.size(), 1000U);
}

TEST_F(Command, need_not_read_the_ticket) {
  desk::Order order = an_order();
  order.ticket_json = std::string(4 << 20, 'x');
  EXPECT_TRUE(script("exit 0")->carry_out(order));
}

TEST_F(Command, inherits_neither_our_environment_nor_our_files) {
  ASSERT_EQ(::setenv("ABATE_SECRET", "leak", 1), 0);
  const int open = ::socket(AF_INET, SOCK_STREAM, 0);  // not close-on-exec, as a library might leave it
  ASSERT_GT(open, 2);
  ASSERT_TRUE(script("env > env; ls /proc/$$/fd | tr '\\n' ' ' > fds; readlink /proc/$$/fd/* > links; exit 0")
                  ->carry_out(an_order()));
  ::close(open);
  EXPECT_EQ(content_of(folder_.path() / "env").find("ABATE_SECRET"), std::string::npos);
  EXPECT_EQ(content_of(folder_.path() / "links").find("socket:"), std::string::npos)
      << content_of(folder_.path() / "links");
}

TEST_F(Command, a_program_that_cannot_be_run_is_named) {
  const auto enforcer =
      made({.name = "script", .kind = "command", .url = "", .secret_file = "", .run = {"/nowhere/measure"}});
  const auto done = enforcer->carry_out(an_order());
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().what.find("/nowhere/measure"), std::string::npos) << done.error().what;
}

TEST_F(Command, is_ended_with_all_its_children_when_it_takes_too_long) {
  for (const char* lines : {"echo $$ > pid; sleep 300 & sleep 300", "echo $$ > pid; exec >&- 2>&-; sleep 300"}) {
    auto enforcer = script(lines);
    const auto begin = std::chrono::steady_clock::now();
    auto limited = made({.name = "s",
                         .kind = "command",
                         .url = "",
                         .secret_file = "",
                         .run = {folder_.path() / "measure"},
                         .time_max = 500ms});
    const auto done = limited->carry_out(an_order());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().fault, Fault::unavailable);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
    const int pid = std::stoi(content_of(folder_.path() / "pid"));
    EXPECT_NE(::kill(pid, 0), 0) << lines;
  }
}

TEST_F(Command, a_child_left_in_the_background_does_not_hold_up_what_is_done) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(script("sleep 20 & exit 0")->carry_out(an_order()));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

TEST(Enforcer, what_is_wrong_in_the_configuration_is_said_at_start) {
  const auto unknown = make_enforcer({.name = "x", .kind = "webhok", .url = "", .secret_file = "", .run = {}});
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().what.find("command, webhook"), std::string::npos) << unknown.error().what;
  for (const EnforcerConfig& bad :
       {EnforcerConfig{.name = "x", .kind = "webhook", .url = "ftp://x", .secret_file = "/dev/null", .run = {}},
        EnforcerConfig{.name = "x", .kind = "webhook", .url = "http://x.test", .secret_file = "/nowhere", .run = {}},
        EnforcerConfig{.name = "x", .kind = "webhook", .url = "http://x.test", .secret_file = "/dev/null", .run = {}},
        EnforcerConfig{.name = "x", .kind = "command", .url = "", .secret_file = "", .run = {}},
        EnforcerConfig{.name = "x", .kind = "command", .url = "", .secret_file = "", .run = {"relative"}}})
    EXPECT_EQ(make_enforcer(bad).error().fault, Fault::malformed);
}

TEST(Enforcer, each_kind_explains_itself) {
  for (const Kind* kind : kinds()) EXPECT_FALSE(kind->explain.empty()) << kind->name;
}

}  // namespace
}  // namespace abate::enforce
