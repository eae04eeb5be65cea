// SPDX-License-Identifier: Apache-2.0
// Each kind of probe against something real on loopback.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "probe/prober.h"
#include "support/dns_server.h"
#include "support/hook_sink.h"
#include "support/server_program.h"
#include "support/smtp_sink.h"

namespace abate::probe {
namespace {

const IpAddress kLoopback = *parse_ip("127.0.0.1");

Means means() {
  Means out;
  out.listener = kLoopback;
  out.bounds.patience = std::chrono::seconds{4};
  return out;
}

std::vector<ProbeSeen> probe(const std::string& kind, std::uint16_t port, const std::string& url = {},
                             const Means& how = means()) {
  return make_prober(how)->probe({.kind = kind, .address = kLoopback, .port = port, .url = url});
}

bool all_are(const std::vector<ProbeSeen>& seen, ProbeOutcome outcome) {
  return !seen.empty() && std::ranges::all_of(seen, [&](const ProbeSeen& one) { return one.outcome == outcome; });
}

TEST(Kinds, have_each_a_name_of_their_own_and_a_manual) {
  std::set<std::string_view> names;
  for (const Kind* kind : kinds()) {
    EXPECT_TRUE(names.insert(kind->name).second) << kind->name;
    EXPECT_GT(kind->explain.size(), 40U) << kind->name;
  }
  EXPECT_GE(names.size(), 13U);
}

TEST(Kinds, each_that_the_model_asks_for_is_there) {
  for (const int port : {25, 53, 11211, 123, 161, 6379, 19, 1900, 389, 111, 3128, 5900}) {
    Incident incident;
    incident.type = "vulnerability/open_service";
    incident.source_ip = kLoopback;
    incident.source_port = static_cast<std::uint16_t>(port);
    for (const ProbeTask& task : probes_for(Category::other, {incident}))
      EXPECT_TRUE(std::ranges::any_of(kinds(), [&](const Kind* kind) { return kind->name == task.kind; })) << task.kind;
  }
  EXPECT_TRUE(all_are(probe("unheard_of", 1), ProbeOutcome::not_probed));
}

TEST(Kinds, say_gone_where_nobody_listens) {
  const std::uint16_t port = test::free_port();
  for (const Kind* kind : kinds()) {
    const std::string url = "http://shop.example:" + std::to_string(port) + "/x";
    EXPECT_TRUE(all_are(probe(std::string{kind->name}, port, url), ProbeOutcome::gone)) << kind->name;
  }
}

TEST(Kinds, say_nothing_for_sure_of_a_liar) {
  const test::Liar liar{[](int guest) { test::say_without_end(guest, "", 'x'); }};
  for (const Kind* kind : kinds()) {
    if (kind->name == "open_port") continue;  // somebody listens, and that is all it asks
    Means hasty = means();
    hasty.bounds.patience = std::chrono::seconds{1};
    const std::string url = "http://shop.example:" + std::to_string(liar.port()) + "/x";
    for (const ProbeSeen& one : probe(std::string{kind->name}, liar.port(), url, hasty))
      EXPECT_NE(one.outcome, ProbeOutcome::live) << kind->name << ": " << one.seen;
  }
}

TEST(OpenRelay, is_live_until_the_server_refuses) {
  test::SmtpSink server;
  EXPECT_TRUE(all_are(probe("open_relay", server.port()), ProbeOutcome::live));
  server.at("RCPT", "554 5.7.1 Relay access denied");
  EXPECT_TRUE(all_are(probe("open_relay", server.port()), ProbeOutcome::gone));
  EXPECT_TRUE(server.mails().empty());
}

TEST(OpenProxy, is_not_tried_without_a_listener) {
  Means without = means();
  without.listener.reset();
  EXPECT_TRUE(all_are(probe("open_proxy", 1080, {}, without), ProbeOutcome::not_probed));
}

TEST(OpenProxy, is_live_when_the_word_arrives) {
  const std::string root = test::unpacked({"microsocks"});
  const std::uint16_t port = test::free_port();
  const test::ServerProgram proxy{{root + "/usr/bin/microsocks", "-i", "127.0.0.1", "-p", std::to_string(port)}, root};
  ASSERT_TRUE(proxy.listens(port)) << proxy.said();
  const std::vector<ProbeSeen> seen = probe("open_proxy", port);
  EXPECT_EQ(seen.back().outcome, ProbeOutcome::live) << seen.back().seen;
  EXPECT_NE(seen.back().seen.find("the word arrived"), std::string::npos);
}

TEST(HttpContent, is_live_until_the_page_is_gone_and_follows_nothing) {
  test::HookSink server;
  const std::string port = server.url().substr(17, server.url().rfind('/') - 17);
  const std::string url = "http://shop.example:" + port + "/login";
  server.answer(200, "<form>");
  std::vector<ProbeSeen> seen = probe("http_content", 0, url);
  EXPECT_EQ(seen.size(), 3U) << "three visitors";
  EXPECT_TRUE(all_are(seen, ProbeOutcome::live)) << seen[0].seen;
  EXPECT_EQ(seen[0].sha256.size(), 64U);
  ASSERT_EQ(server.calls().size(), 3U);
  EXPECT_EQ(server.calls()[0].header("host"), "shop.example:" + port)
      << "the name goes into Host, and is not looked up";
  server.answer(404, "no");
  EXPECT_TRUE(all_are(probe("http_content", 0, url), ProbeOutcome::gone));
  server.answer(302, "", "Location: " + server.url() + "\r\n");
  const std::size_t calls = server.calls().size();
  EXPECT_TRUE(all_are(probe("http_content", 0, url), ProbeOutcome::unclear));
  EXPECT_EQ(server.calls().size(), calls + 3) << "nobody went on to where it led";
  server.answer(200, "shop");
  EXPECT_TRUE(all_are(probe("http_content", 0, "http://shop.example:" + port + "/"), ProbeOutcome::unclear));
}

}  // namespace
}  // namespace abate::probe
