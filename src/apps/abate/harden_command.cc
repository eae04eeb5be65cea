// SPDX-License-Identifier: Apache-2.0
// `abate harden`: how the server stands towards R27 to R32, and with --apply what makes it stronger.
//
// SECURITY: harden_run.h reads the server in a child without rights; what an action does is read anew by the
// executor's side, as for `abate apply`.
#include <algorithm>
#include <cstdio>

#include <boost/json/parse.hpp>

#include "apps/abate/commands.h"
#include "apps/abate/harden_run.h"
#include "apps/abate/read_input.h"
#include "apps/abate/sweep_run.h"
#include "apps/abate/tell.h"
#include "base/json_fields.h"
#include "base/text.h"
#include "remedy/measure.h"
#include "wire/plan_json.h"

namespace abate::apps {
namespace {

namespace json = boost::json;

Result<std::optional<Instant>> entry_time(const std::string& file) {
  if (file.empty()) return std::nullopt;
  TRY_ASSIGN(const std::string text, read_input("--diagnosis", file, wire::kPlanBytesMax));
  boost::system::error_code wrong;
  const json::value value = json::parse(text, wrong);
  if (wrong || !value.is_object())
    return failure(Fault::malformed, "--diagnosis {}: is not what abate diagnose --json writes", file);
  const Result<Instant> at = parse_rfc3339(text_of(object_of(value.get_object(), "entry"), "at"));
  return at ? std::optional{*at} : std::nullopt;
}

// --only takes names of measures too.
Result<std::vector<std::string>> ids_of(const std::vector<std::string>& only, const Plan& plan) {
  std::vector<std::string> ids;
  for (const std::string& one : only) {
    const std::size_t before = ids.size();
    for (const Action& action : plan.actions)
      if (action.id == one || action.kind == one) ids.push_back(action.id);
    const auto all = remedy::measures();
    const bool known = std::ranges::find(all, one, [](const remedy::Measure* m) { return m->name; }) != all.end();
    if (ids.size() == before && !known)
      return failure(Fault::malformed, "--only {}: is no measure and no action of this plan", escape_terminal(one));
  }
  return ids;
}

Result<int> harden(const HardenAsk& ask) {
  TRY_ASSIGN(const std::optional<Instant> entry, entry_time(ask.diagnosis));
  TRY_ASSIGN(const Weighed first, weigh(ask, entry, ask.json != "-"));
  if (!ask.json.empty()) TRY(write_out(ask.json, first.plan + "\n"));
  if (!ask.apply || first.status != kFound) return first.status;
  TRY_ASSIGN(const Plan plan, wire::read_plan(first.plan));
  ApplyAsk apply;
  TRY_ASSIGN(apply.only, ids_of(ask.only, plan));
  if (!ask.only.empty() && apply.only.empty()) {
    fmt::print("\nWhat you named is so already.\n");
    return kNothingFound;
  }
  apply.yes = ask.yes;
  apply.state = ask.state;
  const int applied = apply_plan(first.plan, apply);
  if (applied == kWrong) return applied;
  TRY_ASSIGN(const Weighed after, weigh(ask, entry, false));
  TRY_ASSIGN(const Plan left, wire::read_plan(after.plan));
  if (left.actions.empty())
    fmt::print("Nothing weak is left of what abate looks at.\n");
  else
    fmt::print("Still weak: {}. abate harden shows what, and what is for you to do.\n", left.actions.size());
  return after.status;
}

}  // namespace

int harden_command(const HardenAsk& ask) {
  const Result<int> status = harden(ask);
  return status ? *status : complain(status.error());
}

}  // namespace abate::apps
