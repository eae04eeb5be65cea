// SPDX-License-Identifier: Apache-2.0
#include "report/terminal.h"

#include <algorithm>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "report/samples.h"
#include "report/words.h"

namespace abate::report {
namespace {

std::vector<std::string_view> lines_of(const std::string& text) {
  std::vector<std::string_view> lines = split(text, '\n');
  lines.pop_back();
  return lines;
}

std::string without_colours(std::string text) { return std::regex_replace(text, std::regex("\x1b\\[[0-9;]*m"), ""); }

TEST(Terminal, a_clean_server_fits_on_a_screen) {
  const std::string text = terminal_text(samples::clean_server(), {.columns = 80});
  EXPECT_LE(lines_of(text).size(), 23U) << text;  // and the prompt
  EXPECT_THAT(text, testing::HasSubstr("Nothing malicious found."));
  EXPECT_THAT(text, testing::HasSubstr("2 notes, nothing to do"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("SSH takes passwords")));
}

TEST(Terminal, verbose_shows_the_notes_and_everything_that_was_not_examined) {
  const std::string text = terminal_text(samples::clean_server(), {.columns = 80, .verbose = true});
  EXPECT_THAT(text, testing::HasSubstr("SSH takes passwords"));
  EXPECT_THAT(text, testing::HasSubstr("/var/lib/mysql/shop/users.ibd"));
}

TEST(Terminal, what_was_not_examined_is_always_said) {
  EXPECT_THAT(terminal_text(samples::clean_server(), {}), testing::HasSubstr("Not examined: 3 things."));
  Outcome all;
  EXPECT_THAT(terminal_text(all, {}), testing::HasSubstr("nothing was left out"));
}

TEST(Terminal, no_byte_of_the_server_steers_the_terminal) {
  for (const bool color : {false, true})
    for (const bool verbose : {false, true})
      for (const bool utf8 : {false, true}) {
        const std::string text =
            terminal_text(samples::hostile_server(), {.color = color, .utf8 = utf8, .verbose = verbose});
        const std::string plain = color ? without_colours(text) : text;
        for (const char c : plain) {
          ASSERT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)) << plain;
          ASSERT_TRUE(utf8 || static_cast<unsigned char>(c) < 0x80) << plain;
        }
        EXPECT_TRUE(is_valid_utf8(plain));
        EXPECT_EQ(plain.find("\xe2\x80\xae"), plain.npos);
        EXPECT_EQ(plain.find("\xc2\x9b"), plain.npos);
        EXPECT_NE(plain.find("\\x1b"), plain.npos);
      }
}

TEST(Terminal, only_our_own_colours_are_in_it_and_none_without_color) {
  EXPECT_EQ(terminal_text(samples::compromised_server(), {.color = false}).find('\x1b'), std::string::npos);
  const std::string text = terminal_text(samples::hostile_server(), {.color = true});
  const std::regex ours("\x1b\\[(0|1|2|1;31|33|36|32)m");
  const auto escapes = static_cast<std::ptrdiff_t>(std::ranges::count(text, '\x1b'));
  EXPECT_EQ(std::distance(std::sregex_iterator(text.begin(), text.end(), ours), std::sregex_iterator{}), escapes);
}

TEST(Terminal, no_line_is_wider_than_the_terminal) {
  for (const unsigned columns : {60U, 80U, 97U, 120U})
    for (const Outcome& outcome :
         {samples::compromised_server(), samples::without_diagnosis(), samples::hostile_server()})
      for (const bool verbose : {false, true}) {
        const std::string text = terminal_text(outcome, {.columns = columns, .verbose = verbose});
        for (const std::string_view line : lines_of(text)) ASSERT_LE(display_width(line), columns) << line;
      }
}

TEST(Terminal, the_worst_comes_first_and_many_of_a_kind_are_told_once) {
  const std::string text = terminal_text(samples::without_diagnosis(), {.columns = 100});
  EXPECT_LT(text.find("malicious PHP runs a decoded blob"), text.find("suspicious PHP in a folder for uploads"));
  EXPECT_LT(text.find("suspicious PHP in a folder for uploads"), text.find("open door A plugin with a known hole"));
  EXPECT_THAT(text, testing::HasSubstr("(9 places)"));
  EXPECT_THAT(text, testing::HasSubstr("and 4 more like these"));
  EXPECT_THAT(text, testing::HasSubstr("Answers the ticket: queue_id:4XyZ7k2q"));
}

