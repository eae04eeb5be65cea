// SPDX-License-Identifier: Apache-2.0
// worker/child.h — the inside of a read-worker.
//
// SECURITY: it reads hostile bytes, so before the first one it gives everything away: no_new_privs, a seccomp filter
// (read, write, memory, time, exit; looking for a file is answered EACCES; anything else, such as a socket, a new
// process or executable memory, kills the process), rlimits (data, CPU, no core, no file growth, no new descriptor),
// and all descriptors closed but the two that lead to its parent (0 and 1). Libraries load what they need before that.
#pragma once

#include <optional>
#include <string_view>

#include "model/report.h"

namespace abate::worker {

constexpr std::string_view kWorkerWord = "read-worker";

using ReadFunction = Reading (*)(std::string_view bytes, std::string_view content_type, std::string_view domain);

// For main(): where argv[1] is kWorkerWord, runs the worker and returns its exit status; otherwise nothing.
std::optional<int> run_if_worker(int argc, char** argv);
// The same with another reading function: tests give one that misbehaves.
std::optional<int> run_if_worker(int argc, char** argv, ReadFunction read);

constexpr int kExitMemory = 77;    // asked for more memory than it may have
constexpr int kExitProtocol = 78;  // the parent spoke nonsense

}  // namespace abate::worker
