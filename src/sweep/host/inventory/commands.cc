// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/inventory/inventory.h"

namespace abate::sweep {

std::vector<std::string> programs_of(std::string_view command) {
  constexpr std::size_t kProgramsMax = 20;
  std::vector<std::string> found;
  std::string folder;
  std::string_view previous;
  constexpr std::string_view kEnds = " \t\r\n;|&<>()\"'`=,";
  for (std::size_t at = 0; at < command.size() && found.size() < kProgramsMax;) {
    at = command.find_first_not_of(kEnds, at);
    if (at == std::string_view::npos) break;
    const std::size_t end = std::min(command.find_first_of(kEnds, at), command.size());
    std::string_view word = command.substr(at, end - at);
    at = end;
    // systemd's prefixes of ExecStart
    while (!word.empty() && std::string_view{"-@+!:"}.find(word[0]) != std::string_view::npos && word.size() > 1 &&
           (word[1] == '/' || std::string_view{"-@+!:"}.find(word[1]) != std::string_view::npos))
      word.remove_prefix(1);
    std::string path;
    if (word.starts_with('/') && word.size() > 1)
      path = normal_path(word);
    else if (word.starts_with("./") && !folder.empty())
      path = normal_path(folder + "/" + std::string{word});
    if (previous == "cd" && !path.empty())
      folder = path;
    else if (!path.empty() && path != "/dev/null" && std::ranges::find(found, path) == found.end())
      found.push_back(path);
    previous = word;
  }
  return found;
}

void add_autostart(Host& host, Autostart autostart) {
  if (host.autostarts.size() >= kAutostartsMax) return;
  if (autostart.programs.empty()) autostart.programs = programs_of(autostart.command);
  host.autostarts.push_back(std::move(autostart));
}

}  // namespace abate::sweep
