// SPDX-License-Identifier: Apache-2.0
// The second sweep reads only what changed, finds what a whole one finds, and believes no list that is not its own.
#include "sweep/host/unchanged_files.h"

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "sweep/host/disk_tree.h"
#include "sweep/host/look.h"
#include "sweep/host/no_packages.h"
#include "sweep/host/rules/rule_set.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kShell = "<?php @eval($_POST['k']); ?>\n";
constexpr std::string_view kHarmless = "<?php echo \"Hello world, this is a longer page\";\n";
static_assert(kShell.size() < kHarmless.size());

class UnchangedFilesTest : public testing::Test {
 protected:
  UnchangedFilesTest() {
    std::string name = (std::filesystem::temp_directory_path() / "abate-unchanged-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    std::filesystem::create_directories(docroot());
    std::filesystem::create_directory(state());
    std::filesystem::permissions(state(), std::filesystem::perms::owner_all);
    write("index.php", kHarmless);
    write("about.html", "<p>About us</p>");
    write("old-shell.php", kShell);
  }
  ~UnchangedFilesTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string state() const { return folder_ / "state"; }
  [[nodiscard]] std::filesystem::path docroot() const { return folder_ / "root/var/www"; }
  [[nodiscard]] std::string list() const { return state() + "/" + std::string{UnchangedFiles::kName}; }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream{docroot() / name, std::ios::binary} << text;
  }

  struct Swept {
    std::uint64_t read = 0, unchanged = 0;
    std::string found, notes;
  };
  // As if an hour had gone by since the files were written, so that none is too young to be kept.
  Swept sweep(std::chrono::seconds later = std::chrono::hours{1}, std::string_view program = "1", bool fresh = false) {
    Notes notes;
    const auto tree = DiskTree::open_root((folder_ / "root").string()).value();
    const NoPackages packages;
    Host host;
    host.tree = tree.get();
    host.packages = &packages;
    host.rules = &own_rules();
    host.sites.push_back({.docroot = "/var/www"});
    const Instant now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()) + later;
    UnchangedFiles unchanged{state(), context_of(host, program, "all"), now, fresh, notes};
    const LookResult result = look(host, detectors(), {.unchanged = &unchanged}, notes);
    EXPECT_TRUE(unchanged.finish());
    Swept out{.read = result.stats.files_read, .unchanged = result.stats.files_unchanged, .found = {}, .notes = {}};
    for (const Finding& finding : result.findings)
      out.found += fmt::format("{} {}; ", finding.detector, finding.subject.path);
    for (const NotExamined& note : notes.all()) out.notes += note.what + ": " + note.why + "\n";
    return out;
  }

 private:
  std::filesystem::path folder_;
};

TEST_F(UnchangedFilesTest, are_not_read_again_and_what_was_found_is_found_again) {
  const Swept first = sweep();
  EXPECT_EQ(first.read, 3U);
  EXPECT_NE(first.found.find("/var/www/old-shell.php"), std::string::npos);
  const Swept second = sweep();
  EXPECT_EQ(second.found, first.found);
  EXPECT_EQ(second.read, 1U) << "the shell itself";
  EXPECT_EQ(second.unchanged, 2U);
  EXPECT_EQ(sweep().unchanged, 2U) << "what was held is kept for the next one";
}

TEST_F(UnchangedFilesTest, a_file_whose_size_and_mtime_were_put_back_is_read) {
  sweep();
  struct stat before{};
  ASSERT_EQ(::stat((docroot() / "index.php").c_str(), &before), 0);
  write("index.php", std::string{kShell} + std::string(kHarmless.size() - kShell.size(), '\n'));
  const timespec times[] = {before.st_atim, before.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, (docroot() / "index.php").c_str(), times, 0), 0);
  struct stat after{};
  ASSERT_EQ(::stat((docroot() / "index.php").c_str(), &after), 0);
  ASSERT_EQ(after.st_size, before.st_size);
  EXPECT_NE(sweep().found.find("/var/www/index.php"), std::string::npos);
}

