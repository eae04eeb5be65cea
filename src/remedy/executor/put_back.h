// SPDX-License-Identifier: Apache-2.0
// remedy/executor/put_back.h — takes one journalled change back. Internal to the executor.
#pragma once

#include <string>

#include "base/result.h"
#include "remedy/executor/rows.h"
#include "remedy/executor/seal.h"

namespace abate::remedy {

// The name that a file has while it is written, in its own folder: the same after a crash, so that it can be cleared.
std::string half_name(const std::string& run, std::uint64_t change);

// stale, where what is there now is neither what the change made nor what it replaced: it is somebody else's by now,
// and stays. Does it again without harm after a crash.
Result<void> put_back(const std::string& root, const std::string& run, const MadeChange& change, const Seal& seal,
                      const std::string& sealed);

}  // namespace abate::remedy
