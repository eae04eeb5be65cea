// SPDX-License-Identifier: Apache-2.0
#include "remedy/edit.h"

#include <gtest/gtest.h>

#include "remedy/mailbox.h"
#include "sweep/kit/memory_tree.h"

namespace abate::remedy {
namespace {

sweep::Host host_on(const sweep::Tree& tree) {
  sweep::Host host;
  host.tree = &tree;
  return host;
}

std::string bytes_of(const Result<Work>& work) {
  return work && !work->changes.empty() ? work->changes[0].bytes : "(none)";
}

Subject line_of(std::string path, std::uint32_t line) {
  Subject subject;
  subject.kind = SubjectKind::config;
  subject.path = std::move(path);
  subject.line = line;
  return subject;
}

TEST(Edit, other_lines_stay_as_they_are_byte_for_byte) {
  const auto second = [](std::string_view line, std::uint32_t number) {
    return number == 2 ? "TWO" : std::string{line};
  };
  EXPECT_EQ(map_lines("\none\n", second), "\nTWO\n");
  EXPECT_EQ(map_lines("a\r\nb\r\nc", second), "a\r\nTWO\nc");
  EXPECT_EQ(map_lines("a\nb", second), "a\nTWO") << "a last line without an end gets none";
  EXPECT_EQ(map_lines("", second), "");
}

TEST(Edit, a_linked_configuration_is_changed_where_it_lies) {
  const sweep::MemoryTree tree{"--- /etc/real.conf\nbad yes\n--- /etc/x.conf -> real.conf\n"};
  const Result<Change> change = comment_line(host_on(tree), "/etc/x.conf", 1);
  ASSERT_TRUE(change) << change.error().what;
  EXPECT_EQ(change->path, "/etc/real.conf");
  EXPECT_TRUE(change->bytes.starts_with('#')) << change->bytes;
}

TEST(Edit, a_folder_goes_with_all_that_is_in_it_the_deepest_first) {
  const sweep::MemoryTree tree{
      "--- /w/kit/a/b.txt\nx\n--- /w/kit/index.php\nx\n--- /w/kit/l -> /etc\n--- /w/other\nx\n"};
  const Result<std::vector<Change>> changes = remove_folder_changes(host_on(tree), "/w/kit");
  ASSERT_TRUE(changes) << changes.error().what;
  std::vector<std::string> paths;
  for (const Change& change : *changes) paths.push_back(change.path);
  ASSERT_EQ(paths.size(), 5U);
  EXPECT_EQ(paths.back(), "/w/kit");
  EXPECT_LT(std::ranges::find(paths, "/w/kit/a/b.txt"), std::ranges::find(paths, "/w/kit/a"));
  const sweep::MemoryTree odd{"--- /w/kit/pipe fifo\n"};
  EXPECT_FALSE(remove_folder_changes(host_on(odd), "/w/kit")) << "what cannot be sealed is not removed";
}

TEST(Mailbox, is_locked_in_every_file_that_names_it_and_goes_on_existing) {
  const sweep::MemoryTree tree{
      "--- /etc/dovecot/users\nkim@example.org:{PLAIN}x:5000:5000::/m/kim\nkim@example.org.test:{PLAIN}y\n--- "
      "/home/u/etc/example.org/shadow\nkim:$6$a$b:19000::::::\nkimber:$6$c\n"};
  const Result<Work> work = lock_mailbox_work(host_on(tree), "kim@example.org");
  ASSERT_TRUE(work) << work.error().what;
  ASSERT_EQ(work->changes.size(), 2U) << work->by_hand;
  EXPECT_EQ(work->changes[0].bytes, "kim@example.org:!{PLAIN}x:5000:5000::/m/kim\nkim@example.org.test:{PLAIN}y\n");
  EXPECT_EQ(work->changes[1].bytes, "kim:!$6$a$b:19000::::::\nkimber:$6$c\n");
}

TEST(Mailbox, of_a_database_is_told_with_the_columns_of_its_own_query) {
  const sweep::MemoryTree tree{
      "--- /etc/dovecot/dovecot-sql.conf.ext\ndriver = mysql\npassword_query = SELECT email AS user, crypt AS password "
      "FROM vmail.users WHERE email = '%u'\n"};
  const std::string by_hand = lock_mailbox_work(host_on(tree), "kim@example.org")->by_hand;
  EXPECT_NE(by_hand.find("UPDATE vmail.users SET crypt = CONCAT('!', crypt) WHERE email = 'kim@example.org';"),
            std::string::npos)
      << by_hand;
  EXPECT_EQ(lock_mailbox_work(host_on(tree), "x' OR '1'='1")->by_hand.find("UPDATE"), std::string::npos);
}

TEST(Edit, a_line_that_is_not_there_any_more_is_stale) {
  const sweep::MemoryTree tree{"--- /etc/x.conf\none\n"};
  const Result<Change> change = comment_line(host_on(tree), "/etc/x.conf", 7);
  ASSERT_FALSE(change);
  EXPECT_EQ(change.error().fault, Fault::stale);
}

TEST(Edit, a_locked_account_keeps_its_other_fields) {
  const sweep::MemoryTree tree{"--- /etc/shadow\nroot:*:19000:0:99999:7:::\ndeploy:$6$x$y:19000:0:99999:7:::\n"};
  const Result<Change> change = edit_shadow(host_on(tree), "deploy", [](ShadowFields& fields) {
    lock_password(fields);
    fields[kShadowEndsOn] = "1";
  });
  ASSERT_TRUE(change) << change.error().what;
  EXPECT_EQ(change->bytes, "root:*:19000:0:99999:7:::\ndeploy:!$6$x$y:19000:0:99999:7::1:\n");
  EXPECT_FALSE(edit_shadow(host_on(tree), "dep", [](ShadowFields&) {})) << "a name's beginning is not the name";
}

TEST(Doors, a_directive_of_several_lines_is_replaced_as_a_whole) {
  const sweep::MemoryTree tree{
      "--- /etc/postfix/main.cf\n# mail\nmynetworks = 127.0.0.0/8\n\t0.0.0.0/0\nmyhostname = mail.example.org\n"};
  const Result<Work> work = close_door(host_on(tree), line_of("/etc/postfix/main.cf", 2));
  const std::string bytes = bytes_of(work);
  EXPECT_EQ(bytes.find("\n\t0.0.0.0/0"), std::string::npos) << bytes;
  EXPECT_NE(bytes.find("\nmyhostname = mail.example.org\n"), std::string::npos) << bytes;
  EXPECT_EQ(work->check, (std::vector<std::string>{"postfix", "check"}));
}

TEST(Doors, only_what_stands_behind_an_exim_lists_name_changes) {
  const sweep::MemoryTree tree{"--- /etc/exim4/exim4.conf\nhostlist relay_from_hosts = *\n"};
  EXPECT_EQ(bytes_of(close_door(host_on(tree), line_of("/etc/exim4/exim4.conf", 1))),
            "hostlist relay_from_hosts = 127.0.0.1 : ::1\n");
}

TEST(Doors, a_proxy_of_3proxy_listens_on_this_machine_only_unless_it_says_already_where) {
  const sweep::MemoryTree tree{"--- /etc/3proxy.cfg\nauth none\nsocks -p1080\nproxy -i0.0.0.0 -p3128\n"};
  EXPECT_EQ(bytes_of(close_door(host_on(tree), line_of("/etc/3proxy.cfg", 2))),
            "auth none\nsocks -p1080 -i127.0.0.1\nproxy -i0.0.0.0 -p3128\n");
  const Result<Work> said = close_door(host_on(tree), line_of("/etc/3proxy.cfg", 3));
  ASSERT_TRUE(said);
  EXPECT_TRUE(said->changes.empty());
  EXPECT_FALSE(said->by_hand.empty());
}

TEST(Doors, a_directive_that_would_stand_twice_is_left_to_a_person) {
  const sweep::MemoryTree tree{"--- /etc/bind/named.conf\nrecursion yes;\nallow-recursion { any; };\n"};
  const Result<Work> work = close_door(host_on(tree), line_of("/etc/bind/named.conf", 1));
  ASSERT_TRUE(work);
  EXPECT_TRUE(work->changes.empty());
  EXPECT_FALSE(work->by_hand.empty());
}

TEST(Units, a_units_name_that_is_none_is_refused) {
  const sweep::MemoryTree tree{""};
  Subject subject;
  subject.kind = SubjectKind::unit;
  subject.name = "../../etc/x";
  EXPECT_FALSE(mask_unit(host_on(tree), subject));
}

}  // namespace
}  // namespace abate::remedy
