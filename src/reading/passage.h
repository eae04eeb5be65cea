// SPDX-License-Identifier: Apache-2.0
// reading/passage.h — the lines of a report that an incident was read from, for a person to look at. A format that
// knows them better sets them itself; for all others this finds the part that Incident::read_from names. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/report.h"
#include "reading/input.h"

namespace abate::reading {

// Lines `first` and following: the first kPassageLinesMax and kPassageBytesMax of `text`. `offset`: where it stands in
// the report as it is, if it does; then only the range is kept.
Passage passage_of(std::string_view text, std::uint32_t first, std::optional<std::size_t> offset);

// Fills the passages that are empty.
void add_passages(Reading& reading, const Input& input);

}  // namespace abate::reading
