// SPDX-License-Identifier: Apache-2.0
// remedy/executor/program.h — starts a program of the running server by its argv: never a shell, no input, a clean
// environment, a named end of patience. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace abate::remedy {

constexpr int kProgramSecondsMax = 60;
constexpr std::size_t kProgramOutputBytesMax = std::size_t{1} << 16;

struct ProgramEnd {
  bool started = false;
  int status = -1;     // exit status; 128 + signal
  std::string output;  // both streams, cut at kProgramOutputBytesMax
  [[nodiscard]] bool good() const { return started && status == 0; }
};
ProgramEnd run_program(const std::vector<std::string>& argv);

// Freezes the process and all that it started, then ends them, if it still runs `exe` (as /proc/PID/exe says). False:
// it does not run any more; a pid that was given to another program meanwhile is left alone. refused: this very program
// runs beneath it, and would freeze itself. unavailable: the kernel cannot do it safely (pidfd: Linux 5.3).
Result<bool> end_process_tree(std::uint32_t pid, const std::string& exe);

}  // namespace abate::remedy
