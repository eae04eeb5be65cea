// SPDX-License-Identifier: Apache-2.0
// sweep/host/sought_contents.h — files whose bytes are known, wherever they lie and whatever they are called now: what
// was put away must not be there under another name, nor run from memory.
//
//   SoughtContents sought{{{.size = 4711, .sha256 = "…"}}};
//   sought.look_at_programs(running.processes, notes);  // where other processes can be seen
//   LookOptions options{.sought = &sought};             // the walk shows it every file
//   for (const FoundContent& one : sought.found()) …
//
// Only files of a size that is sought are opened. One who breaks in may lay out any number of such: kBytesMax are read
// in all, and what is not read then is noted once. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sweep/host/open_host.h"
#include "sweep/kit/host.h"
#include "sweep/kit/tree.h"

namespace abate::sweep {

struct SoughtContent {
  std::uint64_t size = 0;  // bytes; an empty file is not sought
  std::string sha256;      // lower-case hex
};

struct FoundContent {
  std::string path;       // of the file; of a program that runs: what /proc/PID/exe said
  std::uint32_t pid = 0;  // of a program that runs; 0: a file
  std::string sha256;
};

class SoughtContents {
 public:
  explicit SoughtContents(const std::vector<SoughtContent>& sought);

  void look_at(const Node& node, Notes& notes);
  // Of this very server: a program that was deleted, or never was a file, is read where it runs.
  void look_at_programs(const std::vector<Process>& processes, Notes& notes);
  [[nodiscard]] const std::vector<FoundContent>& found() const { return found_; }
  [[nodiscard]] bool is_whole() const { return whole_; }  // all that has a sought size was read

  static constexpr std::uint64_t kBytesMax = std::uint64_t{4} << 30;
  static constexpr std::size_t kFoundMax = 100;

 private:
  using Fill = std::function<Result<std::size_t>(std::uint64_t offset, std::span<char> into)>;
  [[nodiscard]] bool is_sought(std::uint64_t size) const { return sizes_.contains(size); }
  void read(std::uint64_t size, const Fill& fill, FoundContent what, Notes& notes);

  std::set<std::uint64_t> sizes_;
  std::set<std::pair<std::uint64_t, std::string>> contents_;
  std::vector<FoundContent> found_;
  std::uint64_t bytes_ = 0;
  bool whole_ = true;
};

}  // namespace abate::sweep
