// SPDX-License-Identifier: Apache-2.0
// worker/workers.h — reads reports in sandboxed child processes.
//
//   auto reader = start_workers({.count = 2, .memory_max_bytes = 256 << 20, .time_max = 10s});
//   std::vector<Reading> readings = (*reader)->read(reports);
//
// A child is the same program started again with the hidden word `read-worker` (worker/child.h); it is prepared once
// and used for many reports. The reports of one call go to one child, the next before the last is answered. A report
// that crashes its child, takes longer than `time_max` or needs more than `memory_max_bytes` comes back `unreadable`
// with the cause as a warning, that one alone: the child is replaced and the rest of the call goes on. Thread-safe:
// each read() takes a free child, or waits for one.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "desk/ports/reader.h"

namespace abate::worker {

struct WorkerOptions {
  std::size_t count = 2;
  std::size_t memory_max_bytes = std::size_t{256} << 20;
  std::chrono::milliseconds time_max{10'000};  // of one report, wall clock
  // What is started; `read-worker` and its numbers are added. Empty: this program itself.
  std::vector<std::string> command;
};

constexpr std::size_t kWorkersMax = 64;
constexpr std::size_t kReportsPerChildMax = 20'000;         // then it is replaced: nothing lives for ever
constexpr std::chrono::milliseconds kStartTimeMax{20'000};  // until a child has shut itself in

// Starts all children, or says why none can be started. The destructor ends them.
Result<std::unique_ptr<desk::Reader>> start_workers(WorkerOptions options);

}  // namespace abate::worker
