// SPDX-License-Identifier: Apache-2.0
#include "wire/plan_json.h"

#include <array>

#include <boost/json.hpp>

#include "base/hash.h"

namespace abate::wire {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& form, std::string_view name) {
  const json::value* value = form.if_contains(name);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : "";
}

std::uint32_t number_of(const json::object& form, std::string_view name) {
  const json::value* value = form.if_contains(name);
  if (value == nullptr || !value->is_number()) return 0;
  boost::system::error_code wrong;
  const auto number = value->to_number<std::uint32_t>(wrong);
  return wrong ? 0 : number;
}

const json::array& list_of(const json::object& form, std::string_view name) {
  static const json::array kNone;
  const json::value* value = form.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : kNone;
}

Result<Subject> read_subject(const json::object& form) {
  constexpr std::array kSubjectKinds{
      SubjectKind::file,  SubjectKind::process, SubjectKind::account,  SubjectKind::key,    SubjectKind::cron,
      SubjectKind::unit,  SubjectKind::package, SubjectKind::port,     SubjectKind::config, SubjectKind::mailbox,
      SubjectKind::queue, SubjectKind::log,     SubjectKind::container};
  Subject subject;
  const std::string kind = text_of(form, "kind");
  bool known = false;
  for (const SubjectKind one : kSubjectKinds)
    if (subject_kind_name(one) == kind) {
      subject.kind = one;
      known = true;
    }
  if (!known) return failure(Fault::malformed, "its subject is of no known kind");
  TRY_ASSIGN(subject.path, raw_name(text_of(form, "path")));
  TRY_ASSIGN(subject.name, raw_name(text_of(form, "name")));
  TRY_ASSIGN(subject.address, raw_name(text_of(form, "address")));
  TRY_ASSIGN(subject.protocol, raw_name(text_of(form, "protocol")));
  if (!subject.path.empty() && (subject.path[0] != '/' || subject.path.find('\0') != std::string::npos))
    return failure(Fault::malformed, "its path does not begin with /");
  subject.sha256 = text_of(form, "sha256");
  subject.line = number_of(form, "line");
  subject.pid = number_of(form, "pid");
  subject.port = static_cast<std::uint16_t>(number_of(form, "port"));
  return subject;
}

Result<Action> read_action(const json::object& form) {
  Action action;
  action.id = text_of(form, "id");
  action.kind = text_of(form, "kind");
  const json::value* subject = form.if_contains("subject");
  if (action.id.empty() || action.kind.empty() || subject == nullptr || !subject->is_object())
    return failure(Fault::malformed, "id, kind or subject is missing");
  TRY_ASSIGN(action.subject, read_subject(subject->get_object()));
  action.requirement = text_of(form, "requirement");
  action.why = text_of(form, "why");
  action.effect = text_of(form, "effect");
  action.risk = text_of(form, "risk");
  action.undo = text_of(form, "undo");
  action.proof = text_of(form, "proof");
  action.by_hand = text_of(form, "by_hand");
  const json::value* is_default = form.if_contains("default");
  action.is_default = is_default != nullptr && is_default->is_bool() && is_default->get_bool();
  for (const json::value& id : list_of(form, "findings"))
    if (id.is_string()) action.findings.emplace_back(id.get_string());
  for (const json::value& change : list_of(form, "changes"))
    if (change.is_string()) action.changes.emplace_back(change.get_string());
  for (const json::value& one : list_of(form, "expects")) {
    if (!one.is_object()) return failure(Fault::malformed, "expects holds something else than paths");
    TRY_ASSIGN(std::string path, raw_name(text_of(one.get_object(), "path")));
    action.expected.emplace_back(std::move(path), text_of(one.get_object(), "sha256"));
  }
  return action;
}

}  // namespace

Result<std::string> raw_name(std::string_view shown) {
  std::string raw;
  for (std::size_t at = 0; at < shown.size(); ++at) {
    if (shown[at] != '\\') {
      raw += shown[at];
      continue;
    }
    if (at + 1 < shown.size() && shown[at + 1] == '\\') {
      raw += '\\';
      ++at;
      continue;
    }
    const Result<std::string> byte = at + 3 < shown.size() && shown[at + 1] == 'x' ? from_hex(shown.substr(at + 2, 2))
                                                                                   : failure(Fault::malformed, "");
    if (!byte) return failure(Fault::malformed, "a name holds a backslash that begins nothing; write it as two");
    raw += *byte;
    at += 3;
  }
  return raw;
}

