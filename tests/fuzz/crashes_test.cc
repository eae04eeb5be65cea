// SPDX-License-Identifier: Apache-2.0
// Replays fuzz/corpus and fuzz/crashes through the fuzz targets, in every build: what once broke must not break again.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "../fuzz/targets.h"

namespace abate::fuzz {
namespace {

std::size_t replay(const std::string& target, void (*run)(std::string_view)) {
  std::size_t files = 0;
  for (const char* folder : {"/fuzz/corpus/", "/fuzz/crashes/"}) {
    const std::filesystem::path path = ABATE_SOURCE_DIR + (folder + target);
    if (!std::filesystem::exists(path)) continue;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      std::ifstream file(entry.path(), std::ios::binary);
      std::stringstream bytes;
      bytes << file.rdbuf();
      run(bytes.str());
      ++files;
    }
  }
  return files;
}

TEST(Fuzz, mail_holds_what_was_found) { EXPECT_GE(replay("mail", mail), 5U); }
TEST(Fuzz, arf_holds_what_was_found) { EXPECT_GE(replay("arf", arf), 3U); }
TEST(Fuzz, xarf4_holds_what_was_found) { EXPECT_GE(replay("xarf4", xarf4), 3U); }
TEST(Fuzz, xarf3_holds_what_was_found) { EXPECT_GE(replay("xarf3", xarf3), 2U); }
TEST(Fuzz, yaml_holds_what_was_found) { EXPECT_GE(replay("yaml", yaml), 2U); }
TEST(Fuzz, xml_holds_what_was_found) { EXPECT_GE(replay("xml", xml), 2U); }
TEST(Fuzz, acns_holds_what_was_found) { EXPECT_GE(replay("acns", acns), 2U); }
TEST(Fuzz, iodef_holds_what_was_found) { EXPECT_GE(replay("iodef", iodef), 2U); }
TEST(Fuzz, intel_holds_what_was_found) { EXPECT_GE(replay("intel", intel), 4U); }
TEST(Fuzz, logs_hold_what_was_found) { EXPECT_GE(replay("logs", logs), 2U); }
TEST(Fuzz, journal_holds_what_was_found) { EXPECT_GE(replay("journal", journal), 2U); }
TEST(Fuzz, codec_holds_what_was_found) { EXPECT_GE(replay("codec", codec), 1U); }
TEST(Fuzz, dates_hold_what_was_found) { EXPECT_GE(replay("dates", dates), 5U); }
TEST(Fuzz, urls_hold_what_was_found) { EXPECT_GE(replay("urls", urls), 10U); }

TEST(Fuzz, table_holds_what_was_found) { EXPECT_GE(replay("table", table), 4U); }
TEST(Fuzz, archive_holds_what_was_found) { EXPECT_GE(replay("archive", archive), 4U); }
TEST(Fuzz, members_hold_what_was_found) { EXPECT_GE(replay("members", members), 6U); }
TEST(Fuzz, prose_holds_what_was_found) { EXPECT_GE(replay("prose", prose), 5U); }

}  // namespace
}  // namespace abate::fuzz
