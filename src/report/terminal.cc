// SPDX-License-Identifier: Apache-2.0
#include "report/terminal.h"

#include <algorithm>

#include "report/words.h"

namespace abate::report {
namespace {

constexpr std::size_t kPlacesShownMax = 5;    // of one kind, without --verbose
constexpr std::size_t kEvidenceShownMax = 3;  // of one finding, likewise
constexpr unsigned kExcerptLinesMax = 3;
constexpr std::size_t kUnseenShownMax = 3;
constexpr std::size_t kTimelineShownMax = 12;
constexpr std::size_t kMeaningBytesMax = 240;

struct Mark {
  std::string_view sign;
  Ink ink;
};
Mark mark_of(Severity severity) {
  switch (severity) {
    case Severity::malicious: return {"✖", Ink::alarm};
    case Severity::suspicious: return {"▲", Ink::warning};
    case Severity::weak: return {"○", Ink::door};
    case Severity::note: return {"·", Ink::faint};
  }
  return {"·", Ink::plain};
}

class Printer {
 public:
  Printer(const Outcome& outcome, const TerminalLook& look) : outcome_{outcome}, look_{look}, canvas_{look} {}

  std::string print() {
    const Verdict verdict = verdict_of(outcome_);
    put_headline(verdict);
    if (outcome_.diagnosis) put_diagnosis(*outcome_.diagnosis);
    if (shows_plan()) put_plan(*outcome_.plan);
    put_findings();
    put_not_examined();
    put_figures();
    put_next(verdict);
    return canvas_.take();
  }

 private:
  // "Nothing" is worth a heading only where something was to be expected.
  [[nodiscard]] bool shows_plan() const {
    return outcome_.plan && (!outcome_.plan->actions.empty() || !outcome_.plan->warnings.empty() ||
                             verdict_of(outcome_).tone == Verdict::Tone::act);
  }
  [[nodiscard]] bool is_short() const { return (outcome_.diagnosis || outcome_.plan) && !look_.verbose; }

  void put_headline(const Verdict& verdict) {
    const std::string where = outcome_.live ? std::string{"the running server"} : outcome_.root;
    std::string line = outcome_.host_name.empty() ? where : fmt::format("{} ({})", outcome_.host_name, where);
    if (!outcome_.os.empty()) line += ", " + outcome_.os;
    line += ", " + short_time(outcome_.finished_at);
    if (!outcome_.ticket.empty()) line += ", for ticket " + outcome_.ticket;
    canvas_.paragraph(0, line, Ink::faint);
    canvas_.blank();
    const Ink ink = verdict.tone == Verdict::Tone::act       ? Ink::alarm
                    : verdict.tone == Verdict::Tone::careful ? Ink::warning
                                                             : Ink::good;
    canvas_.begin(2, 4);
    canvas_.put(verdict.tone == Verdict::Tone::act ? "✖ " : verdict.tone == Verdict::Tone::careful ? "▲ " : "✔ ", ink);
    canvas_.put(verdict.headline, Ink::strong);
    canvas_.end();
    if (!verdict.more.empty()) canvas_.paragraph(4, verdict.more);
    put_counts();
  }

  void put_counts() {
    const auto counts = count_severities(outcome_.findings);
    canvas_.begin(4);
    bool first = true;
    for (std::size_t i = 0; i < kSeverities; ++i) {
      if (counts.at(i) == 0) continue;
      const Severity severity = kWorstFirst.at(i);
      const bool plural = counts.at(i) != 1 && (severity == Severity::weak || severity == Severity::note);
      canvas_.put(fmt::format("{}{} {}{}", first ? "" : " · ", number_words(counts.at(i)), severity_label(severity),
                              plural ? "s" : ""),
                  mark_of(severity).ink);
      first = false;
    }
    if (!first) canvas_.end();
  }