TEST_F(UnchangedFilesTest, a_file_that_was_young_then_is_read) {
  EXPECT_EQ(sweep(std::chrono::seconds{1}).read, 3U);
  EXPECT_EQ(sweep(std::chrono::hours{1}).read, 3U);
  EXPECT_EQ(sweep(std::chrono::hours{1}).read, 1U);
}

TEST_F(UnchangedFilesTest, another_program_reads_all) {
  sweep();
  EXPECT_EQ(sweep(std::chrono::hours{1}, "2").read, 3U);
}

TEST_F(UnchangedFilesTest, a_fresh_sweep_reads_all) {
  sweep();
  EXPECT_EQ(sweep(std::chrono::hours{1}, "1", true).read, 3U);
  EXPECT_EQ(sweep().read, 1U) << "and keeps what it found out";
}

TEST_F(UnchangedFilesTest, a_page_is_judged_anew_when_a_kit_grows_beside_it) {
  std::filesystem::create_directory(docroot() / "pp");
  write("pp/index.html", "<title>PayPal: log in</title><form action=\"next.php\"><input type=\"password\" name=\"p\">");
  EXPECT_EQ(sweep().found.find("/var/www/pp/"), std::string::npos);
  write("pp/next.php", "<?php\n");
  write("pp/antibots1.php", "<?php\n");
  EXPECT_NE(sweep().found.find("phishing_page /var/www/pp/index.html"), std::string::npos);
}

TEST_F(UnchangedFilesTest, a_damaged_or_foreign_list_is_not_used_and_that_is_said) {
  const auto is_refused = [&](const char* why) {
    const Swept swept = sweep();
    EXPECT_EQ(swept.read, 3U) << why;
    EXPECT_NE(swept.notes.find("it was not used"), std::string::npos) << why << ": " << swept.notes;
    EXPECT_EQ(sweep().read, 1U) << why << ": a good one took its place";
  };
  sweep();
  const auto size = std::filesystem::file_size(list());
  for (std::uintmax_t cut = 0; cut < size; cut += 7) {
    std::filesystem::resize_file(list(), cut);
    is_refused("cut off");
  }
  for (std::uintmax_t at : {std::uintmax_t{0}, std::uintmax_t{56}, std::uintmax_t{70}, size - 1}) {
    std::fstream file{list(), std::ios::in | std::ios::out | std::ios::binary};
    file.seekg(static_cast<std::streamoff>(at));
    const auto byte = static_cast<char>(file.get() ^ 1);
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte);
    file.close();
    is_refused("a bit turned");
  }
  std::filesystem::permissions(list(), std::filesystem::perms::others_write, std::filesystem::perm_options::add);
  is_refused("others can write to it");
  std::filesystem::remove(list());
  std::filesystem::create_symlink("/etc/passwd", list());
  is_refused("a link");
  std::filesystem::remove(list());
  ASSERT_EQ(::mkfifo(list().c_str(), 0600), 0);
  is_refused("a FIFO");
  std::filesystem::permissions(state(), std::filesystem::perms::group_write, std::filesystem::perm_options::add);
  EXPECT_EQ(sweep().read, 3U);
  EXPECT_EQ(sweep().read, 3U) << "anybody of the group may have written the list";
}

TEST_F(UnchangedFilesTest, many_prints_are_sorted_in_runs_and_found_again) {
  constexpr std::size_t kMany = UnchangedFiles::kRunPrints * 2 + 1000;
  const Stat old{.changed = kDistantPast};
  const auto print = [](std::size_t number) { return print_of(fmt::format("/f{}", number), Stat{}, 1); };
  Notes notes;
  const std::array<std::uint8_t, 32> context{1};
  {
    UnchangedFiles files{state(), context, kDistantFuture, false, notes};
    for (std::size_t i = 0; i < kMany; ++i) files.add(print(i), old);
    ASSERT_TRUE(files.finish());
  }
  UnchangedFiles files{state(), context, kDistantFuture, false, notes};
  for (std::size_t i = 0; i < kMany; i += 97) ASSERT_TRUE(files.knows(print(i))) << i;
  for (std::size_t i = kMany; i < kMany + 10'000; ++i) ASSERT_FALSE(files.knows(print(i))) << i;
  EXPECT_TRUE(notes.all().empty());
}

}  // namespace
}  // namespace abate::sweep
