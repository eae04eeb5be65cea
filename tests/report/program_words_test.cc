// SPDX-License-Identifier: Apache-2.0
#include "report/program_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/manuals.h"

namespace abate::report {
namespace {

ProgramWords sample() {
  ProgramWords words;
  words.command = {"tool", "does it's \\ best", {{{"--help", "-h"}, "", "Help", {}, false}}, {}, {}};
  words.command.commands = {
      {"look", "Looks: at 'all' [of] it", {{{"--root"}, "DIR", ".begins with a point", {}, true}}, {}, {}},
      {"user", "People", {}, {}, {{"add", "Adds", {}, {{"NAME", "Who", {"a", "b"}, true, false}}, {}}}}};
  words.version = "1.2";
  words.section = 8;
  words.chapters = {{"EXIT STATUS", {{"0", "Done"}}}};
  return words;
}

TEST(ManualPage, nothing_in_the_words_is_taken_for_a_command_of_roff) {
  const std::string page = manual_page(sample());
  EXPECT_THAT(page, testing::HasSubstr("it\\(aqs \\e best"));
  EXPECT_THAT(page, testing::HasSubstr("\n\\&.begins with a point.\n"));
  EXPECT_THAT(page, testing::HasSubstr(".SS \"tool look \\-\\-root DIR\""));
  EXPECT_THAT(page, testing::HasSubstr(".SS \"tool user add NAME\""));
}

TEST(Completion, every_shell_has_every_command_and_another_shell_is_refused) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = completion(sample(), shell).value();
    for (const char* word : {"look", "user", "add", "root"}) EXPECT_THAT(script, testing::HasSubstr(word)) << shell;
  }
  EXPECT_THAT(completion(sample(), "cmd").error().what, testing::HasSubstr("bash, zsh or fish"));
}

TEST(Completion, quotes_in_the_words_do_not_end_the_scripts_own) {
  EXPECT_THAT(completion(sample(), "zsh").value(), testing::HasSubstr("Looks: at '\\''all'\\'' [of] it"));
  EXPECT_THAT(completion(sample(), "fish").value(), testing::HasSubstr("Looks: at \\'all\\' [of] it"));
}

TEST(Manuals, a_long_name_keeps_its_meaning_readable) {
  const std::vector<ManualPage> pages = {{std::string(70, 'n'), "Group", "What it means", "One.\n\nTwo\nlines.", ""}};
  EXPECT_THAT(manual_list(pages, {.columns = 60}), testing::HasSubstr("\n    What it means\n"));
  EXPECT_THAT(manual_of(pages, std::string(70, 'n'), {}).value(), testing::HasSubstr("\nOne.\n\nTwo lines.\n"));
}

TEST(Manuals, a_name_that_is_nearly_right_is_named) {
  const std::vector<ManualPage> pages = {{"cron_downloads", "G", "T", "E", ""}};
  EXPECT_THAT(manual_of(pages, "cron_download", {}).error().what, testing::HasSubstr("did you mean cron_downloads?"));
  EXPECT_THAT(manual_of(pages, "\x1b[2J", {}).error().what, testing::Not(testing::HasSubstr("\x1b")));
}

}  // namespace
}  // namespace abate::report
