// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/vulnerable_plugins.h"

#include <vector>

#include "base/embedded.h"
#include "base/text.h"

namespace abate::sweep {

std::span<const EmbeddedFile> plugin_rules();  // made by cmake/Embed.cmake

std::span<const VulnerablePlugin> vulnerable_plugins() {
  static const std::vector<VulnerablePlugin> known = [] {
    std::vector<VulnerablePlugin> out;
    for (const EmbeddedFile& file : plugin_rules())
      for (const std::string_view line : split(file.bytes, '\n')) {
        const auto fields = split(line, '\t');
        if (fields.size() == 4 && !line.starts_with('#')) out.push_back({fields[0], fields[1], fields[2], fields[3]});
      }
    return out;
  }();
  return known;
}

}  // namespace abate::sweep
