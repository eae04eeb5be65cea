// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace abate {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const Instant kAt = from_micros(1767323045'000000);  // 2026-01-02T03:04:05Z

std::string mail(std::string_view text) {  // what was read, or "malformed"
  const Result<ParsedTime> time = parse_rfc5322(text);
  if (!time) return time.error().fault == Fault::malformed ? "malformed" : "another fault";
  return format_rfc3339(time->at) + (time->zoned ? "" : " unzoned");
}

std::string iso(std::string_view text) {
  const Result<ParsedTime> time = parse_rfc3339_lenient(text);
  if (!time) return time.error().fault == Fault::malformed ? "malformed" : "another fault";
  return format_rfc3339(time->at) + (time->zoned ? "" : " unzoned");
}

TEST(Time, is_written_in_each_form) {
  EXPECT_EQ(format_rfc3339(kAt), "2026-01-02T03:04:05Z");
  EXPECT_EQ(format_rfc3339(kAt + milliseconds{120}), "2026-01-02T03:04:05.120Z");
  EXPECT_EQ(format_rfc3339(kAt + Duration{7}), "2026-01-02T03:04:05.000007Z");
  EXPECT_EQ(format_rfc3339_exact(kAt), "2026-01-02T03:04:05.000000Z");
  EXPECT_EQ(format_for_people(kAt), "2 January 2026, 03:04 UTC");
  EXPECT_EQ(format_rfc5322(kAt), "Fri, 02 Jan 2026 03:04:05 +0000");
  EXPECT_EQ(format_rfc3339(kDistantPast), "0001-01-01T00:00:00Z");
  EXPECT_EQ(format_rfc3339(kDistantFuture), "9999-12-31T23:59:59Z");
  EXPECT_EQ(format_rfc3339(from_micros(-1)), "1969-12-31T23:59:59.999999Z");
}

TEST(Time, rfc3339_takes_the_ways_that_programs_write_it) {
  for (const std::string_view text :
       {"2026-01-02T03:04:05Z", "2026-01-02t03:04:05z", "2026-01-02 03:04:05Z", "2026-01-02 03:04:05 Z",
        "2026-01-02T05:04:05+02:00", "2026-01-02T05:04:05+0200", "2026-01-02T05:04:05+02", "2026-01-01T21:34:05-05:30",
        "2026-01-02T03:04:05-00:00", "  2026-01-02T03:04:05Z\r\n", "2026-01-02T03:04:05.000Z"})
    EXPECT_EQ(iso(text), "2026-01-02T03:04:05Z") << text;
  EXPECT_EQ(iso("2026-01-02T03:04Z"), "2026-01-02T03:04:00Z");
}

TEST(Time, without_a_zone_says_so) {
  EXPECT_EQ(iso("2026-01-02 03:04:05"), "2026-01-02T03:04:05Z unzoned");
  EXPECT_EQ(iso("2026-01-02T03:04:05.5"), "2026-01-02T03:04:05.500Z unzoned");
  EXPECT_EQ(mail("Fri, 2 Jan 2026 03:04:05"), "2026-01-02T03:04:05Z unzoned");
  EXPECT_EQ(mail("Fri, 2 Jan 2026 03:04:05 CEST"), "2026-01-02T03:04:05Z unzoned");
  EXPECT_EQ(mail("Fri, 2 Jan 2026 03:04:05 A"), "2026-01-02T03:04:05Z unzoned");
  EXPECT_EQ(mail("2 Jan 2026 03:04:05 (UTC)"), "2026-01-02T03:04:05Z unzoned");  // a comment says nothing
  const Result<Instant> strict = parse_rfc3339("2026-01-02T03:04:05");
  ASSERT_FALSE(strict);
  EXPECT_NE(strict.error().what.find("names no zone"), std::string::npos);
  EXPECT_EQ(parse_rfc3339("yesterday").error().what,
            "'yesterday' is no time that can be read; write it as 2026-01-02T03:04:05Z");
  EXPECT_EQ(parse_rfc3339("2026-01-02T04:04:05+01:00").value(), kAt);
}

