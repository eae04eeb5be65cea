// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/read_logs.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "sweep/host/disk_tree.h"
#include "sweep/host/logs/find_logs.h"
#include "sweep/host/logs/journal/journal.h"
#include "sweep/host/logs/zone.h"
#include "sweep/kit/memory_tree.h"

namespace abate::sweep {
namespace {

bool never() { return false; }

struct Read {
  std::vector<std::string> lines;  // "time program message"
  LogStats stats;
  Notes notes;
};
Read read_all(const Tree& tree) {
  Read read;
  Host host;
  host.tree = &tree;
  read.stats = read_events(
      host,
      [&](const Event& event) {
        read.lines.push_back(
            fmt::format("{} {} {}", event.at ? format_rfc3339(*event.at) : "-", event.program, event.message));
      },
      read.notes, never);
  return read;
}

TEST(Rotation, numbers_dates_and_packing_are_known) {
  EXPECT_EQ(rotation_of("/var/log/auth.log.2.gz").log, "/var/log/auth.log");
  EXPECT_EQ(rotation_of("/var/log/auth.log.2.gz").number, 3U);
  EXPECT_EQ(rotation_of("/var/log/secure-20261101.xz").date, 2026110124U);
  EXPECT_EQ(rotation_of("/var/log/secure-20261101.xz").log, "/var/log/secure");
  EXPECT_EQ(rotation_of("/var/log/a.2026-11-01").log, "/var/log/a");
  EXPECT_EQ(rotation_of("/var/log/php8.2-fpm.log").log, "/var/log/php8.2-fpm.log");
}

TEST(ReadLogs, years_come_from_rotations_and_files_not_from_now) {
  const MemoryTree tree{
      "--- /var/log/auth.log mtime=2024-01-03T00:00:00Z\n"
      "Dec 31 23:59:00 h sshd[1]: a\nJan  1 00:01:00 h sshd[1]: b\n"
      "--- /var/log/auth.log.1 mtime=2026-05-01T00:00:00Z\n"  // copied later: its neighbour tells
      "Dec 24 10:00:00 h sshd[1]: c\n"
      "--- /var/log/auth.log.2 mtime=2026-05-01T00:00:00Z\n"
      "Dec 30 10:00:00 h sshd[1]: d\n"};
  EXPECT_EQ(read_all(tree).lines,
            (std::vector<std::string>{"2022-12-30T10:00:00Z sshd d", "2023-12-24T10:00:00Z sshd c",
                                      "2023-12-31T23:59:00Z sshd a", "2024-01-01T00:01:00Z sshd b"}));
}

TEST(ReadLogs, a_log_of_several_years_is_counted_back) {
  std::string text = "--- /var/log/auth.log mtime=2026-05-02T00:00:00Z\n";
  for (int year = 0; year < 3; ++year)
    for (const char* month : {"Jan", "Feb", "Mar", "Apr", "May"})
      text += fmt::format("{}  1 10:00:00 h sshd[1]: {}\n", month, year);
  text.insert(text.find("Jan"), "Nov  1 10:00:00 h sshd[1]: first\n");
  text.insert(text.rfind("Jan"), "Dec  1 10:00:00 h sshd[1]: mid\n");
  const Read read = read_all(MemoryTree{text});
  ASSERT_FALSE(read.lines.empty());
  EXPECT_EQ(read.lines.back(), "2026-05-01T10:00:00Z sshd 2");
}

TEST(ReadLogs, a_message_in_two_files_comes_once) {
  const MemoryTree tree{
      "--- /var/log/mail.log\nDec 24 10:00:00 h postfix/qmgr[7]: 4F00A1B2C3: removed\n"
      "--- /var/log/syslog\nDec 24 10:00:00 h postfix/qmgr[7]: 4F00A1B2C3: removed\nDec 24 10:00:01 h cron[8]: "
      "other\n"};
  const Read read = read_all(tree);
  EXPECT_EQ(read.lines.size(), 2U);
  EXPECT_EQ(read.stats.repeated, 1U);
}

TEST(ReadLogs, long_lines_are_cut_and_the_next_is_whole) {
  const std::string text =
      "--- /var/log/auth.log mtime=2026-02-01T00:00:00Z\nJan  1 10:00:00 h sshd[1]: " + std::string(300'000, 'x') +
      "\nJan  1 10:00:02 h sshd[1]: next\n";
  const Read read = read_all(MemoryTree{text});
  ASSERT_EQ(read.lines.size(), 2U);
  EXPECT_EQ(read.lines[1], "2026-01-01T10:00:02Z sshd next");
}

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "abate-logs-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string at(const std::string& name) const { return path_ / name; }
  void write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream{path_ / name, std::ios::binary} << bytes;
  }
  [[nodiscard]] bool run(const std::string& command) const {
    return std::system(("cd " + path_.string() + " && " + command).c_str()) == 0;
  }
  [[nodiscard]] std::string output(const std::string& command) const {
    EXPECT_TRUE(run(command + " > out.txt 2>/dev/null"));
    std::ifstream in{path_ / "out.txt"};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST(Stream, every_packing_gives_the_same_lines_and_cut_files_what_came_before) {
  const Folder folder;
  std::string text;
  for (int i = 0; i < 5000; ++i)
    text += fmt::format("Jan  1 10:{:02}:{:02} h sshd[{}]: line {}\n", i / 60 % 60, i % 60, i, i);
  folder.write("var/log/plain", text);
  ASSERT_TRUE(
      folder.run("cd var/log && gzip -c plain > a && xz -c plain > b && zstd -qc plain > c && bzip2 -c plain > d && "
                 "gzip -c plain > e && gzip -c plain >> e && head -c 9000 a > cut"));
  const auto tree = DiskTree::open_root(folder.path().string());
  ASSERT_TRUE(tree.has_value()) << tree.error().what;
  for (const std::string name : {"plain", "a", "b", "c", "d", "e"}) {
    Notes notes;
    LogLines lines{**tree, "/var/log/" + name, notes};
    std::string got;
    while (lines.next()) got.append(lines.line()) += '\n';
    EXPECT_EQ(got, name == "e" ? text + text : text) << name;
    EXPECT_TRUE(notes.all().empty()) << name;
  }
  Notes notes;
  LogLines lines{**tree, "/var/log/cut", notes};
  while (lines.next()) {
  }
  EXPECT_GT(lines.number(), 100U);
  EXPECT_EQ(notes.all().size(), 1U);
}

TEST(Zone, gaps_and_folds) {
  std::ifstream in{"/usr/share/zoneinfo/Europe/Vienna", std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  const auto zone = Zone::parse(bytes);
  ASSERT_TRUE(zone.has_value());
  const auto at = [](std::string_view text) { return to_micros(parse_rfc3339(text).value()) / 1'000'000; };
  EXPECT_EQ(zone->offset_s(at("2026-01-01T00:00:00Z")), 3600);
  EXPECT_EQ(zone->offset_s(at("2026-07-01T00:00:00Z")), 7200);
  EXPECT_EQ(zone->offset_s(at("2050-07-01T00:00:00Z")), 7200);  // by the footer
  EXPECT_EQ(zone->utc_of(at("2026-10-25T02:30:00Z"), at("2026-10-25T00:10:00Z")), at("2026-10-25T00:30:00Z"));
  EXPECT_EQ(zone->utc_of(at("2026-10-25T02:30:00Z"), at("2026-10-25T00:50:00Z")), at("2026-10-25T01:30:00Z"));
  EXPECT_EQ(zone->utc_of(at("2026-03-29T02:30:00Z"), 0), at("2026-03-29T01:30:00Z"));
  for (std::size_t cut = 0; cut < bytes.size(); cut += 7)
    static_cast<void>(Zone::parse(std::string_view{bytes}.substr(0, cut)));
}

// Journals are made by systemd-journal-remote and compared with what journalctl says.
class JournalTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string text;
    for (int i = 0; i < 600; ++i) {
      text += fmt::format(
          "__REALTIME_TIMESTAMP={}\n__MONOTONIC_TIMESTAMP={}\n_BOOT_ID=0123456789abcdef0123456789abcdef\n"
          "_MACHINE_ID=0123456789abcdef0123456789abcdee\nSYSLOG_IDENTIFIER={}\n_COMM=sshd\n_PID={}\n_UID=0\n",
          1'790'000'000'000'000 + i * 1'000'000LL, i + 1, i % 3 == 0 ? "CRON" : "sshd", 1000 + i);
      const std::string message =
          i % 50 == 7 ? "long " + std::string(3000, static_cast<char>('a' + i % 26)) + std::to_string(i)
                      : fmt::format("Failed password for root from 192.0.2.{} port {} ssh2", i % 250, i);
      text += "MESSAGE=" + message + "\n\n";
      expected_.push_back(message);
    }
    folder_.write("in.txt", text);
    std::filesystem::create_directories(folder_.at("var/log/journal/x"));
  }
  std::vector<std::string> read(const std::string& name, Notes& notes) {
    const auto tree = DiskTree::open_root(folder_.path().string());
    EXPECT_TRUE(tree.has_value());
    std::vector<std::string> messages;
    read_journal(**tree, name, notes, [&](const JournalEntry& entry) { messages.emplace_back(entry.message); }, never);
    return messages;
  }
  Folder folder_;
  std::vector<std::string> expected_;
};

TEST_F(JournalTest, is_read_as_journalctl_reads_it) {
  for (const std::string mode : {"SYSTEMD_JOURNAL_COMPACT=0 SYSTEMD_JOURNAL_COMPRESS=zstd",
                                 "SYSTEMD_JOURNAL_COMPACT=1 SYSTEMD_JOURNAL_COMPRESS=lz4",
                                 "SYSTEMD_JOURNAL_COMPACT=1 SYSTEMD_JOURNAL_COMPRESS=xz"}) {
    std::filesystem::remove(folder_.at("var/log/journal/x/system.journal"));
    ASSERT_TRUE(folder_.run(
        mode + " /usr/lib/systemd/systemd-journal-remote -o var/log/journal/x/system.journal - < in.txt 2>/dev/null"));
    Notes notes;
    const std::vector<std::string> got = read("/var/log/journal/x/system.journal", notes);
    EXPECT_EQ(got, expected_) << mode;
    EXPECT_TRUE(notes.all().empty()) << mode;
    std::string ours;
    for (const std::string& message : got) ours += message + "\n";
    EXPECT_EQ(ours, folder_.output("journalctl --file var/log/journal/x/system.journal -o cat -q")) << mode;
  }
}

TEST_F(JournalTest, gives_what_can_be_read_of_a_corrupt_one) {
  ASSERT_TRUE(folder_.run("/usr/lib/systemd/systemd-journal-remote -o whole.journal - < in.txt 2>/dev/null"));
  std::ifstream in{folder_.at("whole.journal"), std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  std::string broken = bytes;
  const std::size_t place = bytes.find("port 300 ssh2");
  ASSERT_NE(place, std::string::npos);
  for (std::size_t i = 0; i < 2000; ++i) broken[place + i] = '\x5a';
  folder_.write("var/log/journal/x/broken.journal", broken);
  Notes notes;
  EXPECT_GT(read("/var/log/journal/x/broken.journal", notes).size(), 500U);
  EXPECT_FALSE(notes.all().empty());
  folder_.write("var/log/journal/x/cut.journal", bytes.substr(0, place));
  Notes cut;
  EXPECT_GT(read("/var/log/journal/x/cut.journal", cut).size(), 200U);
  EXPECT_FALSE(cut.all().empty());
  Notes none;
  folder_.write("var/log/journal/x/no.journal", "LPKSHHRH");
  EXPECT_TRUE(read("/var/log/journal/x/no.journal", none).empty());
}

TEST_F(JournalTest, does_not_repeat_what_a_text_log_told) {
  ASSERT_TRUE(folder_.run(
      "/usr/lib/systemd/systemd-journal-remote -o var/log/journal/x/system.journal - < in.txt 2>/dev/null"));
  folder_.write("var/log/auth.log",
                fmt::format("{} h CRON[1000]: {}\n", "2026-09-21T14:13:20.000001+00:00", expected_[0]));
  const auto tree = DiskTree::open_root(folder_.path().string());
  const Read got = read_all(**tree);
  EXPECT_EQ(got.lines.size(), expected_.size());
  EXPECT_EQ(got.stats.repeated, 1U);
}

}  // namespace
}  // namespace abate::sweep
