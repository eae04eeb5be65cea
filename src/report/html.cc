// SPDX-License-Identifier: Apache-2.0
#include "report/html.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "report/html_page.h"
#include "report/html_style.h"
#include "report/timeline_svg.h"
#include "report/words.h"

namespace abate::report {
namespace {

constexpr std::size_t kPlacesOpenMax = 10;  // more are folded away
constexpr std::size_t kUnseenMax = 500;     // of one reason
constexpr PictureSize kWidePicture{.width = 960, .cuts_max = 4, .titles_beside = true};
constexpr PictureSize kNarrowPicture{.width = 350, .cuts_max = 2, .titles_beside = false};

std::string_view tone_class(Verdict::Tone tone) {
  switch (tone) {
    case Verdict::Tone::act: return "verdict act";
    case Verdict::Tone::careful: return "verdict careful";
    case Verdict::Tone::good: return "verdict";
  }
  return "verdict";
}

class Writer {
 public:
  explicit Writer(const Outcome& outcome) : outcome_{outcome}, verdict_{verdict_of(outcome)} {}

  std::string write() {
    page_.markup("<!DOCTYPE html>\n").open("html", {{"lang", "en"}});
    put_head();
    page_.open("body").leaf("a", {{"class", "skip"}, {"href", "#next"}}, "To what to do next");
    put_top();
    page_.open("main", {{"class", "wide"}});
    put_next();
    if (outcome_.diagnosis) put_diagnosis(*outcome_.diagnosis);
    if (shows_plan()) put_plan(*outcome_.plan);
    put_findings();
    put_not_examined();
    put_figures();
    page_.close();
    put_foot();
    page_.close().close();
    return page_.take();
  }

 private:
  // "Nothing" is worth a heading only where something was to be expected.
  [[nodiscard]] bool shows_plan() const {
    return outcome_.plan && (!outcome_.plan->actions.empty() || !outcome_.plan->warnings.empty() ||
                             verdict_of(outcome_).tone == Verdict::Tone::act);
  }
  void put_head() {
    const std::string hash = base64_encode(from_hex(sha256_hex(kStyle.text())).value_or(""));
    page_.open("head").markup("<meta charset=\"utf-8\">\n");
    page_.lone("meta",
               {{"http-equiv", "Content-Security-Policy"},
                {"content",
                 fmt::format("default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'", hash)}});
    page_.markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page_.markup("<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n");
    page_.leaf("title", fmt::format("{} · Abate", name_of_server()));
    page_.open("style").markup(kStyle).close().close();
  }

  [[nodiscard]] std::string name_of_server() const {
    if (!outcome_.host_name.empty()) return outcome_.host_name;
    return outcome_.live ? "This server" : outcome_.root;
  }

  void put_top() {
    page_.open("header").open("div", {{"class", "wide"}});
    page_.open("p", {{"class", "brand"}}).leaf("strong", "Abate").text(" · sweep of ").leaf("strong", name_of_server());
    if (!outcome_.ticket.empty()) page_.text(" · ticket " + outcome_.ticket);
    page_.text(" · " + format_for_people(outcome_.finished_at)).close();
    page_.open("div", {{"class", std::string{tone_class(verdict_.tone)}}}).leaf("h1", verdict_.headline);
    if (!verdict_.more.empty()) page_.leaf("p", verdict_.more);
    page_.close();
    put_tally();
    put_contents();
    page_.close().close();
  }

  void put_tally() {
    const auto counts = count_severities(outcome_.findings);
    page_.open("ul", {{"class", "tally"}});
    for (std::size_t i = 0; i < kSeverities; ++i) {
      const Severity severity = kWorstFirst.at(i);
      page_.open("li", {{"class", counts.at(i) == 0 ? "none" : std::string{severity_name(severity)}}});
      page_.leaf("span", {{"class", "number"}}, number_words(counts.at(i)));
      page_.text(fmt::format("{}{}", severity_label(severity),
                             counts.at(i) != 1 && severity >= Severity::suspicious ? ""
                             : counts.at(i) == 1                                   ? ""
                                                                                   : "s"));
      page_.leaf("small", severity_meaning(severity)).close();
    }
    page_.close();
  }

