// SPDX-License-Identifier: Apache-2.0
// sweep/host/config/sudoers.h — sudoers(5): who may do what, with include files, lines that go on, and User_Alias.
//
// Bounded: kSudoFilesMax files; a loop of includes ends there. Files of sudoers.d are read even where sudoers does not
// name the folder: whoever put one there meant it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sweep/kit/tree.h"

namespace abate::sweep {

constexpr std::size_t kSudoFilesMax = 200;

struct SudoRule {
  std::string who;   // "anna", "%sudo", "ALL"; of an alias, each of its members is a rule
  std::string what;  // "ALL=(ALL) NOPASSWD: ALL"; of a Defaults line, "!authenticate"
  bool is_default = false;
  std::string path;
  std::uint32_t line = 0;
};
std::vector<SudoRule> read_sudoers(const Tree& tree);
std::vector<std::string> sudoers_files(const Tree& tree);

}  // namespace abate::sweep
