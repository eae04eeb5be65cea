// SPDX-License-Identifier: Apache-2.0
// When it was, as people and programs write it into a report; and what names no zone is no instant.
#include <array>

#include <gtest/gtest.h>

#include "reading/read.h"

namespace abate::reading {
namespace {

struct Said {
  std::string_view text;
  std::string_view started_at;  // to the second, or "" where nothing is sure
};
constexpr auto kSaid = std::to_array<Said>({
    {"Time: 2026-11-08 14:05:06 UTC", "2026-11-08T14:05:06Z"},
    {"Time: 08.11.2026 14:05:06 Uhr (MEZ)", "2026-11-08T13:05:06Z"},
    {"Time: Nov 8, 2026 2:05:06 PM GMT", "2026-11-08T14:05:06Z"},
    {"Time: Sun, 8 Nov 2026 14:05:06 +0000", "2026-11-08T14:05:06Z"},
    {"Time: 2026/11/08 14:05:06 (UTC)", "2026-11-08T14:05:06Z"},
    {"Time: 2026-11-08T14:05:06.123456789Z", "2026-11-08T14:05:06Z"},
    {"Time: 20261108 140506 UTC", "2026-11-08T14:05:06Z"},
    {"Time: 20261108140506Z", "2026-11-08T14:05:06Z"},
    {"Time: 2026-11-08 at 14:05 UTC", "2026-11-08T14:05:00Z"},
    {"Time: 14:05 UTC, 8 November 2026", "2026-11-08T14:05:00Z"},
    {"Time: 14:05:06 UTC on Nov 8th, 2026", "2026-11-08T14:05:06Z"},
    {"Time: 8-Nov-2026 14:05:06 UTC", "2026-11-08T14:05:06Z"},
    {"Time: 08/Nov/2026:14:05:06 +0000", "2026-11-08T14:05:06Z"},
    {"Time: Sunday, November 08, 2026 2:05 PM (UTC)", "2026-11-08T14:05:00Z"},
    {"Time: Sun Nov 8 14:05:06 UTC 2026", "2026-11-08T14:05:06Z"},
    {"Time: Sun Nov  8 14:05:06 2026 UTC", "2026-11-08T14:05:06Z"},
    {"Time: Sun Nov  8 14:05:06 2026 +0100", "2026-11-08T13:05:06Z"},
    {"Time: 2026-11-08 14h05 UTC", "2026-11-08T14:05:00Z"},
    {"Time: 2026-11-08 14:05Z", "2026-11-08T14:05:00Z"},
    {"Time: 2026-11-08 1405Z", "2026-11-08T14:05:00Z"},
    {"Time: 8 Nov 2026, 14:05 hrs UTC", "2026-11-08T14:05:00Z"},
    {"Time: 08-11-2026 14:05:06 UTC+01:00", "2026-11-08T13:05:06Z"},
    {"Time: 08-11-2026 14:05:06 GMT +1", "2026-11-08T13:05:06Z"},
    {"Time: 11/08/2026 02:05:06 PM UTC", "2026-11-08T14:05:06Z"},
    {"Time (UTC): 08/11/2026 14:05:06", "2026-11-08T14:05:06Z"},
    {"Time [UTC+2]: 2026-11-08 16:05:06", "2026-11-08T14:05:06Z"},
    {"Time: 2026-11-08 15:05:06 (GMT+1)", "2026-11-08T14:05:06Z"},
    {"Time: 2026-11-08 15:05:06 Europe/Berlin", "2026-11-08T14:05:06Z"},
    {"Time: 2026-11-08 15:05:06 CET (UTC+1)", "2026-11-08T14:05:06Z"},
    {"Time: 2026-11-08 09:05:06 EST", "2026-11-08T14:05:06Z"},
    {"Time: 2026-11-08 9:05:06 AM Eastern Standard Time", "2026-11-08T14:05:06Z"},
    {"Time: 2026-11-08 06:05:06 Pacific Time (US & Canada)", "2026-11-08T14:05:06Z"},
    {"Time: 2026-11-08 19:35:06 +05:30", "2026-11-08T14:05:06Z"},
    {"Time: 2026-11-08 22:05:06 +0800 (CST)", "2026-11-08T14:05:06Z"},
    {"Time: 2026-11-08 22:05:06 SGT", "2026-11-08T14:05:06Z"},
    {"Epoch: 1794146706", "2026-11-08T14:05:06Z"},
    {"timestamp: 1794146706.25", "2026-11-08T14:05:06Z"},
    {"\"timestamp\": 1794146706000", "2026-11-08T14:05:06Z"},
    {"Date: 2026-11-08\nTime: 14:05:06 UTC", "2026-11-08T14:05:06Z"},
    {"Date: 2026-11-08, Time: 14:05:06 UTC", "2026-11-08T14:05:06Z"},
    {"Date: 8 Nov 2026 | Time: 14:05 UTC", "2026-11-08T14:05:00Z"},
    {"Datum: 08.11.2026\nUhrzeit: 15:05:06 MEZ", "2026-11-08T14:05:06Z"},
    {"Date : 08/11/2026\nHeure : 15:05:06 (Paris)", "2026-11-08T14:05:06Z"},
    {"Le 08/11/2026 à 15:05:06 (UTC+1)", "2026-11-08T14:05:06Z"},
    {"El 8 de noviembre de 2026 a las 15:05:06 CET", "2026-11-08T14:05:06Z"},
    {"Em 8 de novembro de 2026, às 11:05:06 (GMT-3)", "2026-11-08T14:05:06Z"},
    {"Il giorno 8 novembre 2026 alle ore 15:05:06 CET", "2026-11-08T14:05:06Z"},
    {"Op zondag 8 november 2026 om 15:05:06 CET", "2026-11-08T14:05:06Z"},
    {"Dnia 08.11.2026 o godzinie 15:05:06 CET", "2026-11-08T14:05:06Z"},
    {"Dne 8.11.2026 v 15:05:06 CET", "2026-11-08T14:05:06Z"},
    {"8 ноября 2026 в 17:05:06 МСК", "2026-11-08T14:05:06Z"},
    {"08.11.2026 17:05:06 (МСК, UTC+3)", "2026-11-08T14:05:06Z"},
    {"8 Kasım 2026 saat 17:05:06 (GMT+3)", "2026-11-08T14:05:06Z"},
    {"2026年11月8日 22時05分06秒 (北京時間)", "2026-11-08T14:05:06Z"},
    {"2026年11月8日23:05:06 JST", "2026-11-08T14:05:06Z"},
    {"2026. 11. 08. 23:05:06 KST", "2026-11-08T14:05:06Z"},
    {"2026.11.08 23:05:06 (KST)", "2026-11-08T14:05:06Z"},
    {"Ngày 08/11/2026 21:05:06 (GMT+7)", "2026-11-08T14:05:06Z"},
    {"Start time: 2026-11-08 14:05:06 UTC\nEnd time: 2026-11-08 15:00:00 UTC", "2026-11-08T14:05:06Z"},
    {"Between 2026-11-08 14:05:06 and 2026-11-08 15:00:00 UTC", "2026-11-08T14:05:06Z"},
    {"From Nov 08 14:05:06 2026 to Nov 08 15:00:00 2026 UTC", "2026-11-08T14:05:06Z"},
    {"First seen 2026-11-08 14:05:06 UTC, last seen 2026-11-09 08:00:00 UTC", "2026-11-08T14:05:06Z"},
    {"Report generated: 2026-11-09 09:00:00 UTC\nAttack time: 2026-11-08 14:05:06 UTC", "2026-11-08T14:05:06Z"},
    {"Attack time: 2026-11-08 14:05:06 UTC\nPlease respond by 2026-11-12 10:00 UTC", "2026-11-08T14:05:06Z"},
    {"Time: 2026-11-08 14:05:06", ""},
    {"Time: 14:05:06", ""},
    {"Time: 08/11/2026 14:05 local time", ""},
    {"Time: 2026-11-08 14:05:06 CST", ""},
    {"Time: 2026-11-08", ""},
    {"We saw it on 8 November 2026 around 2 pm", ""},
});

TEST(Times, are_told_as_people_write_them) {
  for (const Said& said : kSaid) {
    SCOPED_TRACE(said.text);
    const std::string report = fmt::format(
        "From: a@victim.example\nSubject: Port scan from 192.0.2.13\nDate: Mon, 09 Nov 2026 10:15:00 +0100\n"
        "Content-Type: text/plain; charset=utf-8\n\nYour host 192.0.2.13 scanned our ports.\n\n{}\n",
        said.text);
    const Reading reading = read_unhashed(report, "message/rfc822", "");
    ASSERT_EQ(reading.incidents.size(), 1U);
    const auto& at = reading.incidents.front().started_at;
    EXPECT_EQ(at ? format_rfc3339(*at).substr(0, 19) + "Z" : std::string(), said.started_at);
  }
}

}  // namespace
}  // namespace abate::reading