  void put_contents() {
    page_.open("nav", {{"aria-label", "On this page"}}).open("ul");
    const auto item = [this](std::string_view id, std::string_view title) {
      page_.open("li").leaf("a", {{"href", "#" + std::string{id}}}, title).close();
    };
    item("next", "What to do next");
    if (outcome_.diagnosis) item("happened", "What happened");
    if (shows_plan()) item("plan", "What would be changed");
    item("found", "What was found");
    item("unseen", "What was not examined");
    item("sweep", "About this sweep");
    page_.close().close();
  }

  // A section with its heading; closed by the caller.
  void open_section(const std::string& id, std::string_view title) {
    page_.open("section", {{"id", id}, {"aria-labelledby", id + "-title"}});
    page_.leaf("h2", {{"id", id + "-title"}}, title);
  }

  void put_next() {
    open_section("next", "What to do next");
    page_.open("div", {{"class", "card next"}}).open("ol");
    for (const std::string& step : verdict_.next) page_.leaf("li", step);
    page_.close().close().close();
  }

  void put_list(std::string_view title, const std::vector<std::string>& items) {
    if (items.empty()) return;
    page_.leaf("h3", title).open("ul");
    for (const std::string& item : items) page_.leaf("li", item);
    page_.close();
  }

  void put_diagnosis(const Diagnosis& diagnosis) {
    open_section("happened", "What happened");
    if (diagnosis.cause.empty() && diagnosis.verdict == SweepVerdict::not_this_server) {
      page_.leaf("p", "Nothing of what was reported, as far as this server's own records tell.");
    } else if (diagnosis.cause.empty()) {
      page_.leaf("p", diagnosis.entry && !diagnosis.entry->says.empty()
                          ? diagnosis.entry->says
                          : "No chain of events could be put together from what was found.");
    } else {
      page_.open("div", {{"class", "card"}}).open("ol", {{"class", "story"}});
      for (const CauseStep& step : diagnosis.cause) put_step(step);
      page_.close().close();
    }
    put_picture("The same over time. Pauses are cut out and named.");
    put_events(diagnosis);
    if (!diagnosis.intruders.empty()) {
      page_.open("p").text("Addresses of the intruder: ");
      for (std::size_t i = 0; i < diagnosis.intruders.size(); ++i)
        page_.text(i == 0 ? "" : ", ").leaf("code", diagnosis.intruders[i]);
      page_.close();
    }
    put_list("Why we think so", diagnosis.grounds);
    if (!diagnosis.rivals.empty()) {
      page_.leaf("h3", "It might also have been").open("ul");
      for (const Rival& rival : diagnosis.rivals)
        page_.open("li")
            .text(rival.says.empty() ? entry_words(rival.kind) : rival.says)
            .text(" ")
            .leaf("span", {{"class", "soft"}}, sure_words(rival.confidence))
            .close();
      page_.close();
    }
    page_.close();
  }

  void put_step(const CauseStep& step) {
    page_.open("li", {{"class", std::string{step_name(step.step)}}}).leaf("h3", step_title(step.step));
    page_.leaf("span", {{"class", "when"}}, step.at ? short_time(*step.at) : "time not known");
    page_.leaf("p", step.says);
    if (!step.reasons.empty() || !step.finding.empty()) {
      page_.open("p", {{"class", "reasons"}});
      for (std::size_t i = 0; i < step.reasons.size(); ++i) page_.text((i == 0 ? "Because " : "; ") + step.reasons[i]);
      if (!step.reasons.empty()) page_.text(". ");
      if (find_finding(outcome_, step.finding) != nullptr)
        page_.leaf("a", {{"href", "#" + step.finding}}, "The finding and its evidence");
      page_.close();
    }
    page_.close();
  }