TEST(Terminal, a_diagnosis_is_a_story_in_order_with_times_grounds_and_rivals) {
  const std::string text = terminal_text(samples::compromised_server(), {.columns = 100});
  const auto entry = text.find("Way in ·"), foothold = text.find("Foothold ·"), staying = text.find("Staying ·");
  EXPECT_LT(entry, foothold);
  EXPECT_LT(foothold, staying);
  EXPECT_LT(staying, text.find("Harm ·"));
  EXPECT_THAT(text, testing::HasSubstr("2026-02-27 02:14:08 UTC"));
  EXPECT_THAT(text, testing::HasSubstr("almost certain (93%)"));
  EXPECT_THAT(text, testing::HasSubstr("because: queue id 4XyZ7k2q"));
  EXPECT_THAT(text, testing::HasSubstr("only a guess (12%)")) << "rivals";
  EXPECT_THAT(text, testing::HasSubstr("stolen WordPress password"));
}

TEST(Terminal, each_action_of_a_plan_says_effect_undo_proof_and_requirement) {
  const std::string text = terminal_text(samples::compromised_server(), {.columns = 120});
  for (const char* part : {"Move the file into quarantine", "Effect: None: no page", "Undo: Put back byte for byte",
                           "Proof: The file is gone", "delete malicious files (R20)", "only if it suits you"})
    EXPECT_THAT(text, testing::HasSubstr(part));
}

TEST(Terminal, too_little_seen_is_never_called_clean) {
  Outcome outcome;
  outcome.seen_enough = false;
  outcome.live = true;
  const std::string text = terminal_text(outcome, {});
  EXPECT_THAT(text, testing::HasSubstr("too little could be looked at"));
  EXPECT_THAT(text, testing::HasSubstr("as root"));
}

TEST(Terminal, not_this_server_says_why_and_what_to_tell_the_desk) {
  Outcome outcome = samples::clean_server();
  outcome.diagnosis = Diagnosis{};
  outcome.diagnosis->verdict = SweepVerdict::not_this_server;
  outcome.diagnosis->confidence = 0.9;
  outcome.diagnosis->grounds = {"The address was another server's until yesterday."};
  outcome.plan = Plan{};
  const std::string text = terminal_text(outcome, {});
  EXPECT_THAT(text, testing::HasSubstr("most likely not done by this server"));
  EXPECT_THAT(text, testing::HasSubstr("The address was another server's"));
  EXPECT_THAT(text, testing::HasSubstr("Write the grounds into the ticket"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("What would be changed")));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("No chain")));
}

TEST(Canvas, wide_and_combining_characters_are_counted_by_cells) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("e\xcc\x81"), 1U);
}

TEST(Canvas, one_line_keeps_both_ends_of_a_path_and_holds_the_width) {
  const std::string path = "/var/www/a-very-long-folder-name/with/many/levels/and/at/the/end/index.php";
  for (std::size_t columns = 1; columns < 80; ++columns)
    for (const bool utf8 : {false, true})
      EXPECT_LE(display_width(one_line(path, columns, utf8)), std::max<std::size_t>(columns, 3));
  EXPECT_THAT(one_line(path, 40, true), testing::EndsWith("/index.php"));
  EXPECT_EQ(one_line("a\x1b[2Jb\n", 40, true), "a\\x1b[2Jb\\x0a");
  const std::string words = "no package database that can be read here: program files were not compared";
  EXPECT_EQ(one_line(words, 40, true), "no package database that can be read…");
  for (std::size_t columns = 0; columns <= words.size() + 1; ++columns)
    for (const bool utf8 : {true, false})
      EXPECT_LE(display_width(one_line(words, columns, utf8)), std::max<std::size_t>(columns, 3));
}

TEST(Words, figures_are_written_as_people_write_them) {
  EXPECT_EQ(number_words(1234567), "1,234,567");
  EXPECT_EQ(number_words(12), "12");
  EXPECT_EQ(size_words(1), "1 byte");
  EXPECT_EQ(size_words(1'734'000'000), "1.7 GB");
  EXPECT_EQ(size_words(999'999), "1.0 MB");
  EXPECT_EQ(seconds_words(3900), "65 min 0 s");
  EXPECT_EQ(counted(1, "file"), "1 file");
}

TEST(Words, an_excerpt_of_the_findings_own_file_does_not_say_its_path_again) {
  Finding finding;
  finding.subject = file_subject("/a/b.php");
  EXPECT_EQ(excerpt_words(finding, "/a/b.php:3: <?php"), "line 3: <?php");
  EXPECT_EQ(excerpt_words(finding, "/a/b.php: x"), "x");
  EXPECT_EQ(excerpt_words(finding, "/a/b.php"), "/a/b.php");
  EXPECT_EQ(excerpt_words(finding, "/var/log/x:3: y"), "/var/log/x:3: y");
}

TEST(Words, a_meaning_is_cut_at_a_sentence) {
  EXPECT_EQ(first_sentences("One thing. Another thing. A third", 12), "One thing.");
  EXPECT_EQ(first_sentences("No end at all", 5), "No end at all");
  EXPECT_EQ(first_sentences("First\nparagraph.\n\nSecond.", 100), "First paragraph.");
}

}  // namespace
}  // namespace abate::report