TEST(Time, a_fraction_of_any_length_is_cut_to_microseconds) {
  EXPECT_EQ(iso("2026-01-02T03:04:05.1Z"), "2026-01-02T03:04:05.100Z");
  EXPECT_EQ(iso("2026-01-02T03:04:05,25Z"), "2026-01-02T03:04:05.250Z");
  EXPECT_EQ(iso("2026-01-02T03:04:05.1234569Z"), "2026-01-02T03:04:05.123456Z");
  EXPECT_EQ(iso("2026-01-02T03:04:05." + std::string(5000, '9') + "Z"), "2026-01-02T03:04:05.999999Z");
}

TEST(Time, a_leap_second_counts_as_the_second_before) {
  EXPECT_EQ(iso("2016-12-31T23:59:60Z"), "2016-12-31T23:59:59Z");
  EXPECT_EQ(mail("Sat, 31 Dec 2016 23:59:60 +0000"), "2016-12-31T23:59:59Z");
  EXPECT_EQ(iso("2016-12-31T23:59:61Z"), "malformed");
}

TEST(Time, days_that_do_not_exist_are_malformed) {
  for (const std::string_view text :
       {"2026-02-30T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z",
        "0000-01-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z"})
    EXPECT_EQ(iso(text), "malformed") << text;
  EXPECT_EQ(iso("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00Z");
  EXPECT_EQ(iso("2000-02-29T00:00:00Z"), "2000-02-29T00:00:00Z");
  EXPECT_EQ(mail("30 Feb 2026 00:00:00 +0000"), "malformed");
  EXPECT_EQ(mail("0 Jan 2026 00:00:00 +0000"), "malformed");
}

TEST(Time, an_offset_cannot_lead_out_of_the_years_that_can_be_written) {
  EXPECT_EQ(iso("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00Z");
  EXPECT_EQ(iso("0001-01-01T00:00:00+00:01"), "malformed");
  EXPECT_EQ(iso("9999-12-31T23:59:59.999999Z"), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(iso("9999-12-31T23:59:59-00:01"), "malformed");
  EXPECT_EQ(mail("31 Dec 9999 23:59:59 -0001"), "malformed");
}

TEST(Time, nonsense_is_malformed) {
  for (const std::string_view text :
       {"", " ", "now", "2026-01-02", "2026-1-2T03:04:05Z", "2026-01-02T3:04:05Z", "2026-01-02T03:04:05.Z",
        "2026-01-02T03:04:05+2", "2026-01-02T03:04:05+021", "2026-01-02T03:04:05+02:0", "2026-01-02T03:04:05+24:00",
        "2026-01-02T03:04:05+02:60", "2026-01-02T03:04:05Zx", "2026-01-02T03:04:05 CET", "20260102T030405Z",
        "-2026-01-02T03:04:05Z", "2026-01-02T03:04:05ZZ"})
    EXPECT_EQ(iso(text), "malformed") << text;
  for (const std::string_view text : {"",
                                      "Fri",
                                      "Fri, ",
                                      "(invalid)",
                                      "(((",
                                      "2 Jan 2026",
                                      "2 Foo 2026 03:04:05 +0000",
                                      "2 Ja 2026 03:04:05 +0000",
                                      "32 Jan 2026 03:04:05 +0000",
                                      "2 Jan 6 03:04:05 +0000",
                                      "2 Jan 20260 03:04:05 +0000",
                                      "2 Jan 2026 25:04:05 +0000",
                                      "2 Jan 2026 03:4:05 +0000",
                                      "2 Jan 2026 03:04: +0000",
                                      "2 Jan 2026 03:04:05 +0",
                                      "2 Jan 2026 03:04:05 +000",
                                      "2 Jan 2026 03:04:05 +0060",
                                      "2 Jan 2026 03:04:05 +0000 or so, they say",
                                      "2 Jan 2026 03:04:05 EST+0200",
                                      "2 Jan 2026 03:04:05 PM",
                                      "2026-01-02T03:04:05Z"})
    EXPECT_EQ(mail(text), "malformed") << text;
  EXPECT_EQ(iso(std::string_view{"2026-01-02T03:04:05Z\0", 21}), "malformed");
}

TEST(Time, an_error_is_short_and_safe_to_show) {
  const std::string what = parse_rfc3339("\x1b[31m" + std::string(100'000, 'x')).error().what;
  EXPECT_LT(what.size(), 200U);
  EXPECT_EQ(what.find('\x1b'), std::string::npos);
}

TEST(Time, rfc5322_takes_what_mailers_write) {
  for (const std::string_view text :
       {"Fri, 02 Jan 2026 03:04:05 +0000", "Fri, 2 Jan 2026 03:04:05 +0000", "2 Jan 2026 03:04:05 +0000",
        "fri,2 jan 2026 03:04:05 GMT", "Mon, 2 Jan 2026 03:04:05 +0000" /* the day is not believed */,
        "Fri 2 Jan 2026 03:04:05 UT", "Fri, 2 Jan 2026 3:04:05 Z", "Fri, 2 Jan 2026 05:04:05 +0200 (CEST)",
        "Fri, 2 Jan 2026 05:04:05 +0200 CEST", "Fri, 2 Jan 2026 05:04:05 GMT+0200", "Fri, 2 Jan 2026 03:04:05 -0000",
        "Fri, 2 Jan 2026 03:04:05 +00:00", "02-Jan-2026 03:04:05 +0000", "Fri,\r\n\t2 Jan 2026\r\n 03:04:05 +0000\r\n",
        "(a (nested \\) one)) Fri, (b) 2 (c) Jan (d) 2026 (e) 03:04:05 (f) +0000 (g)", "2 January 2026 03:04:05 +0000"})
    EXPECT_EQ(mail(text), "2026-01-02T03:04:05Z") << text;
  EXPECT_EQ(mail("Fri, 2 Jan 2026 03:04 +0000"), "2026-01-02T03:04:00Z");
}

TEST(Time, rfc5322_knows_the_obsolete_zones_and_years) {
  const std::vector<std::pair<std::string, int>> zones{{"UT", 0},   {"GMT", 0},  {"utc", 0},  {"Z", 0},
                                                       {"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5},
                                                       {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}};
  for (const auto& [name, east] : zones) {
    const Result<ParsedTime> time = parse_rfc5322("2 Jan 2026 03:04:05 " + name);
    ASSERT_TRUE(time) << name;
    EXPECT_TRUE(time->zoned) << name;
    EXPECT_EQ(time->at, kAt - hours{east}) << name;
  }
  EXPECT_EQ(mail("2 Jan 26 03:04:05 GMT"), "2026-01-02T03:04:05Z");
  EXPECT_EQ(mail("2 Jan 49 03:04:05 GMT"), "2049-01-02T03:04:05Z");
  EXPECT_EQ(mail("2 Jan 50 03:04:05 GMT"), "1950-01-02T03:04:05Z");
  EXPECT_EQ(mail("2 Jan 99 03:04:05 GMT"), "1999-01-02T03:04:05Z");
  EXPECT_EQ(mail("2 Jan 126 03:04:05 GMT"), "2026-01-02T03:04:05Z");
}

TEST(Time, every_instant_survives_being_written_and_read) {
  std::mt19937_64 random{20260102};
  std::uniform_int_distribution<std::int64_t> any{to_micros(kDistantPast), to_micros(kDistantFuture)};
  for (int i = 0; i < 5000; ++i) {
    const Instant at = from_micros(any(random));
    EXPECT_EQ(parse_rfc3339(format_rfc3339(at)).value(), at);
    EXPECT_EQ(parse_rfc3339(format_rfc3339_exact(at)).value(), at);
    const Result<ParsedTime> mailed = parse_rfc5322(format_rfc5322(at));
    ASSERT_TRUE(mailed) << format_rfc5322(at);
    EXPECT_TRUE(mailed->zoned);
    EXPECT_EQ(mailed->at, std::chrono::floor<seconds>(at));
    EXPECT_EQ(from_micros(to_micros(at)), at);
  }
}

TEST(Time, an_offset_moves_the_wall_clock_and_not_the_instant) {
  std::mt19937_64 random{7};
  std::uniform_int_distribution<int> any{-23 * 60 - 59, 23 * 60 + 59};
  for (int i = 0; i < 500; ++i) {
    const int east = any(random);
    const std::string wall = format_rfc3339(kAt + minutes{east}).substr(0, 19);
    const std::string zone =
        fmt::format("{}{:02}:{:02}", east < 0 ? '-' : '+', std::abs(east) / 60, std::abs(east) % 60);
    EXPECT_EQ(parse_rfc3339(wall + zone).value(), kAt) << wall << zone;
  }
}

TEST(Time, readers_survive_their_input_cut_and_bent_at_every_byte) {
  for (const std::string whole : {"(c (d) \\) ) Fri, 02 Jan 2026 03:04:05 +0200 (CEST)",
                                  "2026-01-02T03:04:05.123456+02:00", "2 Jan 26 03:04 GMT+0100 x"}) {
    for (std::size_t i = 0; i <= whole.size(); ++i) {
      const std::string cut = whole.substr(0, i);  // a copy, so that a sanitizer sees a step past its end
      (void)parse_rfc5322(cut);
      (void)parse_rfc3339_lenient(cut);
      (void)parse_duration(cut);
      for (const char c : {'\0', '(', '\\', '\xff', '9', '-'}) {
        std::string bent = whole;
        if (i < bent.size()) bent[i] = c;
        for (const auto& time : {parse_rfc5322(bent), parse_rfc3339_lenient(bent)})
          if (time) {
            EXPECT_TRUE(time->at >= kDistantPast && time->at < kDistantFuture + seconds{1}) << bent;
          }
      }
    }
  }
  EXPECT_EQ(mail(std::string(100'000, '(')), "malformed");
}

TEST(Time, without_a_zone_spans_every_zone_of_the_earth) {
  EXPECT_EQ(span_of_unzoned(kAt), (TimeSpan{kAt - hours{14}, kAt + hours{12}}));
  EXPECT_EQ(span_of_unzoned(kDistantPast).begin, kDistantPast);
  EXPECT_EQ(span_of_unzoned(kDistantFuture).end, kDistantFuture);
}

TEST(Duration, reads_whole_positive_numbers_with_a_unit) {
  EXPECT_EQ(parse_duration("90s").value(), seconds{90});
  EXPECT_EQ(parse_duration("15m").value(), minutes{15});
  EXPECT_EQ(parse_duration("24h").value(), hours{24});
  EXPECT_EQ(parse_duration("7d").value(), hours{7 * 24});
  EXPECT_EQ(parse_duration("3660d").value(), hours{3660 * 24});
}

TEST(Duration, names_what_is_allowed_when_it_refuses) {
  for (const std::string_view text : {"", "s", "5", "0s", "-5s", "+5s", "5 s", " 5s", "5s ", "1.5h", "5S", "5w", "5ms",
                                      "1h30m", "99999999999999999999s", "0x5s"}) {
    const Result<seconds> duration = parse_duration(text);
    ASSERT_FALSE(duration) << text;
    EXPECT_NE(duration.error().what.find("90s, 15m, 24h or 7d"), std::string::npos) << text;
  }
  EXPECT_NE(parse_duration("3661d").error().what.find("ten years"), std::string::npos);
  EXPECT_FALSE(parse_duration("9223372036854775807d"));
}

TEST(Duration, survives_being_written_and_read) {
  EXPECT_EQ(format_duration(seconds{90}), "90s");
  EXPECT_EQ(format_duration(hours{24}), "1d");
  EXPECT_EQ(format_duration(hours{36}), "36h");
  EXPECT_EQ(format_duration(seconds{0}), "0s");
  std::mt19937_64 random{11};
  std::uniform_int_distribution<std::int64_t> any{1, 3660LL * 86400};
  for (int i = 0; i < 2000; ++i) {
    const seconds duration{any(random)};
    EXPECT_EQ(parse_duration(format_duration(duration)).value(), duration);
  }
}

}  // namespace
}  // namespace abate
