// SPDX-License-Identifier: Apache-2.0
// reply/reply_text.h — a reply as the text that stands in the ticket, and back again after a person edited it.
//
//   What caused it
//   - 2026-10-06 15:20 UTC: somebody uploaded a shell [proved]
//
// A person may change every word. What they change, or add, is theirs: it becomes claimed, whatever label they leave
// behind it; a sentence that stands as it was keeps its proof, also in another part. Pure; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/reply.h"

namespace abate::reply {

enum class Part : std::uint8_t { cause, done, confirmed, prevention };
inline constexpr std::array kParts{Part::cause, Part::done, Part::confirmed, Part::prevention};
std::string_view part_title(Part part);  // "What caused it"
std::vector<Statement>& part_of(Reply& reply, Part part);
const std::vector<Statement>& part_of(const Reply& reply, Part part);

struct OpenQuestion {
  Part part;  // where the answer belongs
  std::string asks;
};

// All four parts; `reply.text` is not looked at.
std::string reply_text(const Reply& reply);

// Lines before the first title count as what caused it; a line that begins with # is passed over; one without a dash
// goes on with the sentence before it. At most kStatementsMax sentences: more are left out.
constexpr std::size_t kStatementsMax = 1000;
Reply edited(const Reply& before, std::string_view text);
void claim(Reply& reply, Part part, std::string_view says);  // "" adds nothing; `text` is written anew

}  // namespace abate::reply
