// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/started_with.h"

#include <algorithm>

#include "base/text.h"

namespace abate::sweep {
namespace {

void add(const Host& host, const std::string& program, const std::string& path, std::vector<StartedConfig>& found) {
  if (path == program || found.size() >= kStartedMax ||
      std::ranges::find(found, path, &StartedConfig::path) != found.end())
    return;
  for (const std::string_view folder : {"/proc", "/sys", "/dev", "/usr/bin", "/usr/sbin", "/var/log"})
    if (lies_in(path, folder)) return;
  const Result<Stat> stat = host.tree->stat_through_links(path);
  if (!stat || stat->kind != NodeKind::file || stat->size > kStartedBytesMax || (stat->mode & 0111) != 0) return;
  if (host.packages->owns(path)) return;
  found.push_back({path, program});
}

}  // namespace

std::vector<StartedConfig> configs_started_with(const Host& host) {
  std::vector<StartedConfig> found;
  for (const Autostart& start : host.autostarts)
    for (std::size_t n = 1; n < start.programs.size(); ++n) add(host, start.programs.front(), start.programs[n], found);
  for (const Process& process : host.processes)
    for (const std::string& word : process.arguments)
      if (word.starts_with('/')) add(host, process.exe, normal_path(word), found);
  return found;
}

std::vector<StartedConfig> configs_started_with(const Host& host, std::string_view names) {
  std::vector<StartedConfig> found = configs_started_with(host);
  std::erase_if(found, [&](const StartedConfig& one) {
    return std::ranges::none_of(split(names, ' '), [&](std::string_view name) {
      return file_name(one.program).find(name) != std::string_view::npos ||
             file_name(one.path).find(name) != std::string_view::npos;
    });
  });
  return found;
}

}  // namespace abate::sweep
