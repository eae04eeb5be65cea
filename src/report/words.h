// SPDX-License-Identifier: Apache-2.0
// report/words.h — the plain words that the terminal and the page share: what a severity, an area, a step, a way in or
// an action is called, and the sentences that say the verdict. Calm (R37): no threats, the next step in sight. Pure.
// Sentences may quote the server's bytes; whoever writes them makes them safe.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/outcome.h"

namespace abate::report {

constexpr std::size_t kSeverities = 4;
constexpr std::array<Severity, kSeverities> kWorstFirst{Severity::malicious, Severity::suspicious, Severity::weak,
                                                        Severity::note};

std::string_view severity_label(Severity severity);           // "malicious", "suspicious", "open door", "note"
std::string_view severity_meaning(Severity severity);         // "act on it"
std::string_view area_title(Area area);                       // "Web sites"
std::string_view step_title(Step step);                       // "Way in"
std::string_view entry_words(EntryKind kind);                 // "a password that could be guessed"
std::string action_words(const Action& action);               // "Move the file into quarantine"
std::string requirement_words(std::string_view requirement);  // "R20" -> "delete malicious files"; "" for others

// "/var/www/x.php, line 3", "process 123 (/tmp/x)", "account root", "TCP port 25 at 0.0.0.0".
std::string subject_words(const Subject& subject);
// An excerpt of the finding's own file without its path, which stands above it: "line 3: <?php".
std::string excerpt_words(const Finding& finding, std::string_view excerpt);
std::string counted(std::uint64_t n, std::string_view one, std::string_view many = {});  // "1,204 files"
std::string number_words(std::uint64_t n);                                               // "1,204"
std::string size_words(std::uint64_t bytes);                                             // "1.2 GB"
std::string seconds_words(double seconds);                                               // "0.4 s", "3 min 10 s"
std::string short_time(Instant at);                                                      // "2026-01-02 03:04:05 UTC"
std::string sure_words(double confidence);                                               // "almost certain (93%)"
// The first sentences of a manual, at most about `bytes_max`.
std::string first_sentences(std::string_view text, std::size_t bytes_max);

struct Verdict {
  enum class Tone : std::uint8_t { good, careful, act } tone = Tone::good;
  std::string headline;           // one sentence
  std::string more;               // a second, or ""
  std::vector<std::string> next;  // what to do, in order; never empty
};
Verdict verdict_of(const Outcome& outcome);

std::array<std::size_t, kSeverities> count_severities(const std::vector<Finding>& findings);  // in kWorstFirst's order

// Findings of one detector and severity, told once: its reason, then each place.
struct Group {
  std::string_view detector;
  Severity severity = Severity::note;
  std::vector<const Finding*> findings;
};
struct AreaGroups {
  Area area = Area::logs;
  std::vector<Group> groups;  // the worst first
};
// Only areas with findings, the one with the worst first. Points into `findings`.
std::vector<AreaGroups> group_findings(const std::vector<Finding>& findings);

struct Unseen {  // what was not examined, by reason
  std::string_view why;
  std::vector<std::string_view> what;
};
std::vector<Unseen> group_unseen(const Outcome& outcome);  // the most frequent reason first

const Finding* find_finding(const Outcome& outcome, std::string_view id);
std::string title_of(const Outcome& outcome, std::string_view detector);  // the id in words where there is no manual

}  // namespace abate::report
