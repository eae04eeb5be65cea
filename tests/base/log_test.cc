// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <regex>
#include <thread>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "base/text.h"
#include "base/time.h"

namespace abate {
namespace {

const std::string kHostile = "a\nINFO fake\r\x1b[31m\xE2\x80\xAE\xFF\"\\" + std::string(1, '\0');

class Log : public testing::Test {
 protected:
  ~Log() override { log_setup(LogForm::text, LogLevel::info); }

  template <class Write>
  static std::string written(Write write) {
    testing::internal::CaptureStderr();
    write();
    return testing::internal::GetCapturedStderr();
  }
};

TEST_F(Log, a_text_line_reads_as_documented) {
  log_setup(LogForm::text, LogLevel::info);
  const std::string line = written([] {
    log_info("report_kept",
             {{"report", "R-1"}, {"from", "Abuse Team"}, {"none", ""}, {"pair", "a=b"}, {"said", "\"x\""}});
  });
  const std::regex form{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info report_kept report=R-1 from="Abuse Team" )"
                        R"(none="" pair="a=b" said="\\"x\\""\n)"};
  EXPECT_TRUE(std::regex_match(line, form)) << line;
}

TEST_F(Log, what_the_world_sent_cannot_make_a_line_of_its_own) {
  log_setup(LogForm::text, LogLevel::info);
  const std::string line = written([] { log_warning("odd", {{"value", kHostile}}); });
  EXPECT_NE(line.find(R"( warning odd value="a\x0aINFO fake\x0d\x1b[31m\xe2\x80\xae\xff\"\\\x00")"), std::string::npos)
      << line;
  EXPECT_EQ(std::count_if(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }), 1);
}

TEST_F(Log, json_is_one_object_a_line) {
  log_setup(LogForm::json, LogLevel::info);
  const std::string line = written([] { log_error("odd", {{"value", kHostile}, {"level", "forged"}}); });
  ASSERT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_TRUE(is_valid_utf8(line));
  const boost::json::value object = boost::json::parse(line);
  EXPECT_EQ(object.at("event"), "odd");
  EXPECT_EQ(object.at("level"), "error");
  EXPECT_EQ(object.at("value"), boost::json::string(escape_terminal(kHostile)));
  EXPECT_TRUE(parse_rfc3339(object.at("at").as_string()));
  EXPECT_EQ(object.at("at").as_string().size(), 24U);
}

TEST_F(Log, says_nothing_below_its_level) {
  log_setup(LogForm::text, LogLevel::warning);
  EXPECT_EQ(written([] {
              log_debug("a");
              log_info("b");
            }),
            "");
  EXPECT_NE(written([] { log_warning("c"); }).find(" warning c\n"), std::string::npos);
  log_setup(LogForm::text, LogLevel::debug);
  EXPECT_NE(written([] { log_debug("d"); }).find(" debug d\n"), std::string::npos);
}

TEST_F(Log, lines_of_many_threads_stay_whole) {
  log_setup(LogForm::json, LogLevel::info);
  const std::string lines = written([] {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([] {
        for (int i = 0; i < 100; ++i) log_info("same", {{"text", std::string(500, 'x')}});
      });
  });
  int count = 0;
  for (const std::string_view line : split(trim(lines), '\n')) {
    EXPECT_NO_THROW((void)boost::json::parse(line));
    ++count;
  }
  EXPECT_EQ(count, 400);
}

}  // namespace
}  // namespace abate
