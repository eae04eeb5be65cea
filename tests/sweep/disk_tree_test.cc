// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/disk_tree.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace abate::sweep {
namespace {

namespace fs = std::filesystem;

struct Names : Walker {
  std::vector<std::string> met, passed;
  bool meet(const Node& node) override { return met.emplace_back(node.path), true; }
  void pass_over(std::string_view path, std::string_view why) override {
    passed.push_back(fmt::format("{}: {}", path, why));
  }
};

void write(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream{path} << text;
}

class DiskTreeTest : public testing::TestWithParam<bool> {  // with openat2, and as on a kernel without
 protected:
  void SetUp() override {
    std::string name = fs::temp_directory_path() / "abate-tree-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    base_ = name;
    root_ = base_ / "root";
    fs::create_directories(root_);
    write(base_ / "outside.txt", "secret");
    write(root_ / "etc/passwd", "root:x:0:0::/root:/bin/sh\n");
  }
  void TearDown() override { fs::remove_all(base_); }
  std::unique_ptr<DiskTree> open() {
    std::unique_ptr<DiskTree> tree = DiskTree::open_root(root_).value();
    if (GetParam()) tree->walk_carefully();
    return tree;
  }

  fs::path base_, root_;
};
INSTANTIATE_TEST_SUITE_P(Kernels, DiskTreeTest, testing::Bool(),
                         [](const auto& one) { return one.param ? "without_openat2" : "with_openat2"; });

TEST_P(DiskTreeTest, links_are_the_roots_own) {
  fs::create_symlink("/etc/passwd", root_ / "absolute");
  fs::create_symlink("../../../../../../etc", root_ / "climbs");
  fs::create_symlink("../outside.txt", root_ / "out");
  fs::create_symlink(base_ / "outside.txt", root_ / "out_absolute");
  fs::create_symlink("loop", root_ / "loop");
  const auto tree = open();
  EXPECT_EQ(read_or_nothing(*tree, "/absolute"), "root:x:0:0::/root:/bin/sh\n");
  EXPECT_EQ(read_or_nothing(*tree, "/climbs/passwd"), "root:x:0:0::/root:/bin/sh\n");
  EXPECT_EQ(read_or_nothing(*tree, "/../../climbs/../etc/passwd"), "root:x:0:0::/root:/bin/sh\n");
  EXPECT_EQ(tree->open("/out").error().fault, Fault::not_found);
  EXPECT_EQ(tree->open("/out_absolute").error().fault, Fault::not_found);
  EXPECT_EQ(tree->open("/loop").error().fault, Fault::malformed);
  EXPECT_EQ(tree->link_target("/climbs").value(), "../../../../../../etc");
  EXPECT_EQ(tree->stat("/climbs").value().kind, NodeKind::link);
  EXPECT_EQ(tree->stat_through_links("/climbs").value().kind, NodeKind::folder);
}

TEST_P(DiskTreeTest, only_regular_files_are_opened_and_nothing_waits) {
  ASSERT_EQ(::mkfifo((root_ / "fifo").c_str(), 0666), 0);
  const int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  const std::string path = root_ / "socket";
  ASSERT_LT(path.size(), sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  ASSERT_EQ(::bind(server, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::close(server);
  const auto tree = open();
  for (const char* name : {"/fifo", "/socket", "/etc"}) {
    EXPECT_EQ(tree->open(name).error().fault, Fault::refused) << name;
  }
  EXPECT_NE(tree->open("/fifo").error().what.find("a FIFO"), std::string::npos);
}

TEST_P(DiskTreeTest, a_walk_survives_odd_names_and_does_not_follow_links) {
  write(root_ / "a/new\nline", "1");
  write(root_ / "a/bad\xff utf8", "2");
  write(root_ / "a/\x1b[31mred", "3");
  fs::create_symlink("/", root_ / "a/again");
  Names names;
  open()->walk("/a", names);
  EXPECT_EQ(names.met, (std::vector<std::string>{"/a/\x1b[31mred", "/a/again", "/a/bad\xff utf8", "/a/new\nline"}));
  EXPECT_TRUE(names.passed.empty());
}

// Swaps what it meets before it opens it, as whoever owns the folder could.
struct Swapped : Walker {
  std::function<void()> swap;
  std::optional<Result<std::unique_ptr<TreeFile>>> opened;
  bool meet(const Node& node) override {
    if (!node.path.ends_with("/victim")) return true;
    swap();
    opened = node.open();
    return true;
  }
  void pass_over(std::string_view, std::string_view) override {}
};

TEST_P(DiskTreeTest, a_walk_opens_what_it_met_and_not_what_took_its_place) {
  const fs::path victim = root_ / "a/victim";
  const std::function<void()> swaps[] = {
      [&] { fs::create_symlink(base_ / "outside.txt", victim); },
      [&] { fs::create_hard_link(root_ / "etc/passwd", victim); },
      [&] { ASSERT_EQ(::mkfifo(victim.c_str(), 0666), 0); },
      [&] { fs::create_directory(victim); },
  };
  for (const auto& put : swaps) {
    fs::remove_all(root_ / "a");
    write(victim, "mine");
    Swapped walker;
    walker.swap = [&] {
      fs::rename(victim, root_ / "aside");  // kept: its inode must not come back
      put();
    };
    open()->walk("/a", walker);
    ASSERT_TRUE(walker.opened);
    ASSERT_FALSE(*walker.opened);
    EXPECT_EQ(walker.opened->error().what, "/a/victim was exchanged while it was opened");
  }
  fs::remove_all(root_ / "a");
  write(victim, "mine");
  Swapped walker;
  walker.swap = [] {};
  open()->walk("/a", walker);
  ASSERT_TRUE(walker.opened && *walker.opened);
  std::string bytes(9, ' ');
  EXPECT_EQ((**walker.opened)->read_at(0, bytes).value(), 4U);
}

TEST_P(DiskTreeTest, what_may_not_be_read_is_said) {
  write(root_ / "a/closed/inside.php", "x");
  write(root_ / "a/victim", "x");
  fs::permissions(base_, fs::perms{0755});
  fs::permissions(root_ / "a/closed", fs::perms::none);
  fs::permissions(root_ / "a/victim", fs::perms::none);
  const bool is_root = ::geteuid() == 0;
  if (is_root) {
    ASSERT_EQ(::seteuid(65534), 0);
  }
  Names names;
  Swapped walker;
  walker.swap = [] {};
  open()->walk("/a", names);
  open()->walk("/a", walker);
  const auto listed = open()->list("/a/closed");
  const auto opened = open()->open("/a/closed/inside.php");
  if (is_root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  fs::permissions(root_ / "a/closed", fs::perms::owner_all);
  EXPECT_EQ(names.met, (std::vector<std::string>{"/a/closed", "/a/victim"}));
  EXPECT_EQ(names.passed, std::vector<std::string>{"/a/closed: Permission denied"});
  ASSERT_TRUE(walker.opened);
  ASSERT_FALSE(*walker.opened);
  EXPECT_EQ(walker.opened->error().fault, Fault::refused);
  EXPECT_EQ(walker.opened->error().what, "/a/victim: permission denied; run as root to see it");
  EXPECT_EQ(listed.error().fault, Fault::refused);
  EXPECT_EQ(opened.error().fault, Fault::refused);
}

TEST_P(DiskTreeTest, two_thousand_levels_are_walked) {
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = files.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  int at = ::open(root_.c_str(), O_PATH | O_DIRECTORY);
  for (int level = 0; level < 2000; ++level) {
    ASSERT_EQ(::mkdirat(at, "level", 0755), 0);
    const int next = ::openat(at, "level", O_PATH | O_DIRECTORY);
    ::close(at);
    at = next;
  }
  const int file = ::openat(at, "bottom", O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
  ASSERT_GE(file, 0);
  ::close(file);
  ::close(at);
  Names names;
  open()->walk("/level", names);
  EXPECT_EQ(names.met.size(), 2000U);  // 1,999 folders beneath and the file
  EXPECT_TRUE(names.met.back().ends_with("/bottom"));
  EXPECT_TRUE(names.passed.empty());
}

TEST_P(DiskTreeTest, a_file_is_read_at_any_place_and_a_folder_can_be_large) {
  std::string bytes;
  for (int i = 0; i < 10000; ++i) bytes += std::to_string(i);
  write(root_ / "data", bytes);
  for (int i = 0; i < 10500; ++i) write(root_ / "many" / std::to_string(i), "");
  const auto tree = open();
  EXPECT_EQ(read_whole(*tree, "/data", 1 << 20).value(), bytes);
  EXPECT_EQ(read_whole(*tree, "/data", 100).error().fault, Fault::too_big);
  const auto file = tree->open("/data").value();
  std::string part(4, ' ');
  EXPECT_EQ(file->read_at(10, part).value(), 4U);
  EXPECT_EQ(part, "1011");
  EXPECT_EQ(file->read_at(bytes.size() + 5, part).value(), 0U);
  Names names;
  tree->walk("/many", names);
  EXPECT_EQ(names.met.size(), 10500U);
}

TEST(DiskTree, what_the_kernel_makes_up_is_passed_over_and_said) {
  Names names;
  DiskTree::open_root("/").value()->walk("/proc", names);
  EXPECT_TRUE(names.met.empty());
  EXPECT_EQ(names.passed, std::vector<std::string>{"/proc: another kind of file system (proc)"});
}

TEST(DiskTree, a_root_that_is_not_there_is_an_error_that_names_it) {
  EXPECT_EQ(DiskTree::open_root("/nowhere/root").error().what, "--root /nowhere/root: No such file or directory");
}

}  // namespace
}  // namespace abate::sweep
