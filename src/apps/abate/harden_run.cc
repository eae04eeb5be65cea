// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/harden_run.h"

#include <algorithm>
#include <cstdio>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <unistd.h>

#include "apps/abate/confined_host.h"
#include "apps/abate/in_child.h"
#include "apps/abate/sweep_run.h"
#include "apps/abate/tell.h"
#include "apps/abate/where.h"
#include "base/json_fields.h"
#include "base/text.h"
#include "remedy/measure.h"
#include "report/hardening.h"
#include "sweep/host/gather.h"
#include "wire/plan_json.h"

namespace abate::apps {
namespace {

namespace json = boost::json;

// Of the detectors those that look at the inventory alone, and whose answer a measure waits for.
constexpr std::string_view kAsked[] = {"outdated_packages", "end_of_life", "firewall_off"};

std::vector<Finding> findings_of(const sweep::Host& host, sweep::Notes& notes) {
  sweep::Gather gather;
  for (const sweep::Detector* detector : sweep::detectors()) {
    if (detector->host == nullptr || std::ranges::find(kAsked, detector->id) == std::end(kAsked)) continue;
    gather.of(*detector);
    detector->host(host, gather);
  }
  return gather.take(notes);
}

std::vector<report::HardeningRow> rows_of(const remedy::HardenPlan& hardened) {
  using Standing = report::HardeningRow::Standing;
  std::vector<report::HardeningRow> rows;
  for (const Action& action : hardened.plan.actions)
    rows.push_back({action.changes.empty() ? Standing::by_hand : Standing::advised, action});
  for (const remedy::Advice& one : hardened.already)
    rows.push_back({one.standing == remedy::Standing::said ? Standing::said : Standing::already, one.action});
  return rows;
}

json::object form_of(const remedy::HardenPlan& hardened, const sweep::Notes& notes) {
  json::object form = wire::plan_json(hardened.plan, {});
  json::array already;
  for (const remedy::Advice& one : hardened.already)
    already.push_back({{"kind", one.action.kind},
                       {"requirement", one.action.requirement},
                       {"standing", remedy::standing_name(one.standing)},
                       {"why", shown_text(one.action.why, 4000)},
                       {"by_hand", one.action.by_hand.empty() ? json::value(nullptr)
                                                              : json::value(shown_text(one.action.by_hand, 4000))}});
  form["already"] = std::move(already);
  json::array unseen;
  for (const sweep::NotExamined& note : notes.all())
    unseen.push_back({{"what", shown_name(note.what)}, {"why", shown_text(note.why, 1000)}});
  form["not_examined"] = std::move(unseen);
  return form;
}

// In a child, which alone reads the server: the plan, with its "status".
Result<std::string> look_here(const HardenAsk& ask, const std::optional<Instant>& entry, bool tells) {
  TRY_ASSIGN(const remedy::Where where, where_of(ask.root, ask.state));
  sweep::Notes notes;
  const Instant now = wall_clock();
  TRY_ASSIGN(const ConfinedHost confined, open_confined(where, now, notes));
  const auto& [tree, opened] = confined;
  const remedy::HardenPlan hardened = remedy::harden_plan(
      {.host = opened->host, .findings = findings_of(opened->host, notes), .entry_at = entry, .renew = ask.renew}, now);
  const bool seen = sweep::exists(*tree, "/etc/passwd") && (!where.live || ::geteuid() == 0);
  json::object form = form_of(hardened, notes);
  form["status"] = !hardened.is_strong() ? kFound : seen ? kNothingFound : kNotEnoughSeen;
  if (!tells) return json::serialize(form);
  SweepAsk view;
  view.color = ask.color;
  view.verbose = ask.verbose;
  TRY(write_out("-", report::hardening_text(rows_of(hardened), look_of(view, STDOUT_FILENO))));
  if (!seen)
    std::fputs("Not enough could be looked at to say that all is well: run it as root, on a whole server.\n", stdout);
  return json::serialize(form);
}

}  // namespace

Result<Weighed> weigh(const HardenAsk& ask, const std::optional<Instant>& entry, bool tells) {
  Weighed weighed;
  TRY_ASSIGN(weighed.plan, in_child([&] { return look_here(ask, entry, tells); }, wire::kPlanBytesMax));
  boost::system::error_code wrong;
  const json::value value = json::parse(weighed.plan, wrong);
  if (wrong || !value.is_object()) return failure(Fault::unavailable, "the look ended before it was done");
  weighed.status = static_cast<int>(number_of(value.get_object(), "status"));
  return weighed;
}

}  // namespace abate::apps