  // A time in its own column, and beside it what was then.
  void put_timed(const std::optional<Instant>& at, std::string_view what, std::string_view says, Ink ink) {
    canvas_.begin(2, 4);
    canvas_.put(at ? short_time(*at) : std::string{"time not known"}, Ink::faint);
    canvas_.put("  ");
    if (!what.empty()) canvas_.put(fmt::format(" {}: ", what), ink);
    canvas_.put(says);
    canvas_.end();
  }

  void put_diagnosis(const Diagnosis& diagnosis) {
    if (diagnosis.verdict != SweepVerdict::not_this_server || !diagnosis.cause.empty()) put_story(diagnosis);
    put_list("Why we think so", diagnosis.grounds);
    if (!diagnosis.rivals.empty()) {
      canvas_.heading("It might also have been");
      for (const Rival& rival : diagnosis.rivals)
        put_item(fmt::format("{}: {}", sure_words(rival.confidence),
                             rival.says.empty() ? std::string{entry_words(rival.kind)} : rival.says));
    }
    if (look_.verbose || diagnosis.cause.empty()) put_timeline(diagnosis);
  }

  void put_story(const Diagnosis& diagnosis) {
    canvas_.heading("What happened");
    if (diagnosis.entry && !diagnosis.entry->says.empty() && diagnosis.cause.empty())
      put_timed(diagnosis.entry->at, step_title(Step::entry), diagnosis.entry->says, Ink::alarm);
    for (const CauseStep& step : diagnosis.cause) put_step(step);
    if (diagnosis.cause.empty() && !diagnosis.entry)
      canvas_.paragraph(2, "No chain of events could be put together from what was found.");
    canvas_.blank();
    if (!diagnosis.intruders.empty())
      canvas_.paragraph(2, "Addresses of the intruder: " + list_of(diagnosis.intruders, 6));
  }

  void put_step(const CauseStep& step) {
    if (step.step != outcome_.diagnosis->cause.front().step) canvas_.blank();
    canvas_.begin(2);
    canvas_.put(step_title(step.step), step.step == Step::entry || step.step == Step::harm ? Ink::alarm : Ink::strong);
    canvas_.put(step.at ? " · " + short_time(*step.at) : std::string{" · time not known"}, Ink::faint);
    canvas_.end();
    canvas_.paragraph(4, step.says);
    for (const std::string& reason : step.reasons) canvas_.paragraph(4, "because: " + reason, Ink::faint);
    const Finding* finding = find_finding(outcome_, step.finding);
    if (finding == nullptr) return;
    const bool is_said = !finding->subject.path.empty() && step.says.contains(finding->subject.path);
    canvas_.paragraph(4, fmt::format("see {} {}", finding->id, is_said ? "" : subject_words(finding->subject)),
                      Ink::faint);
    if (!finding->evidence.empty())
      canvas_.excerpt(4, excerpt_words(*finding, finding->evidence.front()), look_.verbose ? 6 : 2);
  }

  void put_timeline(const Diagnosis& diagnosis) {
    if (diagnosis.timeline.empty()) return;
    canvas_.heading("Timeline");
    const std::size_t most = look_.verbose ? diagnosis.timeline.size() : kTimelineShownMax;
    for (std::size_t i = 0; i < std::min(most, diagnosis.timeline.size()); ++i) {
      const TimelineRow& row = diagnosis.timeline[i];
      put_timed(row.at, row.intruder ? "intruder" : "", row.says + (row.source.empty() ? "" : "  [" + row.source + "]"),
                Ink::alarm);
    }
    if (diagnosis.timeline.size() > most)
      canvas_.paragraph(2, fmt::format("and {} more; --verbose shows all", diagnosis.timeline.size() - most),
                        Ink::faint);
  }

