// SPDX-License-Identifier: Apache-2.0
// remedy/change.h — what an action does to the machine, as data: a few kinds of change that the executor knows how to
// make, to check and to take back. Actions make them from what they read; nothing here acts. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace abate::remedy {

enum class ChangeKind : std::uint8_t {
  remove,       // a file, link or empty folder goes; a file's sealed copy stays
  write,        // a file gets these bytes; owner, mode and attributes stay, or are root's 0644 where it is new
  make_link,    // the path becomes a link to `bytes`
  restrict,     // owner root and `mode`, for a file or folder; what is in it stays, and is not looked at
  run,          // a program of the running server, by argv; never on a mounted disk
  end_process,  // `pid`, if it still runs the program `path`
  make_folder,  // an empty folder of root's with `mode`, where there is none; undo leaves it while somebody uses it
  set_mode      // `mode` for a file or folder; its owner stays
};
std::string_view change_kind_name(ChangeKind kind);
std::optional<ChangeKind> parse_change_kind(std::string_view name);

struct Change {
  ChangeKind kind = ChangeKind::write;
  std::string path;   // as seen inside the root
  std::string bytes;  // write: all of the new file; make_link: its target
  std::uint16_t mode = 0644;
  std::vector<std::string> argv;       // run
  std::vector<std::string> undo_argv;  // takes it back; empty: it cannot be
  std::uint32_t pid = 0;
  std::string says;  // for the person: "mynetworks = 0.0.0.0/0 becomes 127.0.0.0/8"
};

struct OwnChange {  // of one path: the hashes before and after, "" where there was no file
  std::string path;
  std::string before;
  std::string after;
};

struct Work {
  std::vector<Change> changes;
  std::vector<std::string> check;                         // argv of the service's own checker; a failure rolls all back
  std::vector<std::vector<std::string>> afterwards;       // argv each: the service reads its configuration again
  std::vector<std::vector<std::string>> undo_afterwards;  // likewise, once it was taken back
  std::string by_hand;  // what only a person can do, and how; "" where nothing is left
};

}  // namespace abate::remedy
