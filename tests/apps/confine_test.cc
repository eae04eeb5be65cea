// SPDX-License-Identifier: Apache-2.0
// After confine() nothing can be started, reached, changed or written outside; each case is a process of its own.
#include "apps/abate/confine.h"

#include "sweep/host/kernel_sockets.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace abate::apps {
namespace {

namespace fs = std::filesystem;

class ConfineTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = fs::temp_directory_path() / "abate-confine-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    fs::create_directories(folder_ / "out");
    std::ofstream{folder_ / "file"} << "x";
  }
  void TearDown() override { fs::remove_all(folder_); }

  // `act` in a confined child; true where it succeeded.
  bool can(const std::function<bool()>& act) const {
    const pid_t child = ::fork();
    if (child == 0) {
      static_cast<void>(confine({.writable = {folder_ / "out"}, .live = false, .fast = true}));
      ::_exit(act() ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  fs::path folder_;
};

TEST_F(ConfineTest, reading_and_writing_the_outputs_stay_possible) {
  EXPECT_TRUE(can([&] { return ::open((folder_ / "file").c_str(), O_RDONLY) >= 0; }));
  EXPECT_TRUE(can([&] { return ::open((folder_ / "out/report.json").c_str(), O_WRONLY | O_CREAT, 0600) >= 0; }));
}

TEST_F(ConfineTest, no_program_is_started) {
  EXPECT_FALSE(can([] {
    ::execl("/bin/true", "true", nullptr);
    return false;
  }));
  EXPECT_FALSE(can([] { return ::fork() >= 0; }));
}

TEST_F(ConfineTest, no_network_is_touched) {
  EXPECT_FALSE(can([] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }));
  EXPECT_FALSE(can([] { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }));
}

// Sockets that a rootkit hides are found by asking the kernel, also after all rights were given up.
TEST_F(ConfineTest, the_kernel_may_still_be_asked_for_its_sockets) {
  EXPECT_TRUE(can([] { return sweep::kernel_sockets().has_value(); }));
}

TEST_F(ConfineTest, nothing_of_a_file_is_changed) {
  const std::string file = folder_ / "file";
  EXPECT_FALSE(can([&] { return ::chmod(file.c_str(), 0777) == 0; }));
  EXPECT_FALSE(can([&] { return ::truncate(file.c_str(), 0) == 0; }));
  EXPECT_FALSE(can([&] { return ::link(file.c_str(), (folder_ / "out/link").c_str()) == 0; }));
  EXPECT_FALSE(can([&] { return ::utimensat(AT_FDCWD, file.c_str(), nullptr, 0) == 0; }));
}

TEST_F(ConfineTest, nothing_is_written_outside_of_the_outputs_where_the_kernel_has_landlock) {
  const bool has_landlock = can([&] { return true; }) &&
                            !can([&] { return ::open((folder_ / "other").c_str(), O_WRONLY | O_CREAT, 0600) >= 0; });
  if (!has_landlock) {
    RecordProperty("landlock", "not on this kernel");
    return;
  }
  EXPECT_FALSE(can([&] { return ::open((folder_ / "file").c_str(), O_WRONLY) >= 0; }));
  EXPECT_FALSE(can([&] { return ::unlink((folder_ / "file").c_str()) == 0; }));
  EXPECT_TRUE(fs::exists(folder_ / "file"));
}

TEST_F(ConfineTest, what_others_run_is_seen_before_the_writing_is_held) {
  const std::string parent = fmt::format("/proc/{}/exe", ::getpid());
  const pid_t child = ::fork();
  if (child == 0) {
    std::array<char, 4096> program{};
    bool seen = false;
    static_cast<void>(confine({.writable = {}, .live = true, .fast = true, .see_processes = [&] {
                                 seen = ::readlink(parent.c_str(), program.data(), program.size()) > 0;
                                 seen &= ::execl("/bin/true", "true", nullptr) < 0;  // all else was given up already
                               }}));
    ::_exit(seen ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace abate::apps
