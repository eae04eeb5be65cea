// SPDX-License-Identifier: Apache-2.0
// The executor on real folders: what it changes comes back byte for byte and attribute for attribute, whatever happens
// in between.
#include "remedy/executor/executor.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/hash.h"
#include "remedy/executor/seal.h"
#include "remedy/verify.h"

namespace abate::remedy {
namespace {

namespace fs = std::filesystem;

constexpr Instant kNow{Duration{1'790'000'000'000'000}};

constexpr const char* kAcl = "system.posix_acl_access";
constexpr const char* kCapability = "security.capability";

// u::rw- u:33:rwx g::r-- m::rwx o::---, as the kernel keeps it (version 2, little endian).
void give_acl(const fs::path& path) {
  struct Row {
    std::uint16_t tag, rights;
    std::uint32_t id;
  };
  const Row rows[] = {
      {0x01, 6, 0xFFFFFFFF}, {0x02, 7, 33}, {0x04, 4, 0xFFFFFFFF}, {0x10, 7, 0xFFFFFFFF}, {0x20, 0, 0xFFFFFFFF}};
  std::string value{"\x02\0\0\0", 4};
  value.append(reinterpret_cast<const char*>(rows), sizeof rows);
  ASSERT_EQ(::lsetxattr(path.c_str(), kAcl, value.data(), value.size(), 0), 0) << "this file system keeps no ACLs";
}

// cap_net_bind_service=ep, as setcap writes it (VFS_CAP_REVISION_2).
void give_capability(const fs::path& path) {
  const std::uint32_t value[] = {0x02000001, 1U << 10, 0, 0, 0};
  if (::geteuid() == 0) {
    ASSERT_EQ(::lsetxattr(path.c_str(), kCapability, value, sizeof value, 0), 0);
  }
}

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "abate-executor-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    fs::create_directory(path_ / "root");
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] Where where() const {
    return {
        .root = (path_ / "root").string(), .state_folder = (path_ / "state").string(), .live = false, .at_step = {}};
  }
  [[nodiscard]] fs::path at(const std::string& path) const { return path_ / "root" / path; }
  void write(const std::string& path, const std::string& bytes, mode_t mode = 0644) const {
    fs::create_directories(at(path).parent_path());
    std::ofstream{at(path), std::ios::binary} << bytes;
    ::chmod(at(path).c_str(), mode);
    ::lsetxattr(at(path).c_str(), "user.note", path.data(), path.size(), 0);
    const timespec times[2] = {{1'700'000'000, 123'456'789}, {1'600'000'000, 987'654'321}};
    ::utimensat(AT_FDCWD, at(path).c_str(), times, 0);
  }

  // Everything about the tree but inode numbers and change times; hard links by who shares an inode.
  [[nodiscard]] std::map<std::string, std::string> picture() const {
    std::map<std::string, std::string> seen;
    std::map<ino_t, std::string> first;
    std::vector<fs::path> all{path_ / "root"};
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator{path_ / "root"})
      all.push_back(entry.path());
    std::ranges::sort(all);
    for (const fs::path& path : all) {
      struct stat node{};
      ::lstat(path.c_str(), &node);
      std::string bytes;
      if (S_ISLNK(node.st_mode)) bytes = fs::read_symlink(path).string();
      char note[256];
      const ssize_t noted = ::lgetxattr(path.c_str(), "user.note", note, sizeof note);
      if (S_ISREG(node.st_mode)) {
        std::ifstream in{path, std::ios::binary};
        bytes.assign(std::istreambuf_iterator<char>{in}, {});
        // Looking must not change what is looked at.
        const timespec times[2] = {node.st_atim, node.st_mtim};
        ::utimensat(AT_FDCWD, path.c_str(), times, 0);
      }
      const std::string same = S_ISREG(node.st_mode) ? first.try_emplace(node.st_ino, path.string()).first->second : "";
      seen[path.string()] = fmt::format("{:o} {} {} {}.{} {} {} {}", node.st_mode, node.st_uid, node.st_gid,
                                        node.st_mtim.tv_sec, node.st_mtim.tv_nsec, same,
                                        std::string{note, noted > 0 ? static_cast<std::size_t>(noted) : 0}, bytes);
      for (const char* name : {kAcl, kCapability}) {
        char value[256];
        const ssize_t size = ::lgetxattr(path.c_str(), name, value, sizeof value);
        if (size > 0) seen[path.string()] += std::string{name}.append(value, static_cast<std::size_t>(size));
      }
    }
    return seen;
  }

