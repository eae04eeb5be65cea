// SPDX-License-Identifier: Apache-2.0
// report/program_words.h — a program's commands and options as words, and what is made of them: its manual page (roff)
// and what a shell completes. The same words as --help has, so that the three cannot differ. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace abate::report {

struct OptionWords {
  std::vector<std::string> names;  // "--verbose", "-v"
  std::string value;               // "FILE"; "" for a flag
  std::string does;
  std::vector<std::string> choices;
  bool required = false;
  [[nodiscard]] bool is_folder() const { return value == "DIR"; }
};
struct ArgumentWords {
  std::string name;  // "ID"
  std::string does;
  std::vector<std::string> choices;
  bool required = false;
  bool many = false;
};
struct CommandWords {
  std::string name;
  std::string does;
  std::vector<OptionWords> options;
  std::vector<ArgumentWords> arguments;
  std::vector<CommandWords> commands;
};
struct ProgramWords {
  CommandWords command;  // the program itself
  std::string version;
  int section = 1;          // of the manual
  std::string description;  // paragraphs
  // Heading and its rows: EXIT STATUS, FILES, ENVIRONMENT, EXAMPLES. A row is a term and what it means.
  std::vector<std::pair<std::string, std::vector<std::pair<std::string, std::string>>>> chapters;
  std::vector<std::string> see_also;  // "abated(8)"
};

std::string manual_page(const ProgramWords& words);  // man(7)

// "bash", "zsh" or "fish"; malformed for another, naming these. The scripts run nothing but the shell's own functions.
Result<std::string> completion(const ProgramWords& words, std::string_view shell);

}  // namespace abate::report
