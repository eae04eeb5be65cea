// SPDX-License-Identifier: Apache-2.0
// talk/trial.h — what came of asking a service, as a stranger would, for what no stranger must get.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace abate::talk {

enum class Outcome : std::uint8_t {
  open,    // the stranger got it
  closed,  // the stranger was refused, or nobody answers
  unclear  // neither: said so, never taken for the one or the other
};
std::string_view outcome_name(Outcome outcome);

struct Trial {
  Outcome outcome = Outcome::unclear;
  std::string tried;   // "asked 203.0.113.10:25 to relay mail from … to …"
  std::string seen;    // what came, one line, safe to show
  std::string sha256;  // of the bytes that came; "" where none did
};

constexpr std::string_view kNobodyListens = "nobody listens there";

// `came`: the bytes, hashed. `seen` is escaped and cut here.
Trial trial(Outcome outcome, std::string tried, std::string_view seen, std::string_view came = {});
// Where no conversation came about: nobody listens, or nothing answers, is closed; the rest is unclear.
Trial trial(std::string tried, const Error& error);

}  // namespace abate::talk
