// SPDX-License-Identifier: Apache-2.0
// worker/sandbox.h — a process gives away its rights, for good. See worker/child.h for what is left.
#pragma once

#include <cstddef>

#include "base/result.h"

namespace abate::worker {

constexpr unsigned kCpuSecondsMax = 900;  // of a child's whole life; its parent replaces it earlier (kBusyMax)

// Closes every descriptor but 0 and 1. `memory_max_bytes` counts from what the process has already.
Result<void> enter_sandbox(std::size_t memory_max_bytes);

}  // namespace abate::worker
