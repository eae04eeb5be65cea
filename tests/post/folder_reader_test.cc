// SPDX-License-Identifier: Apache-2.0
#include "post/folder_reader.h"

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace abate::post {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

class Folders : public ::testing::Test {
 protected:
  Folders() {
    std::string name = (fs::temp_directory_path() / "abate-folder-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    fs::create_directories(folder_ / "new");
  }
  ~Folders() override { fs::remove_all(folder_); }

  Accept accept() {
    return [this](desk::NewArrival arrival, const desk::Intake::Done& done) {
      const std::lock_guard lock{mutex_};
      if (away_ > 0) {
        --away_;
        done(failure(Fault::unavailable, "the disk is full"));
      } else {
        arrivals_.push_back(std::move(arrival));
        done(desk::Kept{"R-1", true, ""});
      }
      came_.notify_all();
    };
  }
  void write(const fs::path& name, std::string_view bytes) {
    std::ofstream{folder_ / ".beside", std::ios::binary} << bytes;
    fs::rename(folder_ / ".beside", folder_ / name);
  }
  // Until `n` arrived and the files of `folder` are `left`; fails after ten seconds.
  void wait_for(std::size_t n, const fs::path& moved_to) {
    std::unique_lock lock{mutex_};
    EXPECT_TRUE(came_.wait_for(lock, std::chrono::seconds{10}, [&] { return arrivals_.size() >= n; }));
    lock.unlock();
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!fs::exists(folder_ / moved_to) && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    EXPECT_TRUE(fs::exists(folder_ / moved_to)) << moved_to;
  }

  fs::path folder_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<desk::NewArrival> arrivals_;
  int away_ = 0;
};

TEST_F(Folders, a_mail_is_moved_to_cur_after_it_was_kept_with_its_bytes_and_envelope) {
  const std::string mail = "Return-Path: <fbl@example.org>\nDelivered-To: abuse@example.net\n\n\0bare\rCR\n"s;
  write("new/1.host", mail);
  const FolderReader reader{FolderReader::Kind::maildir, folder_, 1000, accept()};
  wait_for(1, "cur/1.host:2,");
  EXPECT_EQ(arrivals_[0].bytes, mail);
  EXPECT_EQ(arrivals_[0].envelope_from, "fbl@example.org");
  EXPECT_EQ(arrivals_[0].envelope_to, "abuse@example.net");
  EXPECT_FALSE(fs::exists(folder_ / "new/1.host"));
  write("new/2.host", "later");
  wait_for(2, "cur/2.host:2,");
}

TEST_F(Folders, what_cannot_be_kept_stays_and_is_tried_again) {
  away_ = 1;
  write("new/1.host", "mail");
  const FolderReader reader{FolderReader::Kind::maildir, folder_, 1000, accept(), std::chrono::milliseconds{5}};
  wait_for(1, "cur/1.host:2,");
  EXPECT_EQ(arrivals_.size(), 1U);
}

TEST_F(Folders, too_big_a_file_stays_and_a_person_is_told_once) {
  write("new/big", std::string(2000, 'x'));
  write("new/small", "x");
  const FolderReader reader{FolderReader::Kind::maildir, folder_, 1000, accept()};
  wait_for(2, "cur/small:2,");
  write("new/again", "y");
  wait_for(3, "cur/again:2,");
  EXPECT_TRUE(fs::exists(folder_ / "new/big"));
  EXPECT_EQ(
      std::ranges::count_if(arrivals_, [](const auto& a) { return a.bytes.find("message_max") != std::string::npos; }),
      1);
}

TEST_F(Folders, a_person_is_told_of_a_big_file_also_when_the_store_was_away) {
  away_ = 1;
  write("new/big", std::string(2000, 'x'));
  const FolderReader reader{FolderReader::Kind::maildir, folder_, 1000, accept(), std::chrono::milliseconds{5}};
  wait_for(1, "new/big");
  EXPECT_NE(arrivals_[0].bytes.find("/new/big has 2000 bytes, more than message_max (1000 bytes)"), std::string::npos);
  EXPECT_EQ(arrivals_[0].content_type, desk::kLeftAloneType);
}

TEST_F(Folders, a_small_file_in_the_place_of_a_big_one_is_read) {
  write("daily.json", std::string(2000, 'x'));
  const FolderReader reader{FolderReader::Kind::feed, folder_, 1000, accept()};
  wait_for(1, "daily.json");
  write("daily.json", "{}");
  wait_for(2, "done/daily.json");
  EXPECT_EQ(arrivals_[1].bytes, "{}");
}

TEST_F(Folders, what_was_kept_but_could_not_be_moved_is_moved_later_and_not_kept_twice) {
  write("cur", "a file where the folder should be");
  write("new/1.host", "mail");
  const FolderReader reader{FolderReader::Kind::maildir, folder_, 1000, accept(), std::chrono::milliseconds{5}};
  wait_for(1, "new/1.host");
  write("new/2.host", "it is seen by a later look");
  wait_for(2, "new/2.host");
  fs::remove(folder_ / "cur");
  wait_for(2, "cur/1.host:2,");
  wait_for(2, "cur/2.host:2,");
  EXPECT_EQ(arrivals_.size(), 2U);
}

TEST_F(Folders, one_that_fails_keeps_no_other_waiting) {
  for (int i = 0; i < 200; ++i) write("new/" + std::to_string(i), "mail " + std::to_string(i));
  away_ = 70;
  const FolderReader reader{FolderReader::Kind::maildir, folder_, 1000, accept()};
  std::unique_lock lock{mutex_};
  ASSERT_TRUE(came_.wait_for(lock, std::chrono::seconds{2}, [&] { return arrivals_.size() >= 130; }))
      << "in the first look";
  ASSERT_TRUE(came_.wait_for(lock, std::chrono::seconds{10}, [&] { return arrivals_.size() >= 200; }));
}

TEST_F(Folders, a_folder_that_is_made_later_is_read) {
  fs::remove_all(folder_ / "new");
  const FolderReader reader{FolderReader::Kind::maildir, folder_, 1000, accept(), std::chrono::milliseconds{5}};
  fs::create_directories(folder_ / "new");
  write("new/1.host", "mail");
  wait_for(1, "cur/1.host:2,");
}

TEST_F(Folders, links_and_pipes_are_left_alone) {
  write("secret", "secret");
  fs::create_symlink(folder_ / "secret", folder_ / "new/link");
  ASSERT_EQ(mkfifo((folder_ / "new/pipe").c_str(), 0600), 0);
  write("new/mail", "mail");
  const FolderReader reader{FolderReader::Kind::maildir, folder_, 1000, accept()};
  wait_for(1, "cur/mail:2,");
  EXPECT_EQ(arrivals_.size(), 1U);
}

TEST_F(Folders, a_feed_goes_to_done_under_a_free_name_and_unfinished_files_wait) {
  fs::create_directories(folder_ / "done");
  write("done/feed.csv", "former");
  write("feed.csv.part", "half");
  write("feed.csv", "ip\n192.0.2.1\n");
  const FolderReader reader{FolderReader::Kind::feed, folder_, 1000, accept()};
  wait_for(1, "done/feed.csv.1");
  EXPECT_EQ(arrivals_[0].content_type, "text/csv");
  EXPECT_EQ(arrivals_[0].channel, Channel::feed);
  EXPECT_TRUE(fs::exists(folder_ / "feed.csv.part"));
  EXPECT_EQ(arrivals_.size(), 1U);
}

}  // namespace
}  // namespace abate::post
