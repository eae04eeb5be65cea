// SPDX-License-Identifier: Apache-2.0
// remedy/executor/put_back.h — takes one journalled change back. Internal to the executor.
#pragma once

#include <boost/json/object.hpp>

#include "base/result.h"
#include "remedy/executor/node_state.h"
#include "remedy/executor/seal.h"

namespace abate::remedy {

// The name that a file has while it is written, in its own folder: the same after a crash, so that it can be cleared.
std::string half_name(const std::string& run, std::uint64_t change);

enum class Care : std::uint8_t {
  refuse_changed,  // stale, where what is there now is neither what the change made nor what it replaced
  overwrite        // right after a failure, in the same breath
};
// `row` is the change's line in the journal. Does it again without harm after a crash.
Result<void> put_back(const std::string& root, const std::string& run, const boost::json::object& row, const Seal& seal,
                      const std::string& sealed, Care care);

}  // namespace abate::remedy