  void put_picture(std::string_view caption) {
    const std::vector<Lane> lanes = lanes_of(outcome_);
    if (lanes.empty()) return;
    page_.open("figure", {{"class", "card"}}).leaf("figcaption", caption);
    put_timeline(page_, lanes, kWidePicture, "only-wide");
    put_timeline(page_, lanes, kNarrowPicture, "only-narrow");
    page_.close();
  }

  void put_events(const Diagnosis& diagnosis) {
    if (diagnosis.timeline.empty()) return;
    page_.open("details").leaf("summary", fmt::format("All {} as a list", counted(diagnosis.timeline.size(), "event")));
    page_.open("ol", {{"class", "events"}});
    for (const TimelineRow& row : diagnosis.timeline) {
      page_.open("li");
      put_time(row.at);
      if (row.intruder) page_.leaf("span", {{"class", "intruder"}}, "intruder ").text(" ");
      page_.text(row.says + " ");
      if (!row.source.empty()) page_.leaf("code", row.source);
      page_.close();
    }
    page_.close().close();
  }

  void put_time(const std::optional<Instant>& at) {
    if (at)
      page_.leaf("time", {{"datetime", format_rfc3339(*at)}}, short_time(*at));
    else
      page_.leaf("time", "time not known");
  }

  void put_plan(const Plan& plan) {
    open_section("plan", "What would be changed");
    page_.leaf("p",
               "Nothing has been changed. Each action says what users will notice, how it is taken back, and what "
               "shows that it "
               "worked.");
    for (const std::string& warning : plan.warnings) page_.leaf("p", {{"class", "warning"}}, warning);
    for (std::size_t i = 0; i < plan.actions.size(); ++i) {
      const Action& action = plan.actions[i];
      page_.open("div", {{"class", "card"}}).leaf("h3", fmt::format("{}. {}", i + 1, action_words(action)));
      page_.open("p").leaf("code", subject_words(action.subject)).close();
      if (!action.why.empty()) page_.leaf("p", action.why);
      page_.open("dl");
      put_field("Effect", action.effect);
      put_field("Risk", action.risk);
      put_field("Undo", action.undo);
      put_field("Proof", action.proof);
      const std::string words = requirement_words(action.requirement);
      put_field("For", words.empty() ? action.requirement : fmt::format("{} ({})", words, action.requirement));
      put_field("Advice", action.is_default ? "recommended" : "only if it suits you");
      page_.close().leaf("p", {{"class", "meta"}}, action.id).close();
    }
    if (plan.actions.empty()) page_.leaf("p", "Nothing.");
    page_.close();
  }

  void put_field(std::string_view name, std::string_view text) {
    if (!text.empty()) page_.leaf("dt", name).leaf("dd", text);
  }

  void put_findings() {
    open_section("found", "What was found");
    if (outcome_.findings.empty()) page_.leaf("p", "Nothing.");
    if (!outcome_.diagnosis) put_picture("When it happened, as far as that is known. Pauses are cut out and named.");
    for (const AreaGroups& area : group_findings(outcome_.findings)) {
      page_.leaf("h3", area_title(area.area));
      for (const Group& group : area.groups) put_group(group);
    }
    page_.close();
  }

  void put_group(const Group& group) {
    page_.open("div", {{"class", "card"}}).open("h4");
    page_.leaf("span", {{"class", "pill " + std::string{severity_name(group.severity)}}},
               severity_label(group.severity));
    page_.text(fmt::format(" {} ", title_of(outcome_, group.detector))).leaf("code", group.detector).close();
    const auto manual = outcome_.manuals.find(group.detector);
    if (manual != outcome_.manuals.end()) put_paragraphs(manual->second.explain);
    page_.open("ul", {{"class", "places"}});
    const std::size_t open = std::min(group.findings.size(), kPlacesOpenMax);
    for (std::size_t i = 0; i < open; ++i) put_finding(*group.findings[i]);
    page_.close();
    if (group.findings.size() > open) {
      page_.open("details").leaf("summary", fmt::format("{} more like these", group.findings.size() - open));
      page_.open("ul", {{"class", "places"}});
      for (std::size_t i = open; i < group.findings.size(); ++i) put_finding(*group.findings[i]);
      page_.close().close();
    }
    page_.close();
  }

