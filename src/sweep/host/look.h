// SPDX-License-Identifier: Apache-2.0
// sweep/host/look.h — looks through a server: the inventory, every file once for all detectors, every log once for all
// watchers.
//
//   LookResult result = look(opened->host, detectors(), options, notes);
//
// What the ticket points at comes first only in what is said, not in what is read: everything is read. Findings are
// ordered by severity, area and path; the same detector and subject is one finding. Never throws; ends early, with what
// it has, when options.ended says so.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "sweep/host/open_host.h"
#include "sweep/host/sought_contents.h"
#include "sweep/host/unchanged_files.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {

struct LookOptions {
  std::set<Area> areas;  // empty: all
  std::function<bool()> ended = [] { return false; };
  // Called often with what is being looked at; the callee limits its own rate.
  std::function<void(std::string_view what, std::uint64_t done)> progress = [](std::string_view, std::uint64_t) {};
  std::vector<std::string> passed_over;  // folders that are ours, like the state folder
  // The program that looks, and its copies: it holds the words of all that it looks for.
  struct OwnProgram {
    std::uint64_t device = 0, inode = 0, size = 0;
    std::string md5;  // of its bytes; empty: unknown
  } own;
  SoughtContents* sought = nullptr;     // is shown every file
  std::vector<LogWatcher*> watching;    // see every line of the logs as the detectors do
  UnchangedFiles* unchanged = nullptr;  // what the former sweep left in the state folder; null: every file is read
};

struct LookStats {
  std::uint64_t files = 0;  // nodes met that are files
  std::uint64_t files_read = 0;
  std::uint64_t bytes = 0;  // read from files
  std::uint64_t log_lines = 0;
  std::uint64_t files_unchanged = 0;  // not read: nothing was found in them before, and they are as they were
};

struct LookResult {
  std::vector<Finding> findings;
  LookStats stats;
  bool ended_early = false;
};

constexpr std::size_t kFindingsMax = 5000;              // then the rest is counted and said
constexpr std::size_t kFindingsOfOneDetectorMax = 300;  // a thousand files of one kind are one story

LookResult look(const Host& host, std::span<const Detector* const> detectors, const LookOptions& options, Notes& notes);

// Web files and scripts wherever they lie, and all in folders that anybody or a web user can write to.
bool worth_reading(std::string_view path, const Stat& stat, const Host& host);
// The system's own program files, which are compared with their package.
bool is_program_file(std::string_view path);

}  // namespace abate::sweep
