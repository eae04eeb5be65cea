// SPDX-License-Identifier: Apache-2.0
// reading/prose/prose.h — a report in words → incidents.
//
//   Result<Reading> reading = prose::read(input, {});
//
// One incident for each culprit, or for each URL where the harm is what stands on a page. Log lines of one culprit are
// folded: `count`, first and last time. A failure where the text blames nobody. `Rules` are what a format knows of its
// sender; what they leave open the words decide. Limits: kUrlsMax, kEvidenceLinesMax and those of reading/read.h.
// Thread-safe: no state.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reading/input.h"
#include "reading/prose/body.h"
#include "reading/prose/roles.h"
#include "reading/prose/tokens.h"
#include "reading/prose/wording.h"
#include "reading/values.h"
#include "reading/when.h"

namespace abate::reading::prose {

constexpr std::size_t kUrlsMax = 2'000;
constexpr std::size_t kAccusedMax = 5'000;
constexpr std::size_t kTimesMax = 50'000;
constexpr std::size_t kEvidenceLinesMax = 2'000;

struct Rules {
  std::string_view type;                     // the kind of all that this sender reports, or "": by wording
  std::string_view detail;                   // "proxy"
  std::optional<std::chrono::minutes> east;  // the zone that the sender documents for its times
  bool ignores_evidence = false;             // a mail inside is the report, not what is complained about
};

struct Accused {  // what choose_accused found
  IpAddress address;
  Ground ground = Ground::nothing;
  int weight = 0;
  std::string reason;
  std::vector<std::size_t> mentions;  // in the text
  std::size_t first_at = 0;
};

struct Story {  // a report taken apart; made once
  Body body;
  std::vector<Token> tokens;
  std::vector<Mention> mentions;
  std::vector<Token> subject_tokens;
  std::vector<Mention> subject_mentions;
  std::vector<FoundTime> times;
  Kind kind;
};

Story story_of(const Input& input, const Rules& rules);
std::vector<Accused> choose_accused(const Story& story);

struct BlamedUrl {
  std::string url;  // or "" where only a domain is named
  std::string domain;
  std::size_t at = 0;  // in the text
  std::string reason;
};
inline constexpr std::string_view kDefangedReason = "it is written so that nobody clicks it";
std::vector<BlamedUrl> choose_urls(const Story& story);

struct When {
  std::optional<Instant> started, ended, unzoned;
  std::uint32_t count = 1;
  bool from_lines = false;
};
// Of the lines that name the culprit, else what the report says of its time.
When time_of_accused(const Story& story, const Accused& accused);
When time_of_report(const Story& story);

Result<Reading> read(const Input& input, const Rules& rules);
// The same of a story that a format has looked at before.
Result<Reading> tell(const Story& story, const Rules& rules);

}  // namespace abate::reading::prose
