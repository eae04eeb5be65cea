// SPDX-License-Identifier: Apache-2.0
// The small readers that all configurations share, and the weighing of a door.
#include <gtest/gtest.h>

#include "sweep/host/config/open_door.h"
#include "sweep/kit/memory_tree.h"

namespace abate::sweep {
namespace {

TEST(ConfigText, lines_lose_comments_but_not_quoted_signs) {
  const MemoryTree tree{"--- /c\n# all\na 1 # b\nc \"# kept\"\n\nd#e\n"};
  const auto lines = config_lines(tree, "/c");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].text, "a 1");
  EXPECT_EQ(lines[1].text, "c \"# kept\"");
  EXPECT_EQ(lines[2].text, "d#e");
  EXPECT_EQ(lines[1].line, 3U);
}

TEST(ConfigText, includes_stand_where_they_are_named_and_a_loop_ends) {
  const MemoryTree tree{"--- /etc/a.conf\none\ninclude b.conf\ntwo\n--- /etc/b.conf\nthree\ninclude /etc/a.conf\n"};
  std::string all;
  for (const ConfigLine& line : config_lines_with_includes(tree, "/etc/a.conf", "include")) all += line.text + " ";
  EXPECT_EQ(all, "one three two ");
}

TEST(ConfigText, yaml_is_flattened_with_its_lists) {
  const MemoryTree tree{
      "--- /y\nnet:\n  port: 27017\n  bindIp: [127.0.0.1, 0.0.0.0]\na.b: c # d\nlist:\n  - x: 1\n    y: 2\n  - z\n"};
  const auto settings = yaml_settings(tree, "/y");
  EXPECT_EQ(value_of(settings, "net.port"), "27017");
  EXPECT_EQ(value_of(settings, "net.bindip.1"), "0.0.0.0");
  EXPECT_EQ(value_of(settings, "a.b"), "c");
  EXPECT_EQ(value_of(settings, "list.0.y"), "2");
  EXPECT_EQ(value_of(settings, "list.1"), "z");
}

TEST(ConfigText, json_is_flattened_and_nonsense_is_nothing) {
  const auto settings = json_settings_of("{\"hosts\": [\"tcp://0.0.0.0:2375\"],\n \"tls\": false} // x", "/j");
  EXPECT_EQ(value_of(settings, "hosts.0"), "tcp://0.0.0.0:2375");
  EXPECT_EQ(last_of(settings, "tls")->at.line, 2U);
  EXPECT_TRUE(json_settings_of("{\"a\":", "/j").empty());
  EXPECT_TRUE(json_settings_of(std::string(100'000, '['), "/j").empty());
}

TEST(ConfigText, networks_as_administrators_write_them) {
  EXPECT_TRUE(is_everybody("0.0.0.0/0"));
  EXPECT_TRUE(is_everybody("0/0"));
  EXPECT_TRUE(is_everybody("::/0"));
  EXPECT_TRUE(is_everybody("[::]/0"));
  EXPECT_TRUE(is_everybody("0.0.0.0/0.0.0.0"));
  EXPECT_FALSE(is_everybody("10.0.0.0/8"));
  EXPECT_FALSE(is_everybody("10."));
  EXPECT_FALSE(is_everybody("192.168.0.0/255.255.0.0"));
  EXPECT_FALSE(is_everybody("fd00::/8"));
  EXPECT_FALSE(is_everybody("203.0.113.0/24"));
  EXPECT_FALSE(is_everybody("mail.example.org"));
  EXPECT_TRUE(is_everybody("203.0.0.0/8"));
}

TEST(ConfigText, addresses_that_face_the_world) {
  EXPECT_TRUE(faces_the_world("0.0.0.0"));
  EXPECT_TRUE(faces_the_world("*"));
  EXPECT_TRUE(faces_the_world("203.0.113.5"));
  EXPECT_FALSE(faces_the_world("127.0.0.1"));
  EXPECT_FALSE(faces_the_world("10.1.2.3"));
  EXPECT_FALSE(faces_the_world("localhost"));
  EXPECT_EQ(port_of("[::]:8080", 1), 8080);
  EXPECT_EQ(port_of("x", 25), 25);
  EXPECT_EQ(host_part("192.0.2.1:80"), "192.0.2.1");
}

std::string drops(std::string_view text, std::uint16_t port) {
  const MemoryTree tree{text};
  Host host;
  host.tree = &tree;
  return firewall_drops(host, port, "tcp");
}

TEST(Firewall, nftables_with_a_drop_policy_keeps_the_port_closed) {
  constexpr std::string_view kRules =
      "--- /etc/systemd/system/sysinit.target.wants/nftables.service\nx\n--- /etc/nftables.conf\ntable inet filter {\n "
      "chain "
      "input {\n type filter hook input priority 0; policy drop;\n ct state established accept\n tcp dport { 22, 80 } "
      "accept\n "
      "}\n}\n";
  EXPECT_NE(drops(kRules, 6379), "");
  EXPECT_EQ(drops(kRules, 80), "");
}

TEST(Firewall, rules_that_no_unit_loads_are_no_firewall) {
  EXPECT_EQ(drops("--- /etc/nftables.conf\nchain input {\n hook input priority 0; policy drop;\n}\n", 80), "");
}

TEST(Firewall, iptables_and_ufw) {
  constexpr std::string_view kTables =
      "--- /etc/iptables/rules.v4\n*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp --dport 25 -j "
      "ACCEPT\n";
  EXPECT_NE(drops(kTables, 3128), "");
  EXPECT_EQ(drops(kTables, 25), "");
  constexpr std::string_view kUfw =
      "--- /etc/ufw/ufw.conf\nENABLED=yes\n--- /etc/default/ufw\nDEFAULT_INPUT_POLICY=\"DROP\"\n--- "
      "/etc/ufw/user.rules\n-A "
      "ufw-user-input -p tcp --dport 22 -j ACCEPT\n";
  EXPECT_NE(drops(kUfw, 3306), "");
  EXPECT_EQ(drops(kUfw, 22), "");
}

}  // namespace
}  // namespace abate::sweep