  void put_paragraphs(std::string text) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find("\n\n", at), text.size());
      std::string paragraph = text.substr(at, end - at);
      std::ranges::replace(paragraph, '\n', ' ');
      if (!trim(paragraph).empty()) page_.leaf("p", trim(paragraph));
      at = end + 2;
    }
  }

  void put_finding(const Finding& finding) {
    page_.open("li", {{"id", finding.id}}).leaf("code", subject_words(finding.subject));
    if (finding.why != title_of(outcome_, finding.detector)) page_.leaf("p", finding.why);
    page_.open("p", {{"class", "meta"}});
    if (finding.at) put_time(finding.at);
    page_.text(fmt::format("{}{}", finding.at ? " · " : "", finding.id)).close();
    if (!finding.leads.empty()) {
      page_.open("p").leaf("strong", "Answers the ticket:").text(" ");
      for (std::size_t i = 0; i < finding.leads.size(); ++i)
        page_.text(i == 0 ? "" : ", ").leaf("code", finding.leads[i]);
      page_.close();
    }
    if (!finding.evidence.empty() || !finding.subject.sha256.empty()) put_evidence(finding);
    page_.close();
  }

  void put_evidence(const Finding& finding) {
    page_.open("details").leaf("summary", "Evidence").open("ul", {{"class", "excerpts"}});
    for (const std::string& excerpt : finding.evidence)
      page_.open("li").leaf("span", {{"class", "excerpt"}}, excerpt_words(finding, excerpt)).close();
    if (!finding.subject.sha256.empty())
      page_.open("li").leaf("span", {{"class", "excerpt"}}, "SHA-256 " + finding.subject.sha256).close();
    page_.close().close();
  }

  void put_not_examined() {
    open_section("unseen", "What was not examined");
    const std::vector<Unseen> unseen = group_unseen(outcome_);
    if (unseen.empty()) page_.leaf("p", "Nothing was left out.");
    if (!unseen.empty()) page_.leaf("p", "Where this report says nothing about the following, it does not know.");
    for (const Unseen& one : unseen) {
      page_.open("details")
          .leaf("summary", fmt::format("{}: {}", counted(one.what.size(), "thing"), one.why))
          .open("ul");
      for (std::size_t i = 0; i < std::min(one.what.size(), kUnseenMax); ++i)
        page_.open("li").leaf("code", one.what[i]).close();
      page_.close();
      if (one.what.size() > kUnseenMax)
        page_.leaf("p", fmt::format("and {} more", number_words(one.what.size() - kUnseenMax)));
      page_.close();
    }
    page_.close();
  }

  void put_figures() {
    open_section("sweep", "About this sweep");
    page_.open("dl");
    put_field("Server", name_of_server());
    put_field("System", outcome_.os);
    put_field("Looked at", outcome_.live ? "the running server" : "the disk mounted at " + outcome_.root);
    put_field("Begun", short_time(outcome_.started_at));
    put_field("Took", seconds_words(outcome_.wall_seconds));
    put_field("Files", fmt::format("{}, {} read", counted(outcome_.files, "file"), size_words(outcome_.bytes)));
    put_field("Log lines", number_words(outcome_.log_lines));
    put_field("Memory", size_words(outcome_.peak_memory_bytes));
    page_.close().close();
  }

  void put_foot() {
    page_.open("footer").open("div", {{"class", "wide"}});
    page_.leaf(
        "p",
        "Made by abate on the server itself. The sweep changed nothing, ran nothing that it found, and sent nothing "
        "anywhere. abate explain NAME tells more about each kind of finding.");
    page_.close().close();
  }

  const Outcome& outcome_;
  Verdict verdict_;
  HtmlPage page_;
};

}  // namespace

std::string html_page(const Outcome& outcome) { return Writer{outcome}.write(); }

}  // namespace abate::report
