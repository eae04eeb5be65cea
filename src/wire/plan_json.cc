// SPDX-License-Identifier: Apache-2.0
#include "wire/plan_json.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <set>

#include <boost/json.hpp>

#include "base/hash.h"
#include "base/json_fields.h"

namespace abate::wire {
namespace {

namespace json = boost::json;

constexpr std::size_t kWordBytesMax = 64;

// An id or a kind: what journals and terminals show as it is.
bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= kWordBytesMax && std::ranges::all_of(text, [](unsigned char c) {
    return (c < 128 && std::isalnum(c) != 0) || c == '_' || c == '-';
  });
}

template <class T>
T small_number(const json::object& form, std::string_view name) {
  const std::uint64_t number = number_of(form, name);
  return number <= std::numeric_limits<T>::max() ? static_cast<T>(number) : T{0};
}

std::vector<std::string> texts_of(const json::object& form, std::string_view name) {
  std::vector<std::string> texts;
  for (const json::value& one : list_of(form, name))
    if (one.is_string()) texts.emplace_back(one.get_string());
  return texts;
}

// The value of an enumeration whose last is `last`, by its word.
template <class Enum, class NameOf>
std::optional<Enum> word_of(const std::string& word, Enum last, NameOf name_of) {
  for (int n = 0; n <= static_cast<int>(last); ++n)
    if (name_of(static_cast<Enum>(n)) == word) return static_cast<Enum>(n);
  return std::nullopt;
}

Result<json::value> parsed_plan(std::string_view text) {
  if (text.size() > kPlanBytesMax) return failure(Fault::too_big, "the plan is larger than {} bytes", kPlanBytesMax);
  boost::system::error_code wrong;
  json::value value = json::parse(text, wrong);
  if (wrong || !value.is_object())
    return failure(Fault::malformed, "this is no plan; make one with abate plan --json FILE");
  if (text_of(value.get_object(), "schema") != "abate.plan/1")
    return failure(Fault::malformed, "its schema is not abate.plan/1; make a plan with abate plan --json FILE");
  return value;
}

Result<Subject> read_subject(const json::object& form) {
  Subject subject;
  const std::optional<SubjectKind> kind = word_of(text_of(form, "kind"), SubjectKind::container, subject_kind_name);
  if (!kind) return failure(Fault::malformed, "its subject is of no known kind");
  subject.kind = *kind;
  TRY_ASSIGN(subject.path, raw_name(text_of(form, "path")));
  TRY_ASSIGN(subject.name, raw_name(text_of(form, "name")));
  TRY_ASSIGN(subject.address, raw_name(text_of(form, "address")));
  TRY_ASSIGN(subject.protocol, raw_name(text_of(form, "protocol")));
  if (!subject.path.empty() && (subject.path[0] != '/' || subject.path.find('\0') != std::string::npos))
    return failure(Fault::malformed, "its path does not begin with /");
  subject.sha256 = text_of(form, "sha256");
  subject.line = small_number<std::uint32_t>(form, "line");
  subject.pid = small_number<std::uint32_t>(form, "pid");
  subject.port = small_number<std::uint16_t>(form, "port");
  return subject;
}

Result<Action> read_action(const json::object& form) {
  Action action;
  action.id = text_of(form, "id");
  action.kind = text_of(form, "kind");
  if (!is_word(action.id) || !is_word(action.kind))
    return failure(Fault::malformed, "id or kind is missing, or no word of letters, digits, - and _");
  TRY_ASSIGN(action.subject, read_subject(object_of(form, "subject")));
  action.title = text_of(form, "title");
  action.requirement = text_of(form, "requirement");
  action.why = text_of(form, "why");
  action.effect = text_of(form, "effect");
  action.risk = text_of(form, "risk");
  action.undo = text_of(form, "undo");
  action.proof = text_of(form, "proof");
  action.by_hand = text_of(form, "by_hand");
  action.is_default = flag_of(form, "default");
  action.findings = texts_of(form, "findings");
  action.changes = texts_of(form, "changes");
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
  TRY_ASSIGN(const json::value value, parsed_plan(text));
  const json::object& form = value.get_object();
  Plan plan;
  plan.ticket = text_of(form, "ticket");
  TRY_ASSIGN(plan.root, raw_name(text_of(form, "root")));
  if (!plan.root.starts_with('/')) return failure(Fault::malformed, "the plan names no root that begins with /");
  const Result<Instant> made_at = parse_rfc3339(text_of(form, "made_at"));
  if (!made_at) return failure(Fault::malformed, "made_at is no time");
  plan.made_at = *made_at;
  const json::array& actions = list_of(form, "actions");
  if (actions.size() > kPlanActionsMax) return failure(Fault::too_big, "more than {} actions", kPlanActionsMax);
  std::set<std::string> ids;
  for (const json::value& row : actions) {
    Result<Action> action = row.is_object() ? read_action(row.get_object()) : failure(Fault::malformed, "is no object");
    if (action && !ids.insert(action->id).second) action = failure(Fault::malformed, "its id stands there twice");
    if (!action) return failure(action.error().fault, "action {}: {}", plan.actions.size() + 1, action.error().what);
    plan.actions.push_back(std::move(*action));
  }
  plan.warnings = texts_of(form, "warnings");
  return plan;
}

Result<PlanCause> read_plan_cause(std::string_view text) {
  TRY_ASSIGN(const json::value value, parsed_plan(text));
  const json::object& form = object_of(value.get_object(), "diagnosis");
  PlanCause cause;
  cause.diagnosis.ticket = text_of(form, "ticket");
  const std::optional<SweepVerdict> verdict =
      word_of(text_of(form, "verdict"), SweepVerdict::rebuild, sweep_verdict_name);
  if (!verdict) return failure(Fault::malformed, "the plan holds no diagnosis");
  cause.diagnosis.verdict = *verdict;
  cause.diagnosis.grounds = texts_of(form, "grounds");
  cause.diagnosis.next_steps = texts_of(form, "next_steps");
  cause.diagnosis.intruders = texts_of(form, "intruders");
  if (const json::value* sure = form.if_contains("confidence"); sure != nullptr && sure->is_double())
    cause.diagnosis.confidence = sure->get_double();
  for (const json::value& row : list_of(form, "cause")) {
    if (!row.is_object()) continue;
    CauseStep step;
    step.finding = text_of(row.get_object(), "finding");
    step.says = text_of(row.get_object(), "says");
    step.step = word_of(text_of(row.get_object(), "step"), Step::harm, step_name).value_or(Step::harm);
    if (const Result<Instant> at = parse_rfc3339(text_of(row.get_object(), "at"))) step.at = *at;
    cause.diagnosis.cause.push_back(std::move(step));
  }
  if (const json::object& entry = object_of(form, "entry"); !entry.empty()) {
    WayIn way;
    way.kind = word_of(text_of(entry, "kind"), EntryKind::unknown, entry_kind_name).value_or(EntryKind::unknown);
    way.says = text_of(entry, "says");
    TRY_ASSIGN(way.subject, read_subject(object_of(entry, "subject")));
    cause.diagnosis.entry = std::move(way);
  }
  cause.findings = list_of(form, "findings");
  return cause;
}

}  // namespace abate::wire
