// SPDX-License-Identifier: Apache-2.0
// A report taken apart, and its times.
#include "base/text.h"
#include "reading/prose/prose.h"

namespace abate::reading::prose {
namespace {

constexpr std::chrono::minutes kClockTogether{10};  // the last log line lies so shortly before the report was sent
constexpr std::size_t kLabelReachMax = 512;         // bytes before a time

// A log whose last line lies minutes before the Date of the mail, or before another time of the text that names its
// zone ("generated at ..."), on the same wall clock was written on that clock: in another zone it would lie hours
// apart.
std::optional<std::chrono::minutes> zone_by_clock(const std::vector<FoundTime>& times, const Body& body) {
  std::optional<Instant> last;
  for (const FoundTime& found : times)
    if (!found.time.zoned && !found.zone_in_value && (!last || found.time.at > *last)) last = found.time.at;
  if (!last) return std::nullopt;
  const auto together = [&](Instant wall) {
    const auto gap = wall - *last;
    return gap >= -std::chrono::minutes{1} && gap <= kClockTogether;
  };
  for (const FoundTime& found : times)
    if (found.east && together(found.time.at + *found.east)) return found.east;
  if (!body.dated || !body.dated_east) return std::nullopt;
  if (together(*body.dated)) return body.dated_east;
  if (together(*body.dated - *body.dated_east)) return std::chrono::minutes{0};
  return std::nullopt;
}

void place_times(Story& story) {
  const auto east = zone_by_clock(story.times, story.body);
  if (!east) return;
  for (FoundTime& found : story.times)
    if (!found.time.zoned && !found.zone_in_value) found.time = {found.time.at - *east, true};
}

// The words that decide the kind: not what a quoted mail or an appended signature says.
std::string_view telling_text(const Body& body) {
  const auto signature = body.text.rfind("\n-- \n");
  return std::string_view(body.text).substr(
      0, signature == std::string::npos || signature < 100 ? body.text.size() : signature);
}

void note_line(When& when, const FoundTime& found) {
  if (!found.time.zoned) {
    if (!when.unzoned || found.time.at < *when.unzoned) when.unzoned = found.time.at;
    return;
  }
  if (!when.started || found.time.at < *when.started) when.started = found.time.at;
  if (!when.ended || found.time.at > *when.ended) when.ended = found.time.at;
}

std::vector<FoundTime>::const_iterator first_in(const Story& story, std::size_t begin) {
  return std::lower_bound(story.times.begin(), story.times.end(), begin,
                          [](const FoundTime& found, std::size_t at) { return found.begin < at; });
}

bool among_labels(std::string_view left) {
  for (const std::string_view word :
       {"time",  "date",     "timestamp", "detected", "discovered",   "seen",     "occurred", "started", "start",
        "first", "observed", "when",      "zeit",     "datum",        "fecha",    "heure",    "дата",    "время",
        "czas",  "čas",      "hora",      "recorded", "infringement", "incident", "begin"})
    if (contains_ignoring_case(left, word)) return true;
  return false;
}

}  // namespace

Story story_of(const Input& input, const Rules& rules) {
  Story story;
  story.body = body_of(input);
  if (rules.ignores_evidence) story.body.evidence.clear();
  TimeHints hints = hints_of(story.body.text, story.body.around, story.body.dated_east);
  if (!hints.east) hints.east = rules.east;
  story.tokens = tokens_in(story.body.text);
  story.mentions = judge(story.body.text, story.tokens);
  if (!story.body.answers) story.subject_tokens = tokens_in(story.body.subject);
  story.subject_mentions = judge(story.body.subject, story.subject_tokens);
  story.times = times_in(story.body.text, hints, kTimesMax);
  place_times(story);
  story.kind = kind_of(story.body.answers ? std::string_view{} : story.body.subject, telling_text(story.body));
  if (!story.body.evidence.empty() && story.kind.score < 8) {
    story.kind.type = "messaging/spam";
    story.kind.score = 8;
    story.kind.phrase = "a mail with its header is quoted";
  }
  return story;
}

When time_of_accused(const Story& story, const Accused& accused) {
  When when;
  std::uint32_t lines = 0;
  std::size_t last_line = std::string::npos;
  for (const std::size_t index : accused.mentions) {
    const Mention& mention = story.mentions[index];
    if (mention.line_begin == last_line) continue;
    last_line = mention.line_begin;
    const auto found = first_in(story, mention.line_begin);
    if (found == story.times.end() || found->begin >= mention.line_end) continue;
    ++lines;
    note_line(when, *found);
  }
  when.count = std::max(lines, 1U);
  when.from_lines = lines > 0;
  if (when.ended && when.started == when.ended) when.ended.reset();
  return when;
}

When time_of_report(const Story& story) {
  When when;
  const FoundTime* best = nullptr;  // the earliest of those that are most surely meant
  int best_score = -1;
  for (const FoundTime& found : story.times) {
    // A label stands at the line's beginning, and the line is short: looking further back would be quadratic.
    const std::size_t reach = found.begin > kLabelReachMax ? found.begin - kLabelReachMax : 0;
    const std::string_view before = std::string_view(story.body.text).substr(reach, found.begin - reach);
    const std::size_t newline = before.rfind('\n');
    const bool whole = newline != before.npos || reach == 0;
    const std::string_view left =
        whole ? before.substr(newline == before.npos ? 0 : newline + 1, 80) : std::string_view{};
    const int score = (found.time.zoned ? 1 : 0) + (among_labels(left) ? 2 : 0);
    if (score > best_score || (score == best_score && found.time.at < best->time.at)) {
      best = &found;
      best_score = score;
    }
  }
  if (best != nullptr) note_line(when, *best);
  when.ended.reset();
  return when;
}

}  // namespace abate::reading::prose
