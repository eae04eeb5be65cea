// SPDX-License-Identifier: Apache-2.0
// What was put away is found by its bytes, under whatever name, and where it only runs any more.
#include "sweep/host/sought_contents.h"

#include <csignal>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "sweep/host/look.h"
#include "sweep/host/no_packages.h"
#include "sweep/kit/memory_tree.h"

namespace abate::sweep {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kShell = "<?php @eval($_POST['k']); ?>\n";

std::vector<std::string> found_on(std::string_view disk, const std::vector<SoughtContent>& sought) {
  const MemoryTree tree{disk};
  const NoPackages packages;
  Host host;
  host.tree = &tree;
  host.packages = &packages;
  Notes notes;
  SoughtContents contents{sought};
  LookOptions options;
  options.sought = &contents;
  look(host, detectors(), options, notes);
  EXPECT_TRUE(contents.is_whole());
  std::vector<std::string> paths;
  for (const FoundContent& one : contents.found()) paths.push_back(one.path);
  return paths;
}

SoughtContent sought(std::string_view bytes) { return {.size = bytes.size(), .sha256 = sha256_hex(bytes)}; }

TEST(SoughtContents, the_same_bytes_are_found_whatever_they_are_called) {
  constexpr std::string_view kDisk =
      "--- /usr/share/doc/x/changelog.gz\n<?php @eval($_POST['k']); ?>\n"
      "--- /var/lib/other/.cache\n<?php @eval($_POST['k']); ?>\n"
      "--- /var/www/of-the-same-size\n<?php @eval($_POST['q']); ?>\n"
      "--- /var/www/longer\n<?php @eval($_POST['k']); ?>\n\n";
  EXPECT_THAT(found_on(kDisk, {sought(kShell)}), ElementsAre("/usr/share/doc/x/changelog.gz", "/var/lib/other/.cache"));
  EXPECT_THAT(found_on(kDisk, {sought("something else")}), IsEmpty());
  EXPECT_THAT(found_on(kDisk, {}), IsEmpty());
}

TEST(SoughtContents, an_empty_file_is_everywhere_and_says_nothing) {
  EXPECT_THAT(found_on("--- /a/empty cut\n--- /b\nx\n", {sought("")}), IsEmpty());
}

TEST(SoughtContents, a_program_whose_file_is_gone_is_found_where_it_runs) {
  namespace fs = std::filesystem;
  std::string folder = (fs::temp_directory_path() / "abate-sought-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string program = folder + "/kworker";
  fs::copy_file("/bin/sleep", program);
  std::ifstream in{program, std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  int started[2];
  ASSERT_EQ(::pipe2(started, O_CLOEXEC), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl(program.c_str(), "kworker", "1000", nullptr);
    ::_exit(1);
  }
  ::close(started[1]);
  char none = 0;
  EXPECT_EQ(::read(started[0], &none, 1), 0) << "closed by exec";
  ::close(started[0]);
  fs::remove(program);

  Process running;
  running.pid = static_cast<std::uint32_t>(child);
  running.exe = program;
  Process own;
  own.pid = static_cast<std::uint32_t>(::getpid());
  Notes notes;
  SoughtContents contents{{sought(bytes)}};
  contents.look_at_programs({own, running}, notes);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  fs::remove_all(folder);
  ASSERT_EQ(contents.found().size(), 1U);
  EXPECT_EQ(contents.found()[0].pid, running.pid);
  EXPECT_EQ(contents.found()[0].path, program);
  EXPECT_EQ(contents.found()[0].sha256, sha256_hex(bytes));
}

}  // namespace
}  // namespace abate::sweep