Result<Plan> read_plan(std::string_view text) {
  if (text.size() > kPlanBytesMax) return failure(Fault::too_big, "the plan is larger than {} bytes", kPlanBytesMax);
  boost::system::error_code wrong;
  const json::value value = json::parse(text, wrong);
  if (wrong || !value.is_object())
    return failure(Fault::malformed, "this is no plan; make one with abate plan --json FILE");
  const json::object& form = value.get_object();
  if (text_of(form, "schema") != "abate.plan/1")
    return failure(Fault::malformed, "its schema is not abate.plan/1; make a plan with abate plan --json FILE");
  Plan plan;
  plan.ticket = text_of(form, "ticket");
  TRY_ASSIGN(plan.root, raw_name(text_of(form, "root")));
  if (!plan.root.starts_with('/')) return failure(Fault::malformed, "the plan names no root that begins with /");
  const Result<Instant> made_at = parse_rfc3339(text_of(form, "made_at"));
  if (!made_at) return failure(Fault::malformed, "made_at is no time");
  plan.made_at = *made_at;
  const json::array& actions = list_of(form, "actions");
  if (actions.size() > kPlanActionsMax) return failure(Fault::too_big, "more than {} actions", kPlanActionsMax);
  for (const json::value& row : actions) {
    Result<Action> action = row.is_object() ? read_action(row.get_object()) : failure(Fault::malformed, "is no object");
    if (!action) return failure(action.error().fault, "action {}: {}", plan.actions.size() + 1, action.error().what);
    plan.actions.push_back(std::move(*action));
  }
  for (const json::value& warning : list_of(form, "warnings"))
    if (warning.is_string()) plan.warnings.emplace_back(warning.get_string());
  return plan;
}

Result<PlanCause> read_plan_cause(std::string_view text) {
  if (text.size() > kPlanBytesMax) return failure(Fault::too_big, "the plan is larger than {} bytes", kPlanBytesMax);
  boost::system::error_code wrong;
  const json::value value = json::parse(text, wrong);
  const json::value* held = wrong || !value.is_object() ? nullptr : value.get_object().if_contains("diagnosis");
  if (held == nullptr || !held->is_object()) return failure(Fault::malformed, "the plan holds no diagnosis");
  const json::object& form = held->get_object();
  PlanCause cause;
  cause.diagnosis.ticket = text_of(form, "ticket");
  for (const SweepVerdict verdict : {SweepVerdict::cause_found, SweepVerdict::harm_found, SweepVerdict::nothing_found,
                                     SweepVerdict::not_this_server, SweepVerdict::rebuild})
    if (sweep_verdict_name(verdict) == text_of(form, "verdict")) cause.diagnosis.verdict = verdict;
  for (const json::value& ground : list_of(form, "grounds"))
    if (ground.is_string()) cause.diagnosis.grounds.emplace_back(ground.get_string());
  for (const json::value& row : list_of(form, "cause")) {
    if (!row.is_object()) continue;
    CauseStep step;
    step.finding = text_of(row.get_object(), "finding");
    step.says = text_of(row.get_object(), "says");
    for (const Step one : {Step::entry, Step::foothold, Step::persistence, Step::spread, Step::harm})
      if (step_name(one) == text_of(row.get_object(), "step")) step.step = one;
    if (const Result<Instant> at = parse_rfc3339(text_of(row.get_object(), "at"))) step.at = *at;
    cause.diagnosis.cause.push_back(std::move(step));
  }
  if (const json::value* entry = form.if_contains("entry"); entry != nullptr && entry->is_object()) {
    WayIn way;
    for (int kind = 0; kind <= static_cast<int>(EntryKind::unknown); ++kind)
      if (entry_kind_name(static_cast<EntryKind>(kind)) == text_of(entry->get_object(), "kind"))
        way.kind = static_cast<EntryKind>(kind);
    way.says = text_of(entry->get_object(), "says");
    if (const json::value* subject = entry->get_object().if_contains("subject");
        subject != nullptr && subject->is_object()) {
      TRY_ASSIGN(way.subject, read_subject(subject->get_object()));
    }
    cause.diagnosis.entry = std::move(way);
  }
  cause.findings = list_of(form, "findings");
  return cause;
}

}  // namespace abate::wire
