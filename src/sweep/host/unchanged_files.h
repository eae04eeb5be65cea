// SPDX-License-Identifier: Apache-2.0
// sweep/host/unchanged_files.h — which files are as they were when a former sweep found nothing in them.
//
//   UnchangedFiles files{state_folder, context_of(host, …), started, notes};
//   if (files.knows(print)) return files.keep(print);  // nothing was found in it then, nothing would be now
//   … look at it … if (nothing was found) files.add(print, stat);
//   files.finish();                                    // takes the former list's place, whole or not at all
//
// What is kept is one fingerprint of 16 bytes a file: of its path, size, mtime, ctime, inode, mode and owner, and of
// what would look at it. Files with a finding are not kept, so they are looked at each time, and nothing that is told
// comes from the state folder. The context (program, rules, packages, accounts, sites, ticket) stands at the list's
// head: with another context the whole list is as if it were not there.
//
// SECURITY: the list is believed only when the folder and it belong to us and nobody else can write to them. Whoever is
// root on the server can forge it, as well as a file's ctime: that is why it is never used unless asked for (--state),
// and why --fresh leaves it aside. A file whose time lies less than kRacy before the sweep began, or after, is not
// kept: it may have changed once more without its times showing it.
//
// Memory: one key for each 4 KiB of the list, and one run of kRunPrints; two million files are 32 MB on the disk, 64
// KiB in memory. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.h"
#include "sweep/host/open_host.h"

namespace abate::sweep {

using FilePrint = std::array<std::uint8_t, 16>;

// `looking`: what would look at the file, as a set of bits.
FilePrint print_of(std::string_view path, const Stat& stat, std::uint64_t looking);

// All else that what is found in a file depends on. `program`: which program of which build; `looking`: the detectors.
std::array<std::uint8_t, 32> context_of(const Host& host, std::string_view program, std::string_view looking);

class UnchangedFiles {
 public:
  // Reads the former list in `folder`, where there is one. What is wrong with it is noted, and then it is not used.
  // `fresh`: it is not even read.
  UnchangedFiles(std::string folder, std::array<std::uint8_t, 32> context, Instant started, bool fresh, Notes& notes);

  // Whether the former sweep kept it. Then it is to be kept for the next one, too.
  [[nodiscard]] bool knows(const FilePrint& print);
  void keep(const FilePrint& print);
  void add(const FilePrint& print, const Stat& stat);
  // `unavailable` where the folder cannot be written; then the former list stands.
  Result<void> finish();

  [[nodiscard]] Instant former_started() const { return former_started_; }

  static constexpr std::chrono::seconds kRacy{2};
  static constexpr std::size_t kPrintsMax = 8'000'000;  // 128 MB on the disk; further files are looked at each time
  static constexpr std::size_t kRunPrints = 131'072;    // 2 MiB
  static constexpr std::string_view kName = "unchanged-files";

 private:
  Result<void> open_former();
  bool write_run();
  bool merge_runs(int list, std::array<std::uint8_t, 32>& checksum);

  std::string folder_;
  std::array<std::uint8_t, 32> context_;
  Instant started_, former_started_{};
  Descriptor former_, runs_file_;
  std::size_t former_count_ = 0;
  std::vector<FilePrint> page_firsts_, page_, run_;
  std::vector<std::size_t> runs_;
  std::size_t kept_ = 0;
  std::size_t page_at_ = ~std::size_t{0};
  bool broken_ = false;  // the disk is full, or the folder cannot be written
};

}  // namespace abate::sweep
