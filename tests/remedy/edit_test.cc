// SPDX-License-Identifier: Apache-2.0
#include "remedy/edit.h"

#include <gtest/gtest.h>

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
