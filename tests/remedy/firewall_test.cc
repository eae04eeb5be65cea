// SPDX-License-Identifier: Apache-2.0
#include "remedy/firewall.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweep/kit/memory_tree.h"

namespace abate::remedy {
namespace {

using testing::HasSubstr;
using testing::Not;

class FirewallTest : public testing::Test {
 protected:
  sweep::Host host(const sweep::Tree& tree) {
    sweep::Host one;
    one.tree = &tree;
    one.live = true;
    one.accounts.push_back({.name = "www-data", .uid = 33, .home = "/var/www"});
    std::uint32_t pid = 100;
    for (const auto& [comm, exe, uid, protocol, port, state] : listening_) {
      ++pid;
      one.processes.push_back({.pid = pid, .uid = uid, .comm = comm, .exe = exe});
      one.sockets.push_back(
          {.protocol = protocol, .state = state, .local = *parse_ip(address_), .local_port = port, .pid = pid});
    }
    return one;
  }
  struct Row {
    std::string comm, exe;
    std::uint32_t uid;
    std::string protocol;
    std::uint16_t port;
    std::string state;
  };
  void listens(std::string comm, std::uint16_t port, std::string exe = "/usr/sbin/x", std::uint32_t uid = 0) {
    listening_.push_back({std::move(comm), std::move(exe), uid, "tcp", port, "listen"});
  }
  std::vector<Row> listening_;
  std::string address_ = "0.0.0.0";
};

TEST_F(FirewallTest, sshd_comes_first_by_its_configuration_its_socket_and_its_sessions) {
  const sweep::MemoryTree tree{"--- /etc/ssh/sshd_config\nPort 2222\n"};
  listens("nginx", 80);
  listening_.push_back({"sshd", "/usr/sbin/sshd", 0, "tcp", 2022, "established"});
  const Reach reach = reach_of(host(tree));
  EXPECT_EQ(says_ports(reach.open), "2022/tcp (sshd), 2222/tcp (sshd), 80/tcp (nginx)");
  const std::string rules = firewall_rules(reach, 0);
  EXPECT_LT(rules.find("tcp dport 2222 accept"), rules.find("drop\n\t\tmeta")) << rules;
  EXPECT_LT(rules.find("tcp dport 2222 accept"), rules.find("ct state invalid drop"));
}

TEST_F(FirewallTest, databases_and_what_a_web_user_opened_are_shut_whoever_listens) {
  const sweep::MemoryTree tree{""};
  listens("mysqld", 3306);
  listens("x", 4444, "/tmp/.x/x", 33);
  listens("perl", 5555, "/usr/bin/perl", 33);
  listens("nginx", 443, "/usr/sbin/nginx", 33);
  const Reach reach = reach_of(host(tree));
  EXPECT_EQ(says_ports(reach.open), "443/tcp (nginx)");
  EXPECT_EQ(says_ports(reach.shut), "3306/tcp (mysqld), 4444/tcp (x), 5555/tcp (perl)");
}

TEST_F(FirewallTest, what_listens_for_this_machine_only_needs_no_rule) {
  const sweep::MemoryTree tree{""};
  address_ = "127.0.0.1";
  listens("app", 8000);
  EXPECT_TRUE(reach_of(host(tree)).open.empty());
}

TEST_F(FirewallTest, passive_ftp_keeps_its_range) {
  const sweep::MemoryTree tree{"--- /etc/vsftpd.conf\npasv_min_port=40000\npasv_max_port=40100\n"};
  listens("vsftpd", 21);
  EXPECT_THAT(firewall_rules(reach_of(host(tree)), 0), HasSubstr("tcp dport 40000-40100 accept"));
}

TEST_F(FirewallTest, a_trial_drops_by_a_set_that_the_kernel_forgets_and_lets_in_by_itself) {
  const Reach reach{.open = {{"tcp", 22, 22, "sshd"}}, .shut = {}};
  const std::string trial = firewall_rules(reach, kTrialSeconds);
  EXPECT_THAT(trial, HasSubstr("policy accept"));
  EXPECT_THAT(trial, HasSubstr("timeout 120s"));
  EXPECT_THAT(firewall_rules(reach, 0), HasSubstr("policy drop"));
  EXPECT_THAT(firewall_rules(reach, 0), Not(HasSubstr("timeout")));
}

TEST_F(FirewallTest, other_firewalls_are_left_alone) {
  const sweep::MemoryTree ufw{"--- /etc/ufw/ufw.conf\nENABLED=yes\n--- /usr/sbin/nft\nx\n"};
  listens("nginx", 80);
  const Result<Work> work = firewall_work(host(ufw));
  ASSERT_TRUE(work);
  EXPECT_TRUE(work->changes.empty());
  EXPECT_THAT(work->by_hand, HasSubstr("/etc/ufw/ufw.conf"));
  const sweep::MemoryTree off{"--- /etc/ufw/ufw.conf\nENABLED=no\n--- /usr/sbin/ufw\nx\n--- /usr/sbin/nft\nx\n"};
  EXPECT_THAT(firewall_work(host(off))->by_hand, HasSubstr("ufw allow 80/tcp; ufw enable"));
  const sweep::MemoryTree old{"--- /proc/net/ip_tables_names\nfilter\n--- /usr/sbin/nft\nx\n"};
  EXPECT_TRUE(firewall_work(host(old))->changes.empty());
}

TEST_F(FirewallTest, without_a_mail_server_that_it_knows_mail_is_left_to_a_person) {
  const sweep::MemoryTree none{"--- /usr/sbin/nft\nx\n"};
  EXPECT_FALSE(egress_work(host(none))->by_hand.empty());
  const sweep::MemoryTree postfix{"--- /usr/sbin/nft\nx\n--- /usr/sbin/postfix\nx\n--- /etc/cron.d/\n"};
  sweep::Host with = host(postfix);
  with.accounts.push_back({.name = "postfix", .uid = 107});
  const Result<Work> work = egress_work(with);
  ASSERT_TRUE(work);
  ASSERT_FALSE(work->changes.empty());
  EXPECT_THAT(work->changes[1].bytes, HasSubstr("skuid { 107 } accept"));
}

}  // namespace
}  // namespace abate::remedy
