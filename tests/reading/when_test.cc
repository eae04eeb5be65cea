// SPDX-License-Identifier: Apache-2.0
#include "reading/when.h"

#include <gtest/gtest.h>

#include "reading/values.h"

namespace abate::reading {
namespace {

std::string shown(const std::optional<ParsedTime>& time) {
  if (!time) return "none";
  std::string text = format_rfc3339(time->at);
  if (!time->zoned) text.back() = '?';
  return text;
}

std::string alone(std::string_view value) { return shown(time_of(value)); }

TEST(When, reads_a_lone_time_in_the_shapes_that_are_sent) {
  EXPECT_EQ(alone("Fri, 02 Jan 2026 03:04:05 +0100"), "2026-01-02T02:04:05Z");
  EXPECT_EQ(alone("2026-01-02T03:04:05.25Z"), "2026-01-02T03:04:05.250Z");
  EXPECT_EQ(alone("2026-01-02 03:04:05"), "2026-01-02T03:04:05?");
  EXPECT_EQ(alone("[10/Oct/2026:13:55:36 -0700]"), "2026-10-10T20:55:36Z");
  EXPECT_EQ(alone("10/Oct/2026:13:55:36 -0700"), "2026-10-10T20:55:36Z");
  EXPECT_EQ(alone("07.Dec.2021 - 08:06:10 PM"), "2021-12-07T20:06:10?");
  EXPECT_EQ(alone("2014-01-31 07:19:02 CET"), "2014-01-31T06:19:02Z");
  EXPECT_EQ(alone("Fri Sep 15 18:55:37 UTC 2023"), "2023-09-15T18:55:37Z");
  EXPECT_EQ(alone("Sun Apr 19 07:19:02 2026"), "2026-04-19T07:19:02?");
  EXPECT_EQ(alone("02 Jan 25 03:04 UTC"), "2025-01-02T03:04:00Z");
  EXPECT_EQ(alone("January 2nd, 2026 at 3:04 pm UTC+2"), "2026-01-02T13:04:00Z");
  EXPECT_EQ(alone("2026/01/02 03:04:05 GMT+0100"), "2026-01-02T02:04:05Z");
  EXPECT_EQ(alone("31.01.2026, 03:04:05 Uhr") == "none", true);
  EXPECT_EQ(alone("31.01.2026 03:04:05 MESZ"), "2026-01-31T01:04:05Z");
  EXPECT_EQ(alone("20260110T101112Z"), "2026-01-10T10:11:12Z");
  EXPECT_EQ(alone("10. Oktober 2026 12:00:00 (CEST)"), "2026-10-10T10:00:00Z");
  EXPECT_EQ(alone("2026-01-02 03:04:05 (UTC+05:30)"), "2026-01-01T21:34:05Z");
  EXPECT_EQ(alone("13:55:36 UTC on 10 October 2026"), "2026-10-10T13:55:36Z");
  EXPECT_EQ(alone("12:05:00 AM 2026-01-02"), "2026-01-02T00:05:00?");
  EXPECT_EQ(alone("12/31/2025 11:59:59 PM EST"), "2026-01-01T04:59:59Z");
  EXPECT_EQ(alone("2026年10月9日 10時02分03秒 (JST)"), "2026-10-09T01:02:03Z");
  EXPECT_EQ(alone("2026년 10월 9일 오후 3시 5분"), "2026-10-09T15:05:00?");
  EXPECT_EQ(alone("13/10/2026 à 08h05"), "2026-10-13T08:05:00?");
  EXPECT_EQ(alone("20:00:00 den 9 oktober 2026 (CEST)"), "2026-10-09T18:00:00Z");
  EXPECT_EQ(alone("9 октября 2026 10:08:09 МСК"), "2026-10-09T07:08:09Z");
  EXPECT_EQ(alone("9.10.2026 10:15:00 (SELČ)"), "2026-10-09T08:15:00Z");
}

TEST(When, places_a_time_by_the_city_or_country_whose_clock_it_shows) {
  EXPECT_EQ(alone("2026-11-08 09:00:00 Europe/Madrid"), "2026-11-08T08:00:00Z");
  EXPECT_EQ(alone("2026-07-08 09:00:00 Europe/Madrid"), "2026-07-08T07:00:00Z");
  EXPECT_EQ(alone("13/10/2026 à 17h42 (heure de Paris)"), "2026-10-13T15:42:00Z");
  EXPECT_EQ(alone("2026年11月8日 22:10:35（北京时间）"), "2026-11-08T14:10:35Z");
  EXPECT_EQ(alone("8 listopada 2026 r. o godz. 21:15 (czas polski, CET)"), "2026-11-08T20:15:00Z");
  EXPECT_EQ(alone("9 ноября 2026 г. в 10:12 по московскому времени"), "2026-11-09T07:12:00Z");
  EXPECT_EQ(alone("9 november 2026 om 08:15 uur (Nederlandse tijd)"), "2026-11-09T07:15:00Z");
  EXPECT_EQ(alone("13.10.2026 Saat: 03:20 (Türkiye saati)"), "2026-10-13T00:20:00Z");
  EXPECT_EQ(alone("March 8, 2026 1:30 AM Eastern Time"), "2026-03-08T06:30:00Z");
  EXPECT_EQ(alone("March 8, 2026 3:30 AM Eastern Time"), "2026-03-08T07:30:00Z");
  EXPECT_EQ(alone("8. 11. 2026 18:05 SEČ"), "2026-11-08T17:05:00Z");
  // A mere city is no clock, and a clock whose rules change too often places nothing.
  EXPECT_EQ(alone("2026-11-08 09:00:00 (office Berlin)"), alone("2026-11-08 09:00:00 (office X)"));
  EXPECT_EQ(alone("2026-11-08 09:00:00 Africa/Cairo"), alone("2026-11-08 09:00:00 Africa/Nowhere"));
}

TEST(When, gives_the_zone_behind_a_range_to_its_beginning) {
  const auto first = [](std::string_view text) {
    const auto found = times_in(text, hints_of("", parse_rfc3339("2026-11-09T12:00:00Z").value()), 9);
    return found.empty() ? std::string("none") : shown(found.front().time);
  };
  EXPECT_EQ(first("on 8 November 2026 between 10:00 and 10:30 CET"), "2026-11-08T09:00:00Z");
  EXPECT_EQ(first("2026-11-08 22:00:00 - 2026-11-08 22:45:00 (EST)"), "2026-11-09T03:00:00Z");
  EXPECT_EQ(first("2026-11-08, 00:00-06:00 UTC"), "2026-11-08T00:00:00Z");
  EXPECT_EQ(first("2026-11-08T00:00-06:00 x"), "2026-11-08T06:00:00Z");
  EXPECT_EQ(first("2026-11-08 22:00:00 and again"), "2026-11-08T22:00:00?");
  EXPECT_EQ(first("x timestamp=1794096000 y"), "2026-11-08T00:00:00Z");
  EXPECT_EQ(first("x serial=1794096000 y"), "none");
}

TEST(When, takes_the_region_that_a_text_names_for_its_times) {
  const auto in = [](std::string_view text) {
    const auto found = times_in(text, hints_of(text, {}), 9);
    return found.empty() ? std::string("none") : shown(found.front().time);
  };
  EXPECT_EQ(in("All log times are Europe/Berlin.\n2026-07-01 12:00:00 x"), "2026-07-01T10:00:00Z");
  EXPECT_EQ(in("于北京时间2026-11-09 14:02:11对我司发起攻击"), "2026-11-09T06:02:11Z");
  EXPECT_EQ(in("Log times: Moscow time, those of the firewall Eastern Time.\n2026-07-01 12:00:00 x"),
            "2026-07-01T12:00:00?");
  EXPECT_EQ(in("tcpdump, UTC:\n2026-11-09 08:00:01 IP"), "2026-11-09T08:00:01Z");
}

TEST(When, reads_date_time_and_zone_as_fields_of_a_log) {
  const auto found =
      times_in("date=2026-10-10 time=00:14:03 devname=\"F\"\ndate=2026-10-10 time=00:14:03 tz=\"+0200\" x", {}, 9);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_FALSE(found[0].time.zoned);
  EXPECT_EQ(format_rfc3339(found[1].time.at), "2026-10-09T22:14:03Z");
}

TEST(When, takes_seconds_since_1970_in_a_log_shortly_before_the_report) {
  TimeHints hints;
  hints.around = parse_rfc3339("2026-10-10T12:00:00Z").value();
  const auto found = times_in("1791542400.123456 C1 192.0.2.1\nserial 1791542400 and 1234567890.123456\n", hints, 9);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(format_rfc3339(found[0].time.at), "2026-10-09T10:40:00Z");
}

TEST(When, places_no_zone_that_several_countries_share) {
  for (const char* zone : {"IST", "CST", "BST", "AST"})
    EXPECT_EQ(alone(std::string("2026-01-02 03:04:05 ") + zone), "2026-01-02T03:04:05?") << zone;
}

TEST(When, gives_no_time_for_what_is_none) {
  for (const char* none : {"yesterday", "10:20:30", "2026-13-01 00:00:00", "2026-02-30 10:00:00", "03/04/2026 10:00:00",
                           "Oct 10 13:55:36", "192.0.2.1 10:20", "2026-01-02", "32.01.2026 10:00", "1/2 3:4",
                           "2026-01-02 25:00:00", "2026-01-02 03:04:05 and so on"})
    EXPECT_EQ(alone(none), "none") << none;
}

std::string first_in(std::string_view text, const char* around = "2026-04-06T00:00:00Z") {
  const auto all = times_in(text, hints_of(text, *parse_rfc3339(around)), 10);
  return all.empty() ? "none" : shown(all.front().time);
}

TEST(When, takes_the_zone_from_the_text_around) {
  EXPECT_EQ(first_in("All times are UTC.\n\n2026-04-01 10:00:00 x"), "2026-04-01T10:00:00Z");
  EXPECT_EQ(first_in("2026-04-01 10:00:00 x\nOur time zone is +0200"), "2026-04-01T08:00:00Z");
  EXPECT_EQ(first_in("Logs (times in CEST):\nApr  1 10:00:00 host sshd[1]: x"), "2026-04-01T08:00:00Z");
  EXPECT_EQ(first_in("Timestamp (UTC): 2026-04-01 10:00:00"), "2026-04-01T10:00:00Z");
  EXPECT_EQ(first_in("Alle Zeitangaben in MESZ\n01.04.2026 10:00:00"), "2026-04-01T08:00:00Z");
  EXPECT_EQ(first_in("Timezone: GMT-3\n2026-04-01 10:00:00"), "2026-04-01T13:00:00Z");
}

TEST(When, is_not_led_astray_by_zones_that_say_something_else) {
  EXPECT_EQ(first_in("2026-04-01 10:00:00 x\nWritten on 2026-04-02 11:00:00 UTC"), "2026-04-01T10:00:00?");
  EXPECT_EQ(first_in("Times are UTC. No, times are CEST.\n2026-04-01 10:00:00"), "2026-04-01T10:00:00?");
  EXPECT_EQ(first_in("Time zone: CST\n2026-04-01 10:00:00"), "2026-04-01T10:00:00?");
  EXPECT_EQ(first_in("All times are UTC.\n2026-04-01 10:00:00 IST"), "2026-04-01T10:00:00?");
  EXPECT_EQ(first_in("MST Ltd, 12 Time Street\n2026-04-01 10:00:00"), "2026-04-01T10:00:00?");
}

TEST(When, gives_a_time_without_a_year_the_last_one_before_the_report) {
  EXPECT_EQ(first_in("Dec 31 23:59:59 host x", "2026-01-02T00:00:00Z"), "2025-12-31T23:59:59?");
  EXPECT_EQ(first_in("Jan  1 23:59:59 host x", "2026-01-02T00:00:00Z"), "2026-01-01T23:59:59?");
}

TEST(When, reads_the_stamp_of_an_intrusion_alert_with_the_month_first) {
  const Instant around = *parse_rfc3339("2026-10-12T10:00:00Z");
  const std::vector<FoundTime> found = times_in("02/11-04:04:05.123456  [**] [1:1:1] scan", hints_of("", around), 9);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(shown(found[0].time), "2026-02-11T04:04:05.123456?");
  EXPECT_TRUE(times_in("ports 10/10-04", hints_of("", around), 9).empty());
}

TEST(When, joins_a_date_and_a_time_that_stand_on_lines_of_their_own) {
  const auto all = [](std::string_view text) {
    std::string out;
    for (const FoundTime& found : times_in(text, hints_of(text, {}), 9)) out += shown(found.time) + " ";
    return out;
  };
  EXPECT_EQ(all("Date: 2026-10-10\r\nTime: 04:04:05 UTC\r\n"), "2026-10-10T04:04:05Z ");
  EXPECT_EQ(all("> Time: 04:04:05 +0200\n> Date: 10.10.2026\n"), "2026-10-10T02:04:05Z ");
  EXPECT_EQ(all("Datum: 10.10.2026\nUhrzeit: 04:04\n"), "2026-10-10T04:04:00? ");
  EXPECT_EQ(all("Date: 2026-10-10\nTimeout: 04:04:05\n"), "") << "another label";
  EXPECT_EQ(all("Date: 2026-10-10\n\nTime: 04:04:05\n"), "") << "another paragraph";
}

TEST(When, settles_day_and_month_by_the_rest_of_the_report) {
  EXPECT_EQ(first_in("03/04/2026 10:00:00 and 13/04/2026 10:00:00", "2030-01-01T00:00:00Z"), "2026-04-03T10:00:00?");
  EXPECT_EQ(first_in("03/04/2026 10:00:00 and 03/13/2026 10:00:00", "2030-01-01T00:00:00Z"), "2026-03-04T10:00:00?");
  EXPECT_EQ(first_in("03/04/2026 10:00:00", "2026-04-03T12:00:00Z"), "2026-04-03T10:00:00?");
  EXPECT_EQ(first_in("03/04/2026 10:00:00", "2026-03-05T12:00:00Z"), "2026-03-04T10:00:00?");
  EXPECT_EQ(first_in("03/04/2026 10:00:00", "2030-01-01T00:00:00Z"), "none");
  EXPECT_EQ(first_in("03/04/2026 10:00:00 13/04/2026 and 04/13/2026", "2030-01-01T00:00:00Z"), "none");
}

TEST(When, reads_seconds_and_milliseconds_since_1970) {
  EXPECT_EQ(format_rfc3339(*epoch_of("1760104536")), "2025-10-10T13:55:36Z");
  EXPECT_EQ(format_rfc3339(*epoch_of("1760104536123")), "2025-10-10T13:55:36.123Z");
  for (const char* none : {"17601045", "9999999999999", "0000000001", "abc", "17601045361"})
    EXPECT_FALSE(epoch_of(none).has_value()) << none;
}

}  // namespace
}  // namespace abate::reading
