// SPDX-License-Identifier: Apache-2.0
#include "report/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/samples.h"

namespace abate::report {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const ProgressLine::Clock::time_point kStart{seconds{1000}};

TEST(Progress, it_writes_no_more_than_some_times_a_second) {
  ProgressLine line{{}, 1000};
  int written = 0;
  for (int i = 0; i < 1000; ++i) written += line.show("/x", 1, kStart + milliseconds{i}).empty() ? 0 : 1;
  EXPECT_EQ(written, ProgressLine::kUpdatesPerSecond);
}

TEST(Progress, it_says_how_far_and_how_long_but_never_all) {
  ProgressLine line{{}, 1000};
  EXPECT_THAT(line.show("/etc/passwd", 10, kStart), testing::HasSubstr(" 1%  10 files  /etc/passwd"));
  EXPECT_THAT(line.show("/etc/passwd", 500, kStart + seconds{10}),
              testing::HasSubstr("50%  500 files, about 10 s more"));
  EXPECT_THAT(line.show("/etc/passwd", 5000, kStart + seconds{20}), testing::HasSubstr("99%"));
}

TEST(Progress, where_no_number_of_files_is_known_it_counts) {
  ProgressLine line{{}, 0};
  const std::string shown = line.show("/etc/passwd", 10, kStart);
  EXPECT_THAT(shown, testing::HasSubstr("10 files  /etc/passwd"));
  EXPECT_EQ(shown.find('%'), shown.npos);
}

TEST(Progress, a_name_steers_nothing_and_the_line_holds_the_width) {
  for (const unsigned columns : {10U, 30U, 80U, 300U}) {
    ProgressLine line{{.columns = columns}, 0};
    std::string shown = line.show(samples::kHostile + samples::kHostile, 123456, kStart);
    ASSERT_TRUE(shown.starts_with("\r\x1b[K"));
    shown.erase(0, 4);
    for (const char c : shown) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    EXPECT_LE(display_width(shown), std::max(columns, 20U));
  }
}

TEST(Progress, it_is_erased_once_and_only_when_it_was_shown) {
  ProgressLine line{{}, 0};
  EXPECT_EQ(line.erase(), "");
  EXPECT_NE(line.show("/x", 1, kStart), "");
  EXPECT_EQ(line.erase(), "\r\x1b[K");
  EXPECT_EQ(line.erase(), "");
}

}  // namespace
}  // namespace abate::report
