// SPDX-License-Identifier: Apache-2.0
// sweep/host/config/vulnerable_plugins.h — rules/vulnerable_plugins.tsv, which is built into the program: extensions
// and applications with the version that closed a well-known hole. Read once; thread-safe.
#pragma once

#include <span>
#include <string_view>

namespace abate::sweep {

struct VulnerablePlugin {
  std::string_view kind;  // "plugin", "theme", "core"
  std::string_view slug;
  std::string_view fixed;
  std::string_view what;
};
std::span<const VulnerablePlugin> vulnerable_plugins();

}  // namespace abate::sweep
