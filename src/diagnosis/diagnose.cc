// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/diagnose.h"

#include <algorithm>
#include <set>

namespace abate::diagnosis {
namespace {

constexpr double kRivalGap = 0.15;
constexpr double kCauseMin = 0.5;
constexpr std::size_t kTimelineMax = 200;

// What the rest of the machine stands on: when it was changed, nothing else can be believed.
constexpr std::string_view kGround[] = {
    "ld_so_preload",  "program_file_changed", "module_of_no_package", "pam_module_of_no_package",
    "hidden_process", "hidden_socket",        "hidden_module"};

bool shakes_the_ground(const Finding& finding) {
  return finding.severity == Severity::malicious && std::ranges::find(kGround, finding.detector) != std::end(kGround);
}

const Story* best_of(const std::vector<Story>& stories) {
  const auto best = std::ranges::max_element(stories, {}, &Story::weight);
  return best == stories.end() ? nullptr : &*best;
}

void add_rivals(const std::vector<Story>& stories, const Story& best, Diagnosis& diagnosis) {
  for (const Story& story : stories)
    if (&story != &best && story.weight >= best.weight - kRivalGap && story.kind != best.kind &&
        diagnosis.rivals.size() < 3)
      diagnosis.rivals.push_back({story.kind, story.weight, story.entry.says});
}

// Everything with a time, from findings and from what the intruders did, in one order.
void add_timeline(const std::vector<Finding>& findings, const Trail& trail, Diagnosis& diagnosis) {
  const std::set<std::string> intruders{diagnosis.intruders.begin(), diagnosis.intruders.end()};
  const auto in_cause = [&](const Finding& finding) {
    return std::ranges::any_of(diagnosis.cause, [&](const CauseStep& step) { return step.finding == finding.id; });
  };
  for (const Finding& finding : findings)
    if (finding.at && finding.severity >= Severity::suspicious)
      diagnosis.timeline.push_back({finding.at, finding.why,
                                    finding.subject.path.empty() ? finding.subject.name : finding.subject.path,
                                    finding.severity == Severity::malicious || in_cause(finding)});
  for (const Seen& seen : trail.seen()) {
    if (!seen.at || !seen.client || !intruders.contains(seen.client->to_string())) continue;
    diagnosis.timeline.push_back({seen.at, seen.message, seen.source, true});
  }
  std::ranges::stable_sort(diagnosis.timeline,
                           [](const TimelineRow& a, const TimelineRow& b) { return *a.at < *b.at; });
  if (diagnosis.timeline.size() > kTimelineMax) diagnosis.timeline.resize(kTimelineMax);
}

bool is_harm(const Finding& finding) {
  return finding.severity == Severity::malicious ||
         (finding.severity >= Severity::suspicious && !finding.leads.empty());
}

}  // namespace

Diagnosis diagnose(const sweep::Host& host, std::vector<Finding>& findings, const Trail& trail) {
  Diagnosis diagnosis;
  diagnosis.ticket = host.ticket.ticket;
  std::vector<Story> told;
  {
    const Scene scene{host, findings, trail};
    for (const StoryKind* kind : stories()) kind->tell(scene, told);
  }
  for (Story& story : told) {
    // A chain whose end answers the ticket's own words is better than one that ends elsewhere.
    for (const CauseStep& step : story.cause)
      if (step.step == Step::harm && std::ranges::any_of(findings, [&](const Finding& finding) {
            return finding.id == step.finding && !finding.leads.empty();
          })) {
        story.weight = std::min(0.97, story.weight + 0.05);
        break;
      }
    order(story.cause);
  }
  const bool bad = std::ranges::any_of(findings, is_harm);
  const bool ground = std::ranges::any_of(findings, shakes_the_ground);
  const Story* best = best_of(told);
  const std::vector<std::string> elsewhere = bad ? std::vector<std::string>{} : not_this_server(host, findings);
  if (!elsewhere.empty()) {
    diagnosis.verdict = SweepVerdict::not_this_server;
    diagnosis.confidence = 0.9;
    diagnosis.grounds = elsewhere;
  } else if (best != nullptr && best->weight >= kCauseMin) {
    diagnosis.verdict = ground ? SweepVerdict::rebuild : SweepVerdict::cause_found;
    diagnosis.confidence = best->weight;
    diagnosis.entry = best->entry;
    diagnosis.cause = best->cause;
    diagnosis.grounds = best->grounds;
    diagnosis.intruders = best->intruders;
    add_rivals(told, *best, diagnosis);
    if (!best->made.id.empty()) findings.push_back(best->made);
  } else if (bad) {
    diagnosis.verdict = ground ? SweepVerdict::rebuild : SweepVerdict::harm_found;
    // Without a way in, only what was found speaks: more where it is what the ticket is about.
    const bool is_reported = std::ranges::any_of(
        findings, [](const Finding& finding) { return is_harm(finding) && !finding.leads.empty(); });
    diagnosis.confidence = ground ? 0.7 : is_reported ? 0.6 : 0.5;
    diagnosis.entry = WayIn{.kind = EntryKind::unknown, .says = "The logs do not tell how it came in"};
    for (const Finding& finding : findings)
      if (is_harm(finding) && diagnosis.cause.size() < 20)
        diagnosis.cause.push_back(step_of(comes_back(finding) ? Step::persistence : Step::harm, finding));
    order(diagnosis.cause);
  } else {
    diagnosis.verdict = SweepVerdict::nothing_found;
    diagnosis.confidence = 0.5;
  }
  if (ground)
    diagnosis.grounds.emplace_back("programs or libraries that the whole system stands on are not what was installed");
  if (trail.is_cut())
    diagnosis.grounds.emplace_back("the logs hold more of these addresses than was kept; the earliest lines were");
  add_timeline(findings, trail, diagnosis);
  diagnosis.next_steps = next_steps(host, diagnosis);
  return diagnosis;
}

}  // namespace abate::diagnosis