  void put_plan(const Plan& plan) {
    canvas_.heading("What would be changed");
    for (const std::string& warning : plan.warnings) {
      canvas_.begin(2, 4);
      canvas_.put("▲ ", Ink::warning);
      canvas_.put(warning, Ink::warning);
      canvas_.end();
    }
    if (plan.actions.empty()) canvas_.paragraph(2, "Nothing.");
    std::size_t number = 0;
    for (const Action& action : plan.actions) put_action(++number, action);
  }

  void put_action(std::size_t number, const Action& action) {
    if (number > 1) canvas_.blank();
    canvas_.begin(2, 5);
    canvas_.put(fmt::format("{}. ", number));
    canvas_.put(action_words(action), Ink::strong);
    const std::string what = subject_words(action.subject);
    if (!what.empty()) canvas_.put(": " + what);
    canvas_.end();
    put_field("Why", action.why);
    put_field("Effect", action.effect);
    put_field("Risk", action.risk);
    put_field("Undo", action.undo);
    put_field("Proof", action.proof);
    const std::string words = requirement_words(action.requirement);
    put_field("For", words.empty() ? action.requirement : fmt::format("{} ({})", words, action.requirement));
    canvas_.paragraph(5, fmt::format("{}  {}", action.id, action.is_default ? "recommended" : "only if it suits you"),
                      Ink::faint);
  }

  void put_field(std::string_view name, std::string_view text) {
    if (text.empty()) return;
    canvas_.begin(5, 7);
    canvas_.put(fmt::format("{}: ", name), Ink::faint);
    canvas_.put(text);
    canvas_.end();
  }

  void put_findings() {
    for (const AreaGroups& area : group_findings(outcome_.findings)) {
      const bool only_notes = area.groups.front().severity == Severity::note;
      if (only_notes && !look_.verbose) continue;
      canvas_.heading(area_title(area.area));
      bool first = true;
      for (const Group& group : area.groups) {
        if (group.severity == Severity::note && !look_.verbose) continue;
        if (!first && !is_short()) canvas_.blank();
        first = false;
        put_group(group);
      }
    }
    const std::size_t notes = count_severities(outcome_.findings).back();
    if (notes > 0 && !look_.verbose) {
      canvas_.blank();
      canvas_.paragraph(2,
                        fmt::format("· {}, nothing to do about {}; --verbose shows {}", counted(notes, "note"),
                                    notes == 1 ? "it" : "them", notes == 1 ? "it" : "them"),
                        Ink::faint);
    }
  }

  void put_group(const Group& group) {
    const Mark mark = mark_of(group.severity);
    canvas_.begin(2, 4);
    canvas_.put(fmt::format("{} {}", mark.sign, severity_label(group.severity)), mark.ink);
    canvas_.put("  ");
    canvas_.put(title_of(outcome_, group.detector), Ink::strong);
    if (group.findings.size() > 1) canvas_.put(fmt::format(" ({} places)", group.findings.size()), Ink::faint);
    canvas_.put(fmt::format("  {}", group.detector), Ink::faint);
    canvas_.end();
    if (!is_short()) put_meaning(group);
    const std::size_t most = look_.verbose ? group.findings.size() : kPlacesShownMax;
    for (std::size_t i = 0; i < std::min(most, group.findings.size()); ++i) put_finding(*group.findings[i]);
    if (group.findings.size() > most)
      canvas_.paragraph(4,
                        fmt::format("and {} more like {}; --verbose shows all", group.findings.size() - most,
                                    group.findings.size() - most == 1 ? "this" : "these"),
                        Ink::faint);
  }

  void put_meaning(const Group& group) {
    const auto manual = outcome_.manuals.find(group.detector);
    if (manual != outcome_.manuals.end() && group.severity != Severity::note)
      canvas_.paragraph(4, first_sentences(manual->second.explain, kMeaningBytesMax));
  }