 private:
  fs::path path_;
};

Action action(const std::string& id, const std::string& path) {
  Action one;
  one.id = id;
  one.kind = "quarantine_file";
  one.subject.path = path;
  return one;
}

Change change(ChangeKind kind, const std::string& path, const std::string& bytes = "", std::uint16_t mode = 0644) {
  Change one;
  one.kind = kind;
  one.path = path;
  one.bytes = bytes;
  one.mode = mode;
  return one;
}

Outcome::End apply(const Where& where, const std::string& plan, const std::vector<std::pair<Action, Work>>& all) {
  Result<Run> run = Run::start(where, plan, "T-1", kNow);
  EXPECT_TRUE(run) << (run ? "" : run.error().what);
  Outcome::End end = Outcome::End::done;
  for (const auto& [one, work] : all) end = run->act(one, work, kNow).end;
  EXPECT_TRUE(run->finish(kNow));
  return end;
}

// Runs the plan in a child that is killed at step `at`; true: it came to the end before.
bool ends_by_itself(const Where& where, const std::vector<std::pair<Action, Work>>& plan, int at) {
  const pid_t child = ::fork();
  if (child == 0) {
    Where there = where;
    int step = 0;
    there.at_step = [&] {
      if (++step == at) ::kill(::getpid(), SIGKILL);
    };
    if (Result<Run> run = Run::start(there, "plan", "T-1", kNow)) {
      for (const auto& [one, work] : plan) static_cast<void>(run->act(one, work, kNow));
      static_cast<void>(run->finish(kNow));
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status);
}

TEST(Executor, a_file_that_went_comes_back_with_all_that_it_had) {
  const Folder folder;
  folder.write("var/www/x.php", std::string(200'000, 'x') + '\0' + "end", 04755);
  const auto before = folder.picture();
  ASSERT_EQ(apply(folder.where(), "p",
                  {{action("a1", "/var/www/x.php"), {.changes = {change(ChangeKind::remove, "/var/www/x.php")}}}}),
            Outcome::End::done);
  EXPECT_FALSE(fs::exists(folder.at("var/www/x.php")));
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator{folder.where().state_folder}) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in{entry.path(), std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_EQ(text.find("xxxxxxxx"), std::string::npos) << entry.path() << " holds the file in the clear";
  }
  const auto undone = undo(folder.where(), "a1", kNow);
  ASSERT_TRUE(undone);
  EXPECT_EQ(folder.picture(), before);
  EXPECT_FALSE(undo(folder.where(), "a1", kNow)) << "it was undone already";
}

TEST(Executor, what_it_put_away_is_known_by_its_size_and_hash_until_it_is_undone) {
  const Folder folder;
  // Around the pieces that a sealed copy is made of.
  const std::vector<std::size_t> sizes{1, 65535, 65536, 65537, 200'000};
  std::vector<std::pair<Action, Work>> plan;
  for (const std::size_t size : sizes) {
    const std::string name = fmt::format("w/{}.php", size);
    folder.write(name, std::string(size, 'x'));
    plan.push_back(
        {action(fmt::format("a{}", size), "/" + name), {.changes = {change(ChangeKind::remove, "/" + name)}}});
  }
  folder.write("etc/main.cf", "open");
  Action edit = action("a-edit", "/etc/main.cf");
  edit.kind = "close_relay";
  plan.push_back({edit, {.changes = {change(ChangeKind::write, "/etc/main.cf", "closed")}}});
  apply(folder.where(), "p", plan);
  const auto away = put_away(folder.where());
  ASSERT_TRUE(away) << away.error().what;
  ASSERT_EQ(away->size(), sizes.size()) << "a configuration may have a good copy";
  for (std::size_t n = 0; n < sizes.size(); ++n) {
    EXPECT_EQ((*away)[n].path, fmt::format("/w/{}.php", sizes[n]));
    EXPECT_EQ((*away)[n].size, sizes[n]);
    EXPECT_EQ((*away)[n].sha256, sha256_hex(std::string(sizes[n], 'x')));
  }
  ASSERT_TRUE(undo(folder.where(), "a1", kNow));
  EXPECT_EQ(put_away(folder.where())->size(), sizes.size() - 1);
  Where other = folder.where();
  other.root = "/elsewhere";
  EXPECT_TRUE(put_away(other)->empty());
}

TEST(Executor, a_hard_link_comes_back_as_a_link_of_the_same_file) {
  const Folder folder;
  folder.write("a/one", "shared");
  fs::create_hard_link(folder.at("a/one"), folder.at("two"));
  const auto before = folder.picture();
  apply(folder.where(), "p", {{action("a1", "/a/one"), {.changes = {change(ChangeKind::remove, "/a/one")}}}});
  ASSERT_TRUE(undo(folder.where(), "a1", kNow));
  EXPECT_EQ(folder.picture(), before);
}

TEST(Executor, what_may_not_be_looked_at_is_restricted_unread_and_uncopied) {
  const Folder folder;
  folder.write("w/x.jpg", "nobody looks", 0644);
  const auto before = folder.picture();
  // A mode that refuses reading shows nothing as root; the state folder does: no sealed copy, no hash of the bytes.
  ASSERT_EQ(apply(folder.where(), "p",
                  {{action("a1", "/w/x.jpg"), {.changes = {change(ChangeKind::restrict, "/w/x.jpg", "", 0)}}}}),
            Outcome::End::done);
  std::string all;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator{folder.where().state_folder}) {
    EXPECT_FALSE(entry.path().string().ends_with("/sealed/1")) << "a copy was made";
    if (entry.path().filename() != "journal") continue;
    std::ifstream in{entry.path(), std::ios::binary};
    all.append(std::istreambuf_iterator<char>{in}, {});
  }
  EXPECT_EQ(all.find("sha256"), std::string::npos) << all;
  const auto stands = standing(folder.where());
  ASSERT_TRUE(stands && stands->size() == 1);
  EXPECT_TRUE(stands->front().holds) << stands->front().seen;
  ASSERT_TRUE(undo(folder.where(), "a1", kNow));
  EXPECT_EQ(folder.picture(), before);
}

TEST(Executor, a_folder_in_which_somebody_works_stays_whole) {
  const Folder folder;
  folder.write("kit/index.php", "x");
  folder.write("kit/new-file", "of the owner");
  const auto before = folder.picture();
  EXPECT_EQ(apply(folder.where(), "p",
                  {{action("a1", "/kit"),
                    {.changes = {change(ChangeKind::remove, "/kit/index.php"), change(ChangeKind::remove, "/kit")}}}}),
            Outcome::End::failed);
  EXPECT_EQ(folder.picture(), before);
}

TEST(Executor, never_follows_a_link_out_of_the_root) {
  const Folder folder;
  folder.write("etc/passwd", "inside");
  fs::create_directory_symlink("/etc", folder.at("away"));           // absolute: the root's own /etc
  fs::create_directory_symlink("../../../../etc", folder.at("up"));  // never above the root
  fs::create_symlink("/etc/passwd", folder.at("leaf"));
  apply(folder.where(), "p",
        {{action("a1", "/away/passwd"), {.changes = {change(ChangeKind::write, "/away/passwd", "changed")}}},
         {action("a2", "/up/shadow"), {.changes = {change(ChangeKind::write, "/up/shadow", "new")}}},
         {action("a3", "/leaf"), {.changes = {change(ChangeKind::write, "/leaf", "a file now")}}}});
  std::ifstream passwd{folder.at("etc/passwd")};
  EXPECT_EQ((std::string{std::istreambuf_iterator<char>{passwd}, {}}), "changed");
  EXPECT_TRUE(fs::exists(folder.at("etc/shadow")));
  EXPECT_EQ(fs::read_symlink(folder.at("leaf")), "/etc/passwd") << "a link is not written over";
}

// A server that runs, with commands that can be had everywhere.
Where live(const Folder& folder) {
  Where where = folder.where();
  where.live = true;
  return where;
}

TEST(Executor, what_the_servers_own_checker_refuses_is_rolled_back) {
  const Folder folder;
  folder.write("etc/x.conf", "open\n");
  const auto before = folder.picture();
  Work work{.changes = {change(ChangeKind::write, "/etc/x.conf", "nonsense\n")}};
  work.check = {"false"};
  EXPECT_EQ(apply(live(folder), "p", {{action("a1", "/etc/x.conf"), work}}), Outcome::End::failed);
  EXPECT_EQ(folder.picture(), before);
  work.check = {"true"};
  EXPECT_EQ(apply(live(folder), "p2", {{action("a1", "/etc/x.conf"), work}}), Outcome::End::done);
}

TEST(Executor, a_program_that_it_ran_is_taken_back_by_its_opposite) {
  const Folder folder;
  folder.write("etc/x.conf", "open\n");
  Change start = change(ChangeKind::run, "");
  start.argv = {"touch", folder.at("held").string()};
  start.undo_argv = {"rm", folder.at("held").string()};
  EXPECT_EQ(apply(live(folder), "p", {{action("a1", "/x"), {.changes = {start}}}}), Outcome::End::done);
  EXPECT_TRUE(fs::exists(folder.at("held")));
  ASSERT_TRUE(undo(live(folder), "a1", kNow));
  EXPECT_FALSE(fs::exists(folder.at("held")));
}

TEST(Executor, after_a_crash_somebody_elses_content_is_not_rolled_back_over) {
  const Folder folder;
  folder.write("etc/x.conf", "open\n");
  const std::vector<std::pair<Action, Work>> plan{
      {action("a1", "/etc/x.conf"),
       {.changes = {change(ChangeKind::write, "/etc/x.conf", "closed\n"), change(ChangeKind::remove, "/etc/y")}}}};
  folder.write("etc/y", "y");
  bool was_stale = false;
  for (int at = 1; !ends_by_itself(folder.where(), plan, at) && at < 40; ++at) {
    std::ifstream in{folder.at("etc/x.conf")};
    if (std::string{std::istreambuf_iterator<char>{in}, {}} != "closed\n" || !fs::exists(folder.at("etc/y"))) {
      fs::remove_all(folder.where().state_folder);
      folder.write("etc/x.conf", "open\n");
      folder.write("etc/y", "y");
      continue;
    }
    folder.write("etc/x.conf", "the owner's own\n");
    const Result<remedy::Run> run = remedy::Run::start(folder.where(), "plan", "T-1", kNow);
    ASSERT_TRUE(run) << run.error().what;
    const Result<std::vector<DoneAction>> told = history(folder.where().state_folder);
    ASSERT_TRUE(told);
    ASSERT_EQ(told->size(), 1U);
    EXPECT_EQ(told->front().state, DoneAction::State::failed);
    EXPECT_NE(told->front().says.find("changed since"), std::string::npos) << told->front().says;
    was_stale = true;
    break;
  }
  EXPECT_TRUE(was_stale) << "no crash fell between the two changes";
  std::ifstream in{folder.at("etc/x.conf")};
  EXPECT_EQ((std::string{std::istreambuf_iterator<char>{in}, {}}), "the owner's own\n");
}

TEST(Executor, doing_it_twice_changes_nothing_the_second_time) {
  const Folder folder;
  folder.write("etc/x.conf", "open\n");
  const std::vector<std::pair<Action, Work>> all{
      {action("a1", "/etc/x.conf"), {.changes = {change(ChangeKind::write, "/etc/x.conf", "closed\n")}}}};
  EXPECT_EQ(apply(folder.where(), "p", all), Outcome::End::done);
  const auto after = folder.picture();
  EXPECT_EQ(apply(folder.where(), "p", all), Outcome::End::already_so);
  EXPECT_EQ(folder.picture(), after);
}

TEST(Executor, a_change_that_fails_takes_the_whole_action_back) {
  const Folder folder;
  folder.write("etc/x.conf", "open\n");
  const auto before = folder.picture();
  EXPECT_EQ(apply(folder.where(), "p",
                  {{action("a1", "/etc/x.conf"),
                    {.changes = {change(ChangeKind::write, "/etc/x.conf", "closed\n"),
                                 change(ChangeKind::restrict, "/etc/not-there", "", 0600)}}}}),
            Outcome::End::refused);
  EXPECT_EQ(folder.picture(), before);
}

TEST(Executor, what_somebody_changed_since_is_not_overwritten_by_undo) {
  const Folder folder;
  folder.write("etc/x.conf", "open\n");
  apply(folder.where(), "p",
        {{action("a1", "/etc/x.conf"), {.changes = {change(ChangeKind::write, "/etc/x.conf", "closed\n")}}}});
  folder.write("etc/x.conf", "the owner's own\n");
  const auto undone = undo(folder.where(), "a1", kNow);
  ASSERT_TRUE(undone);
  ASSERT_EQ(undone->size(), 1U);
  EXPECT_EQ(undone->front().outcome.end, Outcome::End::refused);
  std::ifstream in{folder.at("etc/x.conf")};
  EXPECT_EQ((std::string{std::istreambuf_iterator<char>{in}, {}}), "the owner's own\n");
}

TEST(Executor, starts_nothing_on_a_mounted_disk) {
  const Folder folder;
  Change start = change(ChangeKind::run, "");
  start.argv = {"touch", folder.at("was-run").string()};
  EXPECT_EQ(apply(folder.where(), "p", {{action("a1", "/x"), {.changes = {start}}}}), Outcome::End::failed);
  EXPECT_FALSE(fs::exists(folder.at("was-run")));
}

TEST(Seal, a_copy_that_was_cut_or_changed_is_refused) {
  const Folder folder;
  folder.write("x", std::string(150'000, 'a'));
  const std::string state = folder.at("").string();
  const Result<Seal> seal = Seal::open(state);
  ASSERT_TRUE(seal);
  const Descriptor file{::open(folder.at("x").c_str(), O_RDONLY)};
  ASSERT_TRUE(seal->close_up(file.get(), folder.at("sealed").string()));
  const auto size = fs::file_size(folder.at("sealed"));
  const Descriptor out{::open(folder.at("out").c_str(), O_RDWR | O_CREAT, 0600)};
  EXPECT_TRUE(seal->unseal(folder.at("sealed").string(), out.get()));
  fs::resize_file(folder.at("sealed"), size - 1);
  EXPECT_FALSE(seal->unseal(folder.at("sealed").string(), out.get()));
  fs::resize_file(folder.at("sealed"), 65536 + 17 + 24);  // cut between two pieces
  EXPECT_FALSE(seal->unseal(folder.at("sealed").string(), out.get()));
}

// Random trees and plans. The program is ended at every step in turn; the same plan then goes on to the same end, and
// undo brings the first picture back.
class Crash : public testing::TestWithParam<int> {};

std::vector<std::pair<Action, Work>> random_plan(std::mt19937& random, const Folder& folder) {
  std::vector<std::string> paths;
  for (int n = 0; n < 5; ++n) {
    paths.push_back(fmt::format("/d{}/f{}", random() % 2, n));
    folder.write(paths.back().substr(1), std::string(random() % 70'000, static_cast<char>('a' + n)),
                 static_cast<mode_t>(random() % 01000 | 0400));
  }
  fs::create_directories(folder.at("d0"));
  fs::create_directories(folder.at("d1"));
  folder.write("d1/deep/er/data.txt", "what it took", 0600);
  give_acl(folder.at(paths[1].substr(1)));
  give_acl(folder.at("d1/deep/er/data.txt"));
  give_capability(folder.at(paths[2].substr(1)));
  fs::create_hard_link(folder.at(paths[0].substr(1)), folder.at("d0/hard"));
  fs::create_symlink("f0", folder.at("d0/soft"));
  paths.emplace_back("/d0/soft");
  paths.emplace_back("/d1/new");
  std::vector<std::pair<Action, Work>> plan;
  for (std::size_t n = 0; n < 4; ++n) {
    Work work;
    for (std::size_t changes = 1 + random() % 2; changes > 0; --changes) {
      const std::string path = paths[random() % paths.size()];
      const auto roll = random() % 6;
      if (roll == 0) work.changes.push_back(change(ChangeKind::write, path, fmt::format("text {}\n", random() % 3)));
      if (roll == 1) work.changes.push_back(change(ChangeKind::make_link, path, "/dev/null"));
      if (roll == 2) work.changes.push_back(change(ChangeKind::remove, path));
      if (roll == 3 && path != "/d0/soft") work.changes.push_back(change(ChangeKind::restrict, path, "", 0));
      if (roll == 4 && path != "/d0/soft") work.changes.push_back(change(ChangeKind::set_mode, path, "", 0640));
      if (roll == 5) {
        work.changes.push_back(change(ChangeKind::make_folder, "/d0/made", "", 0750));
        work.changes.push_back(change(ChangeKind::write, "/d0/made/in", "text\n"));
      }
    }
    plan.emplace_back(action(fmt::format("a{}", n), "/d0"), std::move(work));
  }
  // A folder as a whole: the deepest first.
  Work sealed;
  for (const char* path : {"/d1/deep/er/data.txt", "/d1/deep/er", "/d1/deep"})
    sealed.changes.push_back(change(ChangeKind::remove, path));
  plan.emplace_back(action("a-folder", "/d1/deep"), std::move(sealed));
  return plan;
}

TEST_P(Crash, at_any_step_is_continued_and_undone_byte_for_byte) {
  bool whole = false;
  for (int at = 1; !whole && at < 60; ++at) {
    std::mt19937 random{static_cast<unsigned>(GetParam())};
    const Folder folder;
    const std::vector<std::pair<Action, Work>> plan = random_plan(random, folder);
    const auto before = folder.picture();
    whole = ends_by_itself(folder.where(), plan, at);
    if (!whole) {
      // Killed again while it goes on, then left alone.
      ends_by_itself(folder.where(), plan, 2);
      EXPECT_TRUE(ends_by_itself(folder.where(), plan, 0));
    }
    EXPECT_EQ(Journal::runs(folder.where().state_folder).size(), 1U) << "the same run went on";
    const auto after = folder.picture();
    for (const auto& [path, seen] : after) EXPECT_EQ(path.find("/.abate-"), std::string::npos) << path;
    const Result<std::vector<Undone>> undone =
        undo(folder.where(), Journal::runs(folder.where().state_folder).front(), kNow);
    ASSERT_TRUE(undone) << undone.error().what;
    for (const Undone& one : *undone) EXPECT_EQ(one.outcome.end, Outcome::End::done) << one.outcome.says;
    ASSERT_EQ(folder.picture(), before) << "seed " << GetParam() << ", killed at step " << at;
  }
  EXPECT_TRUE(whole);
}

INSTANTIATE_TEST_SUITE_P(OfManyPlans, Crash, testing::Range(1, 9));

}  // namespace
}  // namespace abate::remedy
