// SPDX-License-Identifier: Apache-2.0
// report/progress.h — one line on standard error that says what is being looked at and how far the sweep is.
//
//   ProgressLine line{{.columns = 80, .utf8 = true}, expected_files};
//   write(2, line.show("/var/www/x.php", 1200, steady_clock::now()));   // "" when it is too soon for another
//   write(2, line.erase());                                             // before anything else is written
//
// SECURITY: names are made safe and shortened (one_line in layout.h). At most kUpdatesPerSecond. The estimate goes by
// the number of files in use that the file system names; where it names none (btrfs, some overlays) only the count is
// shown. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "report/layout.h"

namespace abate::report {

class ProgressLine {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr int kUpdatesPerSecond = 8;

  ProgressLine(const TerminalLook& look, std::uint64_t files_expected) : look_{look}, expected_{files_expected} {}

  std::string show(std::string_view what, std::uint64_t files_done, Clock::time_point now);
  std::string erase();

 private:
  [[nodiscard]] std::string share(std::uint64_t files_done, Clock::time_point now) const;

  TerminalLook look_;
  std::uint64_t expected_;
  bool shown_ = false;
  Clock::time_point begun_;
  Clock::time_point next_;
};

}  // namespace abate::report
