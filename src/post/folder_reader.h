// SPDX-License-Identifier: Apache-2.0
// post/folder_reader.h — the ways in by folders: a Maildir's new/, and the folder of feeds.
//
// State is where a file lies, never a flag: it is moved (new/ to cur/, the feeds folder to done/) only after the
// commit. A crash between commit and move brings the same bytes again, which is one more arrival of one report, no
// double. inotify wakes the reader; a look every kFolderLookEvery catches what it missed. Several files share a commit.
//
// SECURITY: opens regular files only, never through a symbolic link, and never waits on a FIFO. A file larger than
// message_max stays where it is; a report that says so goes to a person's queue, once a start. Thread-safe.
#pragma once

#include <atomic>
#include <filesystem>
#include <set>
#include <string>
#include <thread>

#include "post/accept.h"

namespace abate::post {

constexpr std::chrono::milliseconds kFolderLookEvery{2000};
constexpr std::chrono::milliseconds kFolderRetryLongest{60'000};  // while the store is away
constexpr std::size_t kFolderFilesAtOnce = 64;

class FolderReader {
 public:
  enum class Kind : unsigned char { maildir, feed };

  FolderReader(Kind kind, std::filesystem::path folder, std::size_t message_max, Accept accept);
  ~FolderReader();  // lets what is being accepted finish
  FolderReader(const FolderReader&) = delete;
  FolderReader& operator=(const FolderReader&) = delete;

 private:
  void run();
  bool look();  // false: something could not be kept; try later
  bool take(const std::vector<std::filesystem::path>& files);
  void name_to_a_person(const std::filesystem::path& file, std::uintmax_t size);

  const Kind kind_;
  const std::filesystem::path folder_;  // where files appear
  const std::filesystem::path after_;   // where they go
  const std::size_t message_max_;
  const Accept accept_;
  std::set<std::filesystem::path> named_;  // too big or not regular: told once
  std::atomic<bool> stopping_{false};
  int wake_ = -1;
  std::thread thread_;
};

}  // namespace abate::post
