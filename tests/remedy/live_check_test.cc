// SPDX-License-Identifier: Apache-2.0
#include "remedy/live_check.h"

#include <gtest/gtest.h>

#include "remedy/verify.h"
#include "sweep/kit/memory_tree.h"

namespace abate::remedy {
namespace {

constexpr Instant kNow{Duration{1'790'000'000'000'000}};
using Outcome = LiveSeen::Outcome;
using End = LiveVerdict::End;

Stands done(const std::string& kind, const std::vector<std::string>& paths) {
  Stands one;
  one.action = {.run = "run-1", .action = "a-" + kind, .kind = kind, .at = kNow - std::chrono::hours{1}};
  one.holds = true;
  one.paths = paths;
  one.tried = "compared";
  return one;
}

Finding open_door(const std::string& role, std::uint16_t port = 0) {
  Finding finding;
  finding.severity = Severity::weak;
  finding.role = role;
  finding.subject.port = port;
  return finding;
}

LiveTry answered(LiveCheck::Kind kind, Outcome outcome, unsigned status = 0, const std::string& url = {}) {
  LiveTry one;
  one.check.kind = kind;
  one.check.about = "port:25";
  one.check.address = *parse_ip("203.0.113.10");
  one.seen = {.outcome = outcome, .tried = "tried", .seen = "seen", .status = status, .final_url = url};
  return one;
}

class LiveChecks : public testing::Test {
 protected:
  LiveChecks() {
    host_.tree = &tree_;
    host_.live = true;
    for (const char* address : {"127.0.0.1", "203.0.113.10", "::1", "fe80::1", "2001:db8::10"})
      own_.push_back(*parse_ip(address));
  }
  void listens(const std::string& protocol, const std::string& address, std::uint16_t port) {
    host_.sockets.push_back({.protocol = protocol, .state = "listen", .local = *parse_ip(address), .local_port = port});
  }
  [[nodiscard]] std::string checks(const std::vector<Stands>& stands, const std::vector<Finding>& findings) const {
    std::string out;
    for (const LiveCheck& check : live_checks(stands, findings, host_, own_))
      out += fmt::format("{}@{}:{}{} ", static_cast<int>(check.kind), check.address.to_string(), check.port,
                         check.service.empty() ? "" : "=" + check.service);
    return out;
  }
  sweep::MemoryTree tree_{""};
  sweep::Host host_;
  std::vector<IpAddress> own_;
};

TEST_F(LiveChecks, go_to_this_machines_own_addresses_that_strangers_reach) {
  listens("tcp", "0.0.0.0", 25);
  EXPECT_EQ(checks({done("close_relay", {"/etc/postfix/main.cf"})}, {}), "1@203.0.113.10:25 1@2001:db8::10:25 ");
  EXPECT_EQ(checks({}, {open_door("open_relay")}), "1@203.0.113.10:25 1@2001:db8::10:25 ");
  EXPECT_EQ(checks({}, {}), "") << "nothing of the ticket is about mail";
  host_.ticket.category = Category::spam;
  EXPECT_NE(checks({}, {}), "");
  host_.live = false;
  EXPECT_EQ(checks({}, {}), "") << "a mounted disk answers nothing";
}

TEST_F(LiveChecks, ask_what_listens_and_what_it_is_about) {
  listens("udp", "0.0.0.0", 53);
  listens("tcp", "0.0.0.0", 11211);
  listens("tcp", "0.0.0.0", 3128);
  own_ = {*parse_ip("203.0.113.10")};
  host_.ticket.category = Category::ddos;
  EXPECT_EQ(checks({}, {}), "3@203.0.113.10:53 4@203.0.113.10:11211=memcached ");
  host_.ticket.category = Category::proxy;
  EXPECT_EQ(checks({}, {}), "2@203.0.113.10:3128 ");
  listens("tcp", "203.0.113.10", 9999);
  EXPECT_EQ(checks({}, {open_door("open_proxy", 9999)}), "2@203.0.113.10:3128 2@203.0.113.10:9999 ");
}

TEST_F(LiveChecks, look_at_the_reported_pages_by_loopback_too) {
  host_.ticket.leads = {{.kind = LeadKind::url, .value = "http://shop.example/x.php?a=1", .from = "incident 1"},
                        {.kind = LeadKind::url, .value = "https://shop.example:8443/y", .from = "incident 1"},
                        {.kind = LeadKind::url, .value = "ftp://shop.example/z", .from = "incident 1"}};
  EXPECT_EQ(checks({}, {}), "") << "no web server";
  listens("tcp", "::", 80);
  EXPECT_EQ(checks({}, {}), "0@127.0.0.1:80 0@203.0.113.10:80 ");
  listens("tcp", "203.0.113.10", 8443);
  EXPECT_EQ(checks({}, {}), "0@127.0.0.1:80 0@203.0.113.10:80 0@203.0.113.10:8443 ");
}

TEST_F(LiveChecks, a_refusal_proves_and_a_welcome_proves_only_what_the_configuration_says_too) {
  const LiveTry welcome = answered(LiveCheck::Kind::relay, Outcome::open);
  EXPECT_EQ(weigh(answered(LiveCheck::Kind::relay, Outcome::closed), {}, {}).end, End::gone);
  EXPECT_EQ(weigh(welcome, {}, {open_door("open_relay")}).end, End::there);
  EXPECT_EQ(weigh(welcome, {}, {}).end, End::not_examined) << "it may trust its own addresses";
  EXPECT_TRUE(weigh(welcome, {}, {}).is_doubt);
  EXPECT_FALSE(weigh(welcome, {done("close_relay", {"/etc/postfix/main.cf"})}, {}).is_doubt) << "its closing stands";
  EXPECT_EQ(weigh(answered(LiveCheck::Kind::service, Outcome::open), {}, {}).end, End::there);
  EXPECT_EQ(weigh(answered(LiveCheck::Kind::proxy, Outcome::open), {}, {}).end, End::there);
  EXPECT_TRUE(weigh(answered(LiveCheck::Kind::proxy, Outcome::unclear), {}, {}).is_doubt);
}

TEST_F(LiveChecks, a_page_is_gone_when_it_is_not_shown_or_has_another_content) {
  const auto page = [](Outcome outcome, unsigned status, const std::string& url) {
    return answered(LiveCheck::Kind::page, outcome, status, url);
  };
  EXPECT_EQ(weigh(page(Outcome::closed, 404, "http://shop.example/x.php"), {}, {}).end, End::gone);
  const LiveTry shown = page(Outcome::open, 200, "http://shop.example/wp/x.php?a=/b");
  EXPECT_EQ(weigh(shown, {}, {}).end, End::there);
  EXPECT_EQ(weigh(shown, {done("quarantine_file", {"/srv/www/wp/x.php"})}, {}).end, End::there)
      << "put away, yet shown";
  EXPECT_EQ(weigh(shown, {done("restore_package_file", {"/srv/www/wp/x.php"})}, {}).end, End::gone);
  EXPECT_EQ(weigh(page(Outcome::open, 302, "http://shop.example/x"), {}, {}).end, End::there) << "it leads elsewhere";
  EXPECT_EQ(weigh(page(Outcome::open, 200, "http://shop.example"), {}, {}).end, End::not_examined);
}

TEST_F(LiveChecks, stand_in_the_verdict_as_proofs) {
  const Verified open = verify({}, {}, {}, host_, kNow, {answered(LiveCheck::Kind::service, Outcome::open)});
  EXPECT_FALSE(open.gone);
  ASSERT_EQ(open.proofs.size(), 2U);
  EXPECT_EQ(open.proofs[0].about, "port:25");
  EXPECT_FALSE(open.proofs[0].good);
  EXPECT_EQ(open.proofs[0].service, "203.0.113.10");
  EXPECT_EQ(open.proofs[0].hash, proof_hash(open.proofs[0]));
  EXPECT_EQ(open.proofs[1].about, "sweep") << "last: the reply rests on it";
  EXPECT_TRUE(verify({}, {}, {}, host_, kNow, {answered(LiveCheck::Kind::service, Outcome::closed)}).gone);
  const Verified doubt = verify({}, {}, {}, host_, kNow, {answered(LiveCheck::Kind::relay, Outcome::open)});
  EXPECT_TRUE(doubt.gone && doubt.is_in_doubt);
  EXPECT_EQ(doubt.not_examined.size(), 1U);
}

TEST_F(LiveChecks, what_was_put_away_must_not_start_again) {
  const std::vector<Stands> stands{done("quarantine_file", {"/tmp/.x/miner"})};
  EXPECT_TRUE(verify(stands, {}, {}, host_, kNow).gone);
  host_.autostarts.push_back(
      {.kind = sweep::AutostartKind::cron, .path = "/etc/cron.d/x", .command = "/tmp/.x/miner2"});
  EXPECT_TRUE(verify(stands, {}, {}, host_, kNow).gone) << "another name";
  host_.autostarts.push_back(
      {.kind = sweep::AutostartKind::cron, .path = "/etc/cron.d/y", .command = "sh -c '/tmp/.x/miner -q'"});
  EXPECT_FALSE(verify(stands, {}, {}, host_, kNow).gone);
  host_.autostarts[1].enabled = false;
  EXPECT_TRUE(verify(stands, {}, {}, host_, kNow).gone) << "it is switched off";
  host_.processes.push_back({.pid = 7, .comm = "miner", .exe = "/tmp/.x/miner", .exe_deleted = true});
  EXPECT_FALSE(verify(stands, {}, {}, host_, kNow).gone) << "it still runs";
}

}  // namespace
}  // namespace abate::remedy
