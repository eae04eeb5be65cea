// SPDX-License-Identifier: Apache-2.0
// A sweep's memory does not grow with the server: many files, all of them findings, a log of many attackers, a long
// line. ABATE_LONG=1 makes two million files of twenty thousand, and a million attackers of thirty thousand.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "sweep/host/disk_tree.h"
#include "sweep/host/look.h"

namespace abate::sweep {
namespace {

// What detectors remember, and the filters against lines that stand in two logs, fill up to their limits.
constexpr std::uint64_t kGrowthMax = std::uint64_t{32} << 20;

// A sanitizer keeps freed memory, and shadows of all.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMemoryIsOurs = false;
#else
constexpr bool kMemoryIsOurs = true;
#endif

bool is_long() { return std::getenv("ABATE_LONG") != nullptr; }

std::uint64_t peak_bytes() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
}

class MemoryTest : public testing::Test {
 protected:
  MemoryTest() {
    std::string name = (std::filesystem::temp_directory_path() / "abate-memory-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
    write("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n");
    write("etc/nginx/nginx.conf", "http { server { listen 80; server_name example.test; root /var/www; } }\n");
    write("var/log/auth.log", "May  1 10:00:00 web sshd[1]: Failed password for root from 192.0.2.1 port 1 ssh2\n");
    write("var/www/first.php", "<?php @eval($_POST['k']);\n");
  }
  ~MemoryTest() override { std::filesystem::remove_all(root_); }

  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((root_ / name).parent_path());
    std::ofstream{root_ / name, std::ios::binary} << text;
  }
  [[nodiscard]] std::filesystem::path root() const { return root_; }

  LookResult sweep() {
    Notes notes;
    const auto tree = DiskTree::open_root(root_.string()).value();
    const Instant now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const auto opened = open_host(*tree, {}, now, {}, notes);
    return look(opened->host, detectors(), {}, notes);
  }

 private:
  std::filesystem::path root_;
};

TEST_F(MemoryTest, does_not_grow_with_the_number_of_files) {
  sweep();  // compiles the rules, and what else is made once
  const std::uint64_t before = peak_bytes();
  const int files = is_long() ? 2'000'000 : 20'000;
  for (int i = 0; i < files; ++i) {
    // Every tenth is a shell: more findings than are kept.
    const std::string_view text = i % 10 == 0 ? "<?php @eval($_POST['k']);\n" : "<?php echo 'a page';\n";
    const std::string folder = fmt::format("var/www/s{}/d{}", i / 10'000, i / 100);
    if (i % 100 == 0) std::filesystem::create_directories(root() / folder);
    std::ofstream{root() / folder / fmt::format("f{}.php", i), std::ios::binary} << text;
  }
  const LookResult result = sweep();
  EXPECT_GT(result.stats.files_read, static_cast<std::uint64_t>(files));
  EXPECT_GE(result.findings.size(), kFindingsOfOneDetectorMax);
  if (kMemoryIsOurs) {
    EXPECT_LT(peak_bytes() - before, kGrowthMax);
  }
}

TEST_F(MemoryTest, does_not_grow_with_the_number_of_attackers_and_lines) {
  sweep();
  const std::uint64_t before = peak_bytes();
  const int lines = is_long() ? 1'000'000 : 30'000;
  std::filesystem::create_directories(root() / "var/log/nginx");
  std::ofstream sshd{root() / "var/log/auth.log"}, mail{root() / "var/log/mail.log"},
      web{root() / "var/log/nginx/access.log"}, other{root() / "var/log/daemon.log"};
  for (int i = 0; i < lines; ++i) {
    const std::string client = fmt::format("{}.{}.{}.{}", 10 + i % 200, i >> 16 & 255, i >> 8 & 255, i & 255);
    const std::string stamp =
        fmt::format("May {:2} {:02}:{:02}:{:02} web", 1 + i / 60'000 % 28, i / 2500 % 24, i / 60 % 60, i % 60);
    sshd << stamp << " sshd[" << i % 30'000 << "]: Failed password for invalid user u" << i << " from " << client
         << " port 1 ssh2\n";
    mail << stamp
         << fmt::format(
                " postfix/smtpd[7]: {:010X}: client=unknown[{}], sasl_method=LOGIN, sasl_username=u{}@example.test\n",
                i, client, i);
    web << client
        << fmt::format(" - - [01/May/2026:10:00:00 +0000] \"POST /p{}.php HTTP/1.1\" 200 1 \"-\" \"agent {}\"\n", i, i);
    other << stamp << " oned[4242]: job " << i << " is done\n";
  }
  const std::string much(1'000'000, 'x');
  for (int i = 0; i < (is_long() ? 500 : 5); ++i) other << much;  // one line
  other << '\n';
  for (std::ofstream* log : {&sshd, &mail, &web, &other}) log->close();
  const LookResult result = sweep();
  EXPECT_GE(result.stats.log_lines, 4 * static_cast<std::uint64_t>(lines));
  if (kMemoryIsOurs) {
    EXPECT_LT(peak_bytes() - before, kGrowthMax);
  }
}

// Whoever guesses for months: each of as many clients and accounts as are remembered, again and again.
TEST_F(MemoryTest, does_not_grow_with_the_months_that_attackers_come_back) {
  sweep();
  const std::uint64_t before = peak_bytes();
  const int rounds = is_long() ? 5000 : 12;  // 9 GB
  std::ofstream sshd{root() / "var/log/auth.log"};
  for (int round = 0; round < rounds; ++round) {
    const std::string stamp =
        fmt::format("{} {:2} {:02}:{:02}:00 web sshd[7]: Failed password for invalid user u",
                    round / 1440 / 28 % 2 == 0 ? "May" : "Jun", 1 + round / 1440 % 28, round / 60 % 24, round % 60);
    for (int i = 0; i < 20'000; ++i)
      sshd << stamp << i << " from " << 10 + i % 200 << '.' << i / 200 << ".1.1 port 1 ssh2\n";
  }
  sshd.close();
  const LookResult result = sweep();
  EXPECT_GE(result.stats.log_lines, 20'000 * static_cast<std::uint64_t>(rounds));
  if (kMemoryIsOurs) {
    EXPECT_LT(peak_bytes() - before, kGrowthMax);
  }
}

}  // namespace
}  // namespace abate::sweep
