// SPDX-License-Identifier: Apache-2.0
// sweep/host/config/started_with.h — configuration files that a unit, a job or a running process hands to its program.
// A package's lies where the package says; an intruder's, or one of a program built by hand, lies anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sweep/kit/host.h"

namespace abate::sweep {

struct StartedConfig {
  std::string path;     // of the configuration
  std::string program;  // that is started with it
};
// Files that are named as an argument, of kStartedBytesMax at most and of no package; each once.
std::vector<StartedConfig> configs_started_with(const Host& host);
// Those where the program's or the file's own name holds one of `names` (by blanks).
std::vector<StartedConfig> configs_started_with(const Host& host, std::string_view names);

constexpr std::uint64_t kStartedBytesMax = std::uint64_t{256} << 10;
constexpr std::size_t kStartedMax = 500;

}  // namespace abate::sweep
