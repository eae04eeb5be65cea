// SPDX-License-Identifier: Apache-2.0
#include "wire/sweep_json.h"

#include <algorithm>
#include <set>

#include <boost/json/array.hpp>

#include "base/text.h"

namespace abate::wire {

namespace json = boost::json;

namespace {

json::value time_json(const std::optional<Instant>& at) {
  return at ? json::value(format_rfc3339(*at)) : json::value(nullptr);
}

// Our own sentences may quote names of the server: made as safe as an excerpt.
json::string said(std::string_view text) { return json::string(shown_text(text, 4096)); }

json::array said_all(const std::vector<std::string>& texts) {
  json::array out;
  for (const std::string& text : texts) out.emplace_back(said(text));
  return out;
}

json::object subject_json(const Subject& subject) {
  json::object form;
  form["kind"] = json::string(subject_kind_name(subject.kind));
  if (!subject.path.empty()) form["path"] = shown_name(subject.path);
  if (!subject.name.empty()) form["name"] = shown_name(subject.name);
  if (subject.line != 0) form["line"] = subject.line;
  if (!subject.sha256.empty()) form["sha256"] = subject.sha256;
  if (subject.pid != 0) form["pid"] = subject.pid;
  if (subject.port != 0) form["port"] = subject.port;
  if (!subject.address.empty()) form["address"] = shown_name(subject.address);
  if (!subject.protocol.empty()) form["protocol"] = shown_name(subject.protocol);
  return form;
}

json::array named_findings(const std::set<std::string_view>& ids, const std::vector<Finding>& findings) {
  json::array out;
  for (const Finding& finding : findings)
    if (ids.contains(finding.id)) out.emplace_back(finding_json(finding));
  return out;
}

json::array expected_json(const Action& action) {
  json::array out;
  for (const auto& [path, hash] : action.expected)
    out.push_back({{"path", shown_name(path)}, {"sha256", hash.empty() ? json::value(nullptr) : json::value(hash)}});
  return out;
}

json::object entry_json(const WayIn& entry) {
  json::object form;
  form["kind"] = json::string(entry_kind_name(entry.kind));
  form["subject"] = subject_json(entry.subject);
  form["from"] = entry.from.empty() ? json::value(nullptr) : json::value(shown_name(entry.from));
  form["at"] = time_json(entry.at);
  form["says"] = said(entry.says);
  return form;
}

}  // namespace

json::object finding_json(const Finding& finding) {
  json::object form;
  form["id"] = finding.id;
  form["detector"] = shown_name(finding.detector);
  form["area"] = json::string(area_name(finding.area));
  form["severity"] = json::string(severity_name(finding.severity));
  form["subject"] = subject_json(finding.subject);
  form["at"] = time_json(finding.at);
  form["why"] = said(finding.why);
  form["evidence"] = said_all(finding.evidence);
  form["leads"] = said_all(finding.leads);
  return form;
}

json::object sweep_json(const SweepForm& sweep) {
  json::object form;
  form["schema"] = "abate.sweep/1";
  form["root"] = shown_name(sweep.root);
  form["live"] = sweep.live;
  form["host"] = {{"os", shown_name(sweep.os)}, {"machine_id", shown_name(sweep.machine_id)}};
  form["started_at"] = format_rfc3339(sweep.started_at);
  form["finished_at"] = format_rfc3339(sweep.finished_at);
  json::array findings;
  for (const Finding& finding : sweep.findings) findings.emplace_back(finding_json(finding));
  form["findings"] = std::move(findings);
  json::array not_examined;
  for (const auto& [what, why] : sweep.not_examined)
    not_examined.push_back({{"what", shown_name(what)}, {"why", said(why)}});
  form["not_examined"] = std::move(not_examined);
  form["stats"] = {{"files", sweep.files},
                   {"bytes", sweep.bytes},
                   {"log_lines", sweep.log_lines},
                   {"wall_seconds", sweep.wall_seconds},
                   {"peak_memory_bytes", sweep.peak_memory_bytes}};
  return form;
}

json::object diagnosis_json(const Diagnosis& diagnosis, const std::vector<Finding>& findings) {
  json::object form;
  form["schema"] = "abate.diagnosis/1";
  form["ticket"] = diagnosis.ticket.empty() ? json::value(nullptr) : json::value(shown_name(diagnosis.ticket));
  form["verdict"] = json::string(sweep_verdict_name(diagnosis.verdict));
  form["confidence"] = diagnosis.confidence;
  form["entry"] = diagnosis.entry ? json::value(entry_json(*diagnosis.entry)) : json::value(nullptr);
  std::set<std::string_view> ids;
  json::array cause;
  for (const CauseStep& step : diagnosis.cause) {
    if (!step.finding.empty()) ids.insert(step.finding);
    cause.push_back({{"step", step_name(step.step)},
                     {"finding", step.finding.empty() ? json::value(nullptr) : json::value(step.finding)},
                     {"at", time_json(step.at)},
                     {"says", said(step.says)},
                     {"reasons", said_all(step.reasons)}});
  }
  form["cause"] = std::move(cause);
  json::array timeline;
  for (const TimelineRow& row : diagnosis.timeline)
    timeline.push_back({{"at", time_json(row.at)},
                        {"says", said(row.says)},
                        {"source", said(row.source)},
                        {"intruder", row.intruder}});
  form["timeline"] = std::move(timeline);
  form["intruders"] = said_all(diagnosis.intruders);
  json::array rivals;
  for (const Rival& rival : diagnosis.rivals)
    rivals.push_back(
        {{"kind", entry_kind_name(rival.kind)}, {"confidence", rival.confidence}, {"says", said(rival.says)}});
  form["rivals"] = std::move(rivals);
  form["grounds"] = said_all(diagnosis.grounds);
  form["next_steps"] = said_all(diagnosis.next_steps);
  form["findings"] = named_findings(ids, findings);
  return form;
}

json::object plan_json(const Plan& plan, const std::vector<Finding>& findings) {
  json::object form;
  form["schema"] = "abate.plan/1";
  form["ticket"] = plan.ticket.empty() ? json::value(nullptr) : json::value(shown_name(plan.ticket));
  form["root"] = shown_name(plan.root);
  form["made_at"] = format_rfc3339(plan.made_at);
  std::set<std::string_view> ids;
  json::array actions;
  for (const Action& action : plan.actions) {
    json::array named;
    for (const std::string& id : action.findings) {
      ids.insert(id);
      named.emplace_back(id);
    }
    actions.push_back({{"id", shown_name(action.id)},
                       {"kind", shown_name(action.kind)},
                       {"requirement", shown_name(action.requirement)},
                       {"subject", subject_json(action.subject)},
                       {"findings", std::move(named)},
                       {"why", said(action.why)},
                       {"effect", said(action.effect)},
                       {"risk", said(action.risk)},
                       {"undo", said(action.undo)},
                       {"proof", said(action.proof)},
                       {"default", action.is_default},
                       {"changes", said_all(action.changes)},
                       {"by_hand", action.by_hand.empty() ? json::value(nullptr) : json::value(said(action.by_hand))},
                       {"expects", expected_json(action)}});
    if (!action.title.empty()) actions.back().get_object()["title"] = said(action.title);
  }
  form["actions"] = std::move(actions);
  form["warnings"] = said_all(plan.warnings);
  form["findings"] = named_findings(ids, findings);
  return form;
}

json::object plan_json(const Plan& plan, const Diagnosis& diagnosis, const std::vector<Finding>& findings) {
  json::object form = plan_json(plan, findings);
  form["diagnosis"] = diagnosis_json(diagnosis, findings);
  return form;
}

}  // namespace abate::wire
