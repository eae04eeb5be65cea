// SPDX-License-Identifier: Apache-2.0
// apps/command_words.h — the words of a program's command line, taken from the parser itself: what its manual page and
// its completions are made of.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "report/manuals.h"
#include "report/program_words.h"

namespace CLI {
class App;
}

namespace abate::apps {

// Hidden commands (an empty description) are left out, and --help's and --version's repetitions in each command.
report::CommandWords words_of(const CLI::App& app);

// Where a word stands in the place of a command and is none: a sentence that names it and the nearest one; else empty.
std::string unknown_command(const CLI::App& app, std::span<const char* const> words);

// A manual whose first sentence, up to a colon, is its title.
report::ManualPage manual_page_of(std::string_view name, std::string_view group, std::string_view explain);

}  // namespace abate::apps
