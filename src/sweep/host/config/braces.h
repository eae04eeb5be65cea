// SPDX-License-Identifier: Apache-2.0
// sweep/host/config/braces.h — configurations of words, blocks in braces and ends: named.conf, danted.conf.
//
// Comments are #, // and /* */; `include "file";` is followed. Bounded in depth, files and statements; what is cut off
// or nonsense gives what could be read. Pure but for reading.
#pragma once

#include <string>
#include <vector>

#include "sweep/host/config/config_text.h"

namespace abate::sweep {

struct Statement {
  std::vector<std::string> words;  // before the block or the end
  std::vector<Statement> block;
  std::string path;
  std::uint32_t line = 0;
};

// `end` ends a statement: ';', or '\n' for one a line.
std::vector<Statement> statements_of(const Tree& tree, std::string_view path, char end);

}  // namespace abate::sweep
