// SPDX-License-Identifier: Apache-2.0
#include "remedy/site_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweep/kit/memory_tree.h"

namespace abate::remedy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

sweep::Host host_on(const sweep::Tree& tree) {
  sweep::Host host;
  host.tree = &tree;
  return host;
}

sweep::Site site(std::string server, std::string config, std::uint32_t line) {
  sweep::Site one;
  one.docroot = "/var/www/html";
  one.server = std::move(server);
  one.config = std::move(config);
  one.line = line;
  return one;
}

constexpr std::string_view kTwoServers =
    "# server { of the past }\n"
    "upstream app { server 127.0.0.1:9000; }\n"
    "server {\n"
    "    listen 80;  # the club\n"
    "    add_header X \"server { '\";\n"
    "}\n"
    "server # a comment\n"
    "{ listen 81; set $x ${y}z; }\n";

TEST(NginxServer, is_found_by_its_line_among_all_that_looks_like_one) {
  EXPECT_EQ(behind_server_brace(kTwoServers, 3), kTwoServers.find("server {\n") + 8);
  EXPECT_EQ(behind_server_brace(kTwoServers, 7), kTwoServers.find("{ listen 81") + 1);
  for (const std::uint32_t other : {0U, 1U, 2U, 4U, 5U, 6U, 8U, 99U})
    EXPECT_FALSE(behind_server_brace(kTwoServers, other));
  EXPECT_FALSE(behind_server_brace("server { } server { }", 1)) << "which of them?";
  for (std::size_t cut = 0; cut <= kTwoServers.size(); ++cut)
    static_cast<void>(behind_server_brace(kTwoServers.substr(0, cut), 7));
}

TEST(NginxServer, gets_the_rule_on_its_own_line_and_all_else_stays) {
  const sweep::MemoryTree tree{
      "--- /etc/nginx/sites-enabled/club -> ../sites-available/club\n"
      "--- /etc/nginx/sites-available/club\n" +
      std::string{kTwoServers}};
  const Result<Work> work = gone_rule(host_on(tree), site("nginx", "/etc/nginx/sites-enabled/club", 3), "/a \"b\".php");
  ASSERT_TRUE(work) << work.error().what;
  ASSERT_EQ(work->changes.size(), 1U) << work->by_hand;
  EXPECT_EQ(work->changes[0].path, "/etc/nginx/sites-available/club");
  std::string expected{kTwoServers};
  expected.insert(expected.find("server {\n") + 8, R"( location = "/a \"b\".php" { return 410; })");
  EXPECT_EQ(work->changes[0].bytes, expected);
  EXPECT_THAT(work->check, ElementsAre("nginx", "-t"));
  const sweep::MemoryTree after{"--- /etc/nginx/x.conf\n" + expected};
  EXPECT_THAT(gone_rule(host_on(after), site("nginx", "/etc/nginx/x.conf", 3), "/a \"b\".php")->changes, IsEmpty())
      << "it stands there already";
}

TEST(SiteRule, a_paused_site_answers_503_everywhere) {
  const sweep::MemoryTree tree{
      "--- /etc/nginx/x.conf\nserver { listen 80; }\n--- /var/www/html/.htaccess\nOptions -Indexes\n"};
  EXPECT_EQ(pause_rule(host_on(tree), site("nginx", "/etc/nginx/x.conf", 1))->changes.at(0).bytes,
            "server { return 503; listen 80; }\n");
  EXPECT_EQ(pause_rule(host_on(tree), site("apache", "/etc/apache2/x.conf", 1))->changes.at(0).bytes,
            "RedirectMatch 503 \"^/\"\nOptions -Indexes\n");
}

TEST(SiteRule, another_server_is_left_to_a_person_with_the_words) {
  const sweep::MemoryTree tree{""};
  const Result<Work> caddy = gone_rule(host_on(tree), site("caddy", "/etc/caddy/Caddyfile", 1), "/x.php");
  ASSERT_TRUE(caddy);
  EXPECT_THAT(caddy->changes, IsEmpty());
  EXPECT_THAT(caddy->by_hand, HasSubstr("respond \"/x.php\" 410"));
  EXPECT_FALSE(gone_rule(host_on(tree), site("nginx", "/x", 1), "/x\n.php"));
}

}  // namespace
}  // namespace abate::remedy
