// SPDX-License-Identifier: Apache-2.0
// The sentence at the top, and what to do next.
#include "report/words.h"

namespace abate::report {
namespace {

using Tone = Verdict::Tone;

std::string things(std::size_t n, std::string_view kind) {
  return n == 1 ? fmt::format("One {} thing", kind) : fmt::format("{} {} things", number_words(n), kind);
}

Verdict of_diagnosis(const Diagnosis& diagnosis) {
  const std::string sure = sure_words(diagnosis.confidence);
  switch (diagnosis.verdict) {
    case SweepVerdict::cause_found: {
      const EntryKind kind = diagnosis.entry ? diagnosis.entry->kind : EntryKind::unknown;
      return {Tone::act,
              "Found: what did the harm, and how it came in.",
              fmt::format("The way in was {}; {}.", entry_words(kind), sure),
              {}};
    }
    case SweepVerdict::harm_found:
      return {Tone::act,
              "Found: what does the harm. Not known yet: how it came in.",
              fmt::format("How sure: {}. Until the way in is closed, it can come back.", sure),
              {}};
    case SweepVerdict::nothing_found:
      return {Tone::careful,
              "Nothing was found that explains the report.",
              "That is no proof that nothing happened: treat the server as if somebody had been in it.",
              {}};
    case SweepVerdict::not_this_server:
      return {Tone::good,
              "What was reported was most likely not done by this server.",
              fmt::format("How sure: {}. The grounds are below; tell them to the abuse desk in the ticket.", sure),
              {}};
    case SweepVerdict::rebuild:
      return {Tone::act,
              "This server cannot be trusted any more: set it up anew.",
              "What the system itself stands on was changed, so that no check from inside can be believed. Save your "
              "data, set up a fresh server, bring back data and no programs.",
              {}};
  }
  return {};
}

Verdict of_findings(const Outcome& outcome) {
  const auto [malicious, suspicious, weak, notes] = count_severities(outcome.findings);
  static_cast<void>(notes);
  if (malicious > 0)
    return {Tone::act,
            fmt::format("{} found.", things(malicious, "malicious")),
            "Most likely somebody else has been at work here. It happens to many servers, and it can be put right.",
            {}};
  if (suspicious > 0)
    return {Tone::careful,
            fmt::format("Nothing malicious found; {} for you to look at.",
                        suspicious == 1 ? "one thing" : number_words(suspicious) + " things"),
            "You know best whether it is yours.",
            {}};
  if (!outcome.seen_enough)
    return {Tone::careful, "Nothing found, but too little could be looked at to say that all is well.", "", {}};
  if (weak > 0)
    return {Tone::careful,
            fmt::format("Nothing malicious found; {} to close.",
                        weak == 1 ? "one open door" : number_words(weak) + " open doors"),
            "Nobody may have used it yet.",
            {}};
  return {Tone::good, "Nothing malicious found.", "", {}};
}

std::string root_option(const Outcome& outcome) {
  return outcome.live || outcome.root == "/" ? "" : " --root " + outcome.root;
}

std::vector<std::string> next_steps(const Outcome& outcome) {
  const bool has_plan = outcome.plan && !outcome.plan->actions.empty();
  if (outcome.diagnosis && !outcome.diagnosis->next_steps.empty() && !has_plan) return outcome.diagnosis->next_steps;
  std::vector<std::string> next;
  const auto [malicious, suspicious, weak, notes] = count_severities(outcome.findings);
  static_cast<void>(notes);
  const std::string root = root_option(outcome);
  if (outcome.ended_early) next.push_back("The sweep was interrupted: run it again to the end.");
  if (has_plan) {
    next.push_back(
        "Go through the plan from its beginning: each action says what users will notice, how it is taken back, and "
        "what "
        "proves that it worked.");
    if (outcome.diagnosis)
      for (const std::string& step : outcome.diagnosis->next_steps)
        if (!step.contains("abate plan")) next.push_back(step);  // it is here already
    return next;
  }
  if (malicious > 0) {
    next.push_back("Leave what was found where it is for now: it is evidence, and shows how it came in.");
    next.push_back(fmt::format("See what would be changed, and how it is undone: abate plan --ticket TICKET{}", root));
  }
  if (suspicious > 0) next.push_back("Look at what is marked suspicious. abate explain NAME tells more about each.");
  if (weak > 0) next.push_back("Close the open doors. abate explain NAME says why each matters, and what to do.");
  if (!outcome.seen_enough)
    next.push_back(outcome.live
                       ? "Run it again as root (with sudo), so that it can read everything."
                       : "Check that --root names the folder where the whole disk is mounted, and run it as root.");
  if (next.empty() && outcome.diagnosis && outcome.diagnosis->verdict == SweepVerdict::not_this_server)
    next.push_back("Write the grounds into the ticket, so that the desk can look for the right server.");
  if (next.empty()) {
    next.push_back(outcome.ticket.empty()
                       ? "Nothing has to be done now. Keep the system up to date."
                       : "Ask for the cause in the light of the ticket: abate diagnose --ticket TICKET");
  }
  return next;
}

}  // namespace

Verdict verdict_of(const Outcome& outcome) {
  Verdict verdict = outcome.diagnosis ? of_diagnosis(*outcome.diagnosis) : of_findings(outcome);
  if (outcome.ended_early)
    verdict.more += std::string{verdict.more.empty() ? "" : " "} + "The sweep was interrupted: this is a part.";
  verdict.next = next_steps(outcome);
  return verdict;
}

}  // namespace abate::report
