// SPDX-License-Identifier: Apache-2.0
// post/folder_reader.h — the ways in by folders: a Maildir's new/, and the folder of feeds.
//
// State is where a file lies, never a flag: it is moved (new/ to cur/, the feeds folder to done/) only after the
// commit. A crash between commit and move brings the same bytes again, which is one more arrival of one report, no
// double. inotify wakes the reader; a look every kFolderLookEvery catches what it missed. Several files share a commit.
//
// SECURITY: reads regular files only, never through a symbolic link; what else lies there is looked at and not opened.
// A file larger than message_max stays where it is; a report that says so goes to a person's queue, once a start and
// size. What is in memory at once is bounded: kFolderFilesAtOnce files and kFolderBytesAtOnce (or one file).
// Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "post/accept.h"

namespace abate::post {

constexpr std::chrono::milliseconds kFolderLookEvery{2000};
constexpr std::chrono::milliseconds kFolderRetryLongest{60'000};  // while the store is away
constexpr std::size_t kFolderFilesAtOnce = 64;
constexpr std::uintmax_t kFolderBytesAtOnce = std::uintmax_t{64} << 20;

class FolderReader {
 public:
  enum class Kind : unsigned char { maildir, feed };

  FolderReader(Kind kind, std::filesystem::path folder, std::size_t message_max, Accept accept,
               std::chrono::milliseconds look_every = kFolderLookEvery);
  ~FolderReader();  // lets what is being accepted finish
  FolderReader(const FolderReader&) = delete;
  FolderReader& operator=(const FolderReader&) = delete;

 private:
  struct Waiting;

  void run();
  bool look();  // false: something could not be kept or moved; try later
  bool take(const std::filesystem::path& file, std::vector<Waiting>& waiting, std::uintmax_t& bytes);
  bool settle(std::vector<Waiting>& waiting);
  bool move_away(const std::filesystem::path& file);
  bool name_to_a_person(const std::filesystem::path& file, std::uintmax_t size);

  const Kind kind_;
  const std::filesystem::path folder_;  // where files appear
  const std::filesystem::path after_;   // where they go
  const std::size_t message_max_;
  const Accept accept_;
  const std::chrono::milliseconds look_every_;
  std::map<std::filesystem::path, std::uintmax_t> told_;  // too big or not regular: told once for this size
  std::set<std::filesystem::path> kept_;                  // committed, but could not be moved yet: not taken again
  std::atomic<bool> stopping_{false};
  int wake_ = -1;
  std::thread thread_;
};

}  // namespace abate::post
