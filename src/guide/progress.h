// SPDX-License-Identifier: Apache-2.0
// guide/progress.h — how far a person came, so that they can stop at any point and come back: kept after each answer.
//
// SECURITY: `ticket` may be the desk's link with its token: the file is its owner's only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "guide/steps.h"

namespace abate::guide {

enum class Choice : std::uint8_t { yes, no };

struct Progress {
  Place place = Place::ticket;
  std::string ticket;                        // what the person named: a link, a file; "" for none or pasted text
  std::map<std::string, Choice> actions;     // by the action's id
  std::map<std::string, Choice> measures;    // likewise, of what makes the server stronger
  std::map<std::string, Choice> topics;      // by Topic::id; yes: it is done
  std::map<std::string, std::string> words;  // the person's own, by the question
  std::string reply;                         // as the person edited it; "" as it was written
  std::string ending;                        // how the reply left: "sent", "saved", ""
  std::optional<Instant> at;                 // of the last answer
};

std::string progress_text(const Progress& progress);
// malformed for what this version cannot read: then the person begins anew.
Result<Progress> read_progress(std::string_view text);

}  // namespace abate::guide
