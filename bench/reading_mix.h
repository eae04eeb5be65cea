// SPDX-License-Identifier: Apache-2.0
// bench/reading_mix.h — reports as an abuse desk gets them in a day, made up: of each 100 mails 70 are feedback
// reports, 10 are XARF v4, 20 are words with log lines; to 500 mails comes one feed of 10,000 rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace abate::bench {

struct MixedReport {
  std::string bytes;
  bool mail = true;           // else rows of a feed
  std::size_t incidents = 1;  // that must be read
};
constexpr std::size_t kRowsOfAFeed = 10'000;

std::vector<MixedReport> mixed_reports(std::size_t mails);

}  // namespace abate::bench
