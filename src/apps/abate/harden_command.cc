// SPDX-License-Identifier: Apache-2.0
// `abate harden`: how the server stands towards R27 to R32, and with --apply what makes it stronger.
//
// SECURITY: a child that has given its rights up reads the server and makes the plan; this process sees that plan only,
// and what an action does is read anew by the executor's side, as for `abate apply`.
#include <algorithm>
#include <cstdio>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <unistd.h>

#include "apps/abate/commands.h"
#include "apps/abate/confine.h"
#include "apps/abate/in_child.h"
#include "apps/abate/read_input.h"
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

std::string title_of(std::string_view kind) {
  const auto all = remedy::measures();
  const auto measure = std::ranges::find(all, kind, [](const remedy::Measure* one) { return one->name; });
  return measure == all.end() ? std::string{kind} : std::string{(*measure)->title};
}

std::vector<report::HardeningRow> rows_of(const remedy::HardenPlan& hardened) {
  using Standing = report::HardeningRow::Standing;
  std::vector<report::HardeningRow> rows;
  for (const Action& action : hardened.plan.actions)
    rows.push_back({action.changes.empty() ? Standing::by_hand : Standing::advised, title_of(action.kind), action});
  for (const remedy::Advice& one : hardened.already)
    rows.push_back({one.standing == remedy::Standing::said ? Standing::said : Standing::already,
                    title_of(one.action.kind), one.action});
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

struct Looked {
  int status = kWrong;
  std::string plan;  // abate.plan/1
};

// In a child, which alone reads the server: the plan, with its "status".
Result<std::string> look_here(const HardenAsk& ask, bool tells) {
  TRY_ASSIGN(const remedy::Where where, where_of(ask.root, ask.state));
  TRY_ASSIGN(const std::optional<Instant> entry, entry_time(ask.diagnosis));
  TRY_ASSIGN(const std::unique_ptr<sweep::DiskTree> tree, sweep::DiskTree::open_root(where.root));
  sweep::Notes notes;
  std::optional<sweep::Running> running;
  const auto see = [&] {
    if (where.live) running = sweep::see_running(*tree, notes);
  };
  static_cast<void>(confine({.writable = {}, .live = where.live, .fast = false, .see_processes = see}));
  const Instant now = wall_clock();
  const auto opened = sweep::open_host(*tree, std::move(running), now, {}, notes);
  opened->host.root = where.root;
  const remedy::HardenPlan hardened = remedy::harden_plan(
      {.host = opened->host, .findings = findings_of(opened->host, notes), .entry_at = entry, .renew = ask.renew}, now);
  const bool seen = sweep::exists(*tree, "/etc/passwd") && (!where.live || ::geteuid() == 0);
  json::object form = form_of(hardened, notes);
  form["status"] = !hardened.is_strong() ? kFound : seen ? kNothingFound : kNotEnoughSeen;
  if (!tells || ask.json == "-") return json::serialize(form);
  SweepAsk view;
  view.color = ask.color;
  view.verbose = ask.verbose;
  TRY(write_out("-", report::hardening_text(rows_of(hardened), look_of(view, STDOUT_FILENO))));
  if (!seen)
    std::fputs("Not enough could be looked at to say that all is well: run it as root, on a whole server.\n", stdout);
  return json::serialize(form);
}

Result<Looked> look_apart(const HardenAsk& ask, bool tells) {
  Looked looked;
  TRY_ASSIGN(looked.plan, in_child([&] { return look_here(ask, tells); }, wire::kPlanBytesMax));
  boost::system::error_code wrong;
  const json::value value = json::parse(looked.plan, wrong);
  if (wrong || !value.is_object()) return failure(Fault::unavailable, "the look ended before it was done");
  looked.status = static_cast<int>(number_of(value.get_object(), "status"));
  return looked;
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
  TRY_ASSIGN(const Looked first, look_apart(ask, true));
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
  TRY_ASSIGN(const Looked after, look_apart(ask, false));
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
