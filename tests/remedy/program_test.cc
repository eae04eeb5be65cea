// SPDX-License-Identifier: Apache-2.0
// Programs of this machine, started and ended for real.
#include "remedy/executor/program.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace abate::remedy {
namespace {

namespace fs = std::filesystem;

// A shell that started a sleep; both are ours to end. The sleep's pid is what the shell prints.
class Tree {
 public:
  Tree() {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    shell_ = ::fork();
    if (shell_ == 0) {
      ::dup2(ends[1], 1);
      ::close(ends[0]);
      ::close(ends[1]);
      ::execl("/bin/sh", "sh", "-c", "sleep 300 & echo $!; wait", nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    char text[32];
    const ssize_t got = ::read(ends[0], text, sizeof text - 1);
    ::close(ends[0]);
    if (got > 0) sleep_ = static_cast<pid_t>(std::stol(std::string{text, static_cast<std::size_t>(got)}));
  }
  ~Tree() {
    ::kill(sleep_, SIGKILL);
    ::kill(shell_, SIGKILL);
    ::waitpid(shell_, nullptr, 0);
  }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
  [[nodiscard]] std::uint32_t shell() const { return static_cast<std::uint32_t>(shell_); }
  [[nodiscard]] std::string exe() const { return fs::read_symlink(fmt::format("/proc/{}/exe", shell_)).string(); }
  // Ended, or a zombie that only waits for its parent.
  [[nodiscard]] static bool has_ended(pid_t pid) {
    for (int tries = 0; tries < 500; ++tries) {
      std::ifstream in{fmt::format("/proc/{}/stat", pid)};
      const std::string line{std::istreambuf_iterator<char>{in}, {}};
      const std::size_t at = line.rfind(')');
      if (at == std::string::npos || line.substr(at + 2, 1) == "Z" || line.substr(at + 2, 1) == "X") return true;
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return false;
  }
  [[nodiscard]] pid_t shell_pid() const { return shell_; }
  [[nodiscard]] pid_t sleep_pid() const { return sleep_; }

 private:
  pid_t shell_ = 0;
  pid_t sleep_ = 0;
};

TEST(Program, ends_with_its_status_and_what_it_said_on_both_streams) {
  const ProgramEnd end = run_program({"sh", "-c", "echo out; echo err >&2; cat; exit 3"});
  EXPECT_TRUE(end.started);
  EXPECT_EQ(end.status, 3) << "cat saw the end of its input";
  EXPECT_EQ(end.output, "out\nerr\n");
  EXPECT_FALSE(run_program({"no-such-program-anywhere"}).started);
}

TEST(Program, a_flood_of_output_is_cut) {
  const ProgramEnd end = run_program({"sh", "-c", "head -c 1000000 /dev/zero"});
  EXPECT_TRUE(end.good());
  EXPECT_LE(end.output.size(), kProgramOutputBytesMax + 4096);
}

TEST(EndProcessTree, takes_what_it_started_along) {
  const Tree tree;
  const Result<bool> ended = end_process_tree(tree.shell(), tree.exe());
  ASSERT_TRUE(ended) << ended.error().what;
  EXPECT_TRUE(*ended);
  EXPECT_TRUE(Tree::has_ended(tree.shell_pid()));
  EXPECT_TRUE(Tree::has_ended(tree.sleep_pid()));
}

TEST(EndProcessTree, a_pid_that_runs_another_program_now_is_left_alone) {
  const Tree tree;
  const Result<bool> ended = end_process_tree(tree.shell(), "/tmp/.x/miner");
  ASSERT_TRUE(ended);
  EXPECT_FALSE(*ended);
  EXPECT_EQ(::kill(tree.shell_pid(), 0), 0);
}

TEST(EndProcessTree, never_ends_what_this_very_session_runs_beneath) {
  const auto parent = static_cast<std::uint32_t>(::getppid());
  const Result<bool> ended = end_process_tree(parent, fs::read_symlink(fmt::format("/proc/{}/exe", parent)).string());
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().fault, Fault::refused);
}

}  // namespace
}  // namespace abate::remedy
