// SPDX-License-Identifier: Apache-2.0
// What Postfix would do, from its files.
#include <gtest/gtest.h>

#include "sweep/host/config/postfix.h"
#include "sweep/kit/memory_tree.h"

namespace abate::sweep {
namespace {

std::string opens(std::string_view main, std::string_view master = "smtp inet n - y - - smtpd\n",
                  std::string_view more = "") {
  const MemoryTree tree{
      fmt::format("--- /etc/postfix/main.cf\n{}\n--- /etc/postfix/master.cf\n{}\n{}", main, master, more)};
  const Postfix postfix{tree};
  for (const PostfixService& service : postfix.services())
    if (const auto door = postfix.relays_for_strangers(service))
      return fmt::format("{} {}", door->at.line, door->because);
  return "closed";
}

TEST(Postfix, expands_variables_and_their_alternatives) {
  const MemoryTree tree{
      "--- /etc/postfix/main.cf\na = 1\nb = $a ${a}2 ${c?x} ${c:y} ${a?set}\n  goes on\n--- /etc/postfix/master.cf\n"};
  EXPECT_EQ(Postfix{tree}.value("b"), "1 12  y set goes on");
}

TEST(Postfix, survives_a_value_that_holds_itself) {
  const MemoryTree tree{"--- /etc/postfix/main.cf\na = $a $a $b\nb = $a $b $b\n"};
  EXPECT_LT(Postfix{tree}.value("a").size(), 200'000U);
}

TEST(Postfix, names_the_line_that_opens_the_relay) {
  EXPECT_EQ(opens("compatibility_level = 3.6\n\nmynetworks = 0.0.0.0/0"),
            "3 mynetworks holds 0.0.0.0/0: that is everybody");
}

TEST(Postfix, an_exclusion_before_the_network_wins) {
  EXPECT_EQ(opens("compatibility_level = 3.6\nmynetworks = !0.0.0.0/0, 0.0.0.0/0"), "closed");
}

TEST(Postfix, old_compatibility_level_leaves_the_relay_list_empty) {
  EXPECT_EQ(
      opens("mynetworks = 127.0.0.0/8\nsmtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination"),
      "closed");
  EXPECT_NE(opens("mynetworks = 127.0.0.0/8\nsmtpd_recipient_restrictions = permit_mynetworks, permit"), "closed");
}

TEST(Postfix, either_list_that_refuses_closes_the_relay) {
  EXPECT_EQ(opens("mynetworks = 127.0.0.0/8\nsmtpd_relay_restrictions = permit\nsmtpd_recipient_restrictions = "
                  "reject_unauth_destination"),
            "closed");
}

TEST(Postfix, a_client_list_that_ends_in_reject_closes_it) {
  EXPECT_EQ(opens("smtpd_relay_restrictions = permit\nsmtpd_client_restrictions = permit_sasl_authenticated, reject"),
            "closed");
}

TEST(Postfix, reads_networks_from_tables_and_files) {
  EXPECT_NE(opens("compatibility_level = 3\nmynetworks = cidr:/etc/postfix/nets", "smtp inet n - y - - smtpd\n",
                  "--- /etc/postfix/nets\n0.0.0.0/0 OK\n"),
            "closed");
  EXPECT_EQ(opens("compatibility_level = 3\nmynetworks = /etc/postfix/nets", "smtp inet n - y - - smtpd\n",
                  "--- /etc/postfix/nets\n192.168.0.0/16\n"),
            "closed");
}

TEST(Postfix, a_service_on_loopback_is_no_door) {
  EXPECT_EQ(opens("compatibility_level = 3\nmynetworks = 0.0.0.0/0", "127.0.0.1:10025 inet n - y - - smtpd\n"),
            "closed");
  EXPECT_EQ(opens("mynetworks = 0.0.0.0/0\ninet_interfaces = 127.0.0.1, ::1"), "closed");
}

TEST(Postfix, braces_hold_blanks_in_an_override) {
  EXPECT_EQ(opens("mynetworks = 0.0.0.0/0",
                  "smtp inet n - y - - smtpd\n -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }\n"),
            "closed");
}

TEST(Postfix, relay_domains_that_take_everything_open_it) {
  EXPECT_NE(opens("compatibility_level = 3\nmynetworks = 127.0.0.0/8\nrelay_domains = static:all"), "closed");
}

}  // namespace
}  // namespace abate::sweep
