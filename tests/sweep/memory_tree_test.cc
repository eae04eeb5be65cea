// SPDX-License-Identifier: Apache-2.0
#include "sweep/kit/memory_tree.h"

#include <gtest/gtest.h>

namespace abate::sweep {
namespace {

constexpr std::string_view kServer = R"(--- /etc/passwd
root:x:0:0::/root:/bin/sh
--- /var/www/html/up/x.php uid=33 mode=0600 mtime=2026-03-01T10:00:00Z cut
<?php
--- /etc/link -> ../../../var/www/html
--- /loop -> /loop
--- /var/spool/pipe fifo
--- /srv/empty/ mode=0777
)";

TEST(MemoryTree, holds_what_its_text_says) {
  const MemoryTree tree{kServer};
  EXPECT_EQ(read_or_nothing(tree, "/etc/passwd"), "root:x:0:0::/root:/bin/sh\n");
  EXPECT_EQ(read_or_nothing(tree, "/var/www/html/up/x.php"), "<?php");
  const Stat stat = tree.stat("/var/www/html/up/x.php").value();
  EXPECT_EQ(stat.uid, 33U);
  EXPECT_EQ(stat.mode, 0600);
  EXPECT_EQ(format_rfc3339(stat.modified), "2026-03-01T10:00:00Z");
  EXPECT_EQ(tree.stat("/srv/empty").value().mode, 0777);
}

TEST(MemoryTree, links_never_leave_the_root) {
  const MemoryTree tree{kServer};
  EXPECT_EQ(read_or_nothing(tree, "/etc/link/up/x.php"), "<?php");
  EXPECT_EQ(tree.stat("/etc/link").value().kind, NodeKind::link);
  EXPECT_EQ(tree.stat_through_links("/etc/link").value().kind, NodeKind::folder);
  EXPECT_EQ(tree.open("/loop").error().fault, Fault::malformed);
  EXPECT_EQ(tree.open("/var/spool/pipe").error().fault, Fault::refused);
}

TEST(MemoryTree, a_walk_meets_every_node_once) {
  struct Names : Walker {
    std::vector<std::string> met;
    bool meet(const Node& node) override { return met.emplace_back(node.path), node.path != "/etc"; }
    void pass_over(std::string_view, std::string_view) override {}
  } names;
  MemoryTree{kServer}.walk("/", names);
  EXPECT_EQ(names.met,
            (std::vector<std::string>{"/etc", "/loop", "/srv", "/srv/empty", "/var", "/var/spool", "/var/spool/pipe",
                                      "/var/www", "/var/www/html", "/var/www/html/up", "/var/www/html/up/x.php"}));
}

TEST(Tree, patterns_are_matched_as_a_shell_does) {
  const MemoryTree tree{kServer};
  EXPECT_EQ(glob(tree, "/etc/pass*"), std::vector<std::string>{"/etc/passwd"});
  EXPECT_EQ(glob(tree, "/*/www/html/*/*.php"), std::vector<std::string>{"/var/www/html/up/x.php"});
  EXPECT_TRUE(matches_pattern("access.log.10", "access.log*[0-9]"));
  EXPECT_FALSE(matches_pattern("access.log", "error*"));
  EXPECT_TRUE(matches_pattern(std::string(5000, 'a'), "*a*a*a*a*"));
  EXPECT_FALSE(matches_pattern(std::string(5000, 'a'), "*a*a*a*a*b"));
}

TEST(Tree, paths_are_made_normal_by_text_and_never_climb_out) {
  EXPECT_EQ(normal_path("/a/./b//../c"), "/a/c");
  EXPECT_EQ(normal_path("/../../etc"), "/etc");
  EXPECT_EQ(normal_path(""), "/");
  EXPECT_EQ(suffix_of("/a/x.jpg.php"), ".php");
  EXPECT_EQ(suffix_of("/a/.htaccess"), "");
  EXPECT_TRUE(lies_in("/var/www/x", "/var/www"));
  EXPECT_FALSE(lies_in("/var/wwwx", "/var/www"));
}

}  // namespace
}  // namespace abate::sweep
