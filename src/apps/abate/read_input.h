// SPDX-License-Identifier: Apache-2.0
// apps/abate/read_input.h — a file that the person named, or standard input for "-", with a limit.
#pragma once

#include <string>

#include "base/result.h"

namespace abate::apps {

// `name` is what the person calls it ("--ticket"). not_found, too_big: say what a person can do.
Result<std::string> read_input(const std::string& name, const std::string& file, std::size_t bytes_max);

}  // namespace abate::apps