  void put_finding(const Finding& finding) {
    canvas_.begin(4, 6);
    canvas_.put(subject_words(finding.subject), Ink::strong);
    if (finding.at) canvas_.put(" · " + short_time(*finding.at));
    canvas_.put(" · " + finding.id, Ink::faint);
    canvas_.end();
    if (is_short()) return;
    if (finding.why != title_of(outcome_, finding.detector)) canvas_.paragraph(6, finding.why);
    const std::size_t most = look_.verbose ? finding.evidence.size() : kEvidenceShownMax;
    for (std::size_t i = 0; i < std::min(most, finding.evidence.size()); ++i)
      canvas_.excerpt(6, excerpt_words(finding, finding.evidence[i]),
                      look_.verbose ? kExcerptLinesMax * 3 : kExcerptLinesMax);
    if (finding.evidence.size() > most)
      canvas_.paragraph(6, fmt::format("and {} of evidence", counted(finding.evidence.size() - most, "more line")),
                        Ink::faint);
    if (!finding.leads.empty()) {
      canvas_.begin(6, 8);
      canvas_.put("Answers the ticket: ", Ink::warning);
      canvas_.put(list_of(finding.leads, look_.verbose ? finding.leads.size() : 3));
      canvas_.end();
    }
  }

  void put_not_examined() {
    const std::vector<Unseen> unseen = group_unseen(outcome_);
    canvas_.blank();
    if (unseen.empty()) {
      canvas_.paragraph(0, "Not examined: nothing was left out.", Ink::faint);
      return;
    }
    if (look_.verbose) {
      canvas_.heading("Not examined");
      for (const Unseen& one : unseen) {
        canvas_.paragraph(2, std::string{one.why} + ":");
        for (const std::string_view what : one.what) canvas_.paragraph(4, what, Ink::faint);
      }
      return;
    }
    canvas_.begin(0, 2);
    canvas_.put(fmt::format("Not examined: {}.", counted(outcome_.not_examined.size(), "thing")));
    for (std::size_t i = 0; i < std::min(unseen.size(), kUnseenShownMax); ++i) {
      const Unseen& one = unseen[i];
      canvas_.put(fmt::format(
          " {}: {};", one.what.size() == 1 ? one_line(one.what[0], 40, look_.utf8) : number_words(one.what.size()),
          one_line(one.why, 60, look_.utf8)));
    }
    if (unseen.size() > kUnseenShownMax)
      canvas_.put(fmt::format(" {};", counted(unseen.size() - kUnseenShownMax, "more reason")));
    canvas_.put(" --verbose lists all.", Ink::faint);
    canvas_.end();
  }

  void put_figures() {
    canvas_.blank();
    canvas_.paragraph(0,
                      fmt::format("Looked at {}, read {} and {} in {}; {} of memory.", counted(outcome_.files, "file"),
                                  size_words(outcome_.bytes), counted(outcome_.log_lines, "log line"),
                                  seconds_words(outcome_.wall_seconds), size_words(outcome_.peak_memory_bytes)),
                      Ink::faint);
  }

  void put_next(const Verdict& verdict) { put_list("What to do next", verdict.next); }

  void put_list(std::string_view title, const std::vector<std::string>& items) {
    if (items.empty()) return;
    canvas_.heading(title);
    for (const std::string& item : items) put_item(item);
  }
  void put_item(std::string_view text) {
    canvas_.begin(2, 4);
    canvas_.put("– ");
    canvas_.put(text);
    canvas_.end();
  }

  static std::string list_of(const std::vector<std::string>& items, std::size_t most) {
    std::string out;
    for (std::size_t i = 0; i < std::min(items.size(), most); ++i) out += (i == 0 ? "" : ", ") + items[i];
    if (items.size() > most) out += fmt::format(" and {} more", items.size() - most);
    return out;
  }

  const Outcome& outcome_;
  TerminalLook look_;
  Canvas canvas_;
};

}  // namespace

std::string terminal_text(const Outcome& outcome, const TerminalLook& look) { return Printer{outcome, look}.print(); }

}  // namespace abate::report
