// SPDX-License-Identifier: Apache-2.0
// web/pages/passage.h — the lines of a report that an incident was read from, with their numbers, for the team.
//
// They are found by what the incident says: its own text or range (Incident::read_range), evidence that is a range of
// the report's bytes, the line numbers in `read_from` ("part 2, lines 3, 5-9"), or, where the report is a small one and
// no mail, all of it. Nothing is parsed. Limits: kPassageLinesMax, kPassageBytesMax. Pure; thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"

namespace abate::web {

constexpr std::size_t kPassageLinesMax = 40;
constexpr std::size_t kPassageBytesMax = 4 * 1024;

struct NumberedLine {
  std::uint64_t number = 0;
  std::string text;
};
struct Passage {
  std::string from;  // "part 2, lines 3, 5-9", "line 17 of the report"
  std::vector<NumberedLine> lines;
};

// Without lines where nothing tells them.
Passage passage_of(const Incident& incident, std::string_view report, bool is_mail);

}  // namespace abate::web
