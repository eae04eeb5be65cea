// SPDX-License-Identifier: Apache-2.0
#include "apps/command_words.h"

#include <CLI/CLI.hpp>

#include "base/text.h"

namespace abate::apps {
namespace {

// "TEXT:{auto,always,never}" -> the words in braces; CLI11 keeps them nowhere else.
std::vector<std::string> choices_in(const std::string& type) {
  const std::size_t open = type.find('{'), end = type.find('}');
  std::vector<std::string> out;
  if (open == type.npos || end == type.npos || end < open) return out;
  for (const std::string_view choice : split(std::string_view{type}.substr(open + 1, end - open - 1), ','))
    out.emplace_back(trim(choice));
  return out;
}

std::string value_in(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return {};
  const std::string type = option.get_type_name();
  const std::string value = type.substr(0, std::min(type.find_first_of(":{ "), type.size()));
  return value.empty() ? "VALUE" : value;
}

}  // namespace

report::CommandWords words_of(const CLI::App& app) {
  report::CommandWords words;
  words.name = app.get_name();
  words.does = app.get_description();
  for (const CLI::Option* option : app.get_options({})) {
    if (!option->nonpositional()) {
      words.arguments.push_back({option->get_name(true), option->get_description(), choices_in(option->get_type_name()),
                                 option->get_required(), option->get_items_expected_max() > 1});
      continue;
    }
    report::OptionWords one;
    for (const std::string& name : option->get_lnames()) one.names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) one.names.push_back("-" + name);
    if (app.get_parent() != nullptr &&
        (option == app.get_help_ptr() || option == app.get_version_ptr() || option == app.get_help_all_ptr()))
      continue;
    one.value = value_in(*option);
    one.does = option->get_description();
    one.choices = choices_in(option->get_type_name());
    one.required = option->get_required();
    words.options.push_back(std::move(one));
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    if (!sub->get_description().empty()) words.commands.push_back(words_of(*sub));
  return words;
}

std::string unknown_command(const CLI::App& app, std::span<const char* const> words) {
  const CLI::App* here = &app;
  for (const std::string_view word : words) {
    if (word.starts_with('-') || here->get_require_subcommand_min() == 0) return {};
    std::vector<std::string> names;
    const CLI::App* next = nullptr;
    for (const CLI::App* sub : here->get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(sub->get_name());
      if (sub->get_name() == word) next = sub;
    }
    if (next == nullptr) {
      const std::string near = nearest_word(word, names);
      return fmt::format("there is no command '{}'; {}", escape_terminal(word),
                         near.empty() ? "known are: " + join(names, ", ") : "did you mean '" + near + "'?");
    }
    here = next;
  }
  return {};
}

report::ManualPage manual_page_of(std::string_view name, std::string_view group, std::string_view explain) {
  const std::string_view first = explain.substr(0, explain.find(". "));
  return {
      std::string{name}, std::string{group}, std::string{first.substr(0, first.find(": "))}, std::string{explain}, {}};
}

}  // namespace abate::apps
