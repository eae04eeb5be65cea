// SPDX-License-Identifier: Apache-2.0
// apps/command_words.h — the words of a program's command line, taken from the parser itself: what its manual page and
// its completions are made of.
#pragma once

#include "report/program_words.h"

namespace CLI {
class App;
}

namespace abate::apps {

// Hidden commands (an empty description) are left out, and --help's and --version's repetitions in each command.
report::CommandWords words_of(const CLI::App& app);

}  // namespace abate::apps
