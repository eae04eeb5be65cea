// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/verify_run.h"

#include "apps/abate/where.h"
#include "wire/plan_json.h"
#include "wire/reply_json.h"

namespace abate::apps {
namespace {

remedy::NamedFindings named_findings(const std::string& state_folder) {
  remedy::NamedFindings named;
  for (const std::string& run : remedy::Journal::runs(state_folder)) {
    const Result<Plan> plan = wire::read_plan(remedy::Journal::plan_text(state_folder, run));
    if (!plan) continue;
    for (const Action& action : plan->actions)
      named[action.id].insert(named[action.id].end(), action.findings.begin(), action.findings.end());
  }
  return named;
}

// What its services say; what could not be asked is noted.
std::vector<remedy::LiveTry> speak(const std::vector<remedy::Stands>& stands, const std::vector<Finding>& findings,
                                   SweepRun& run) {
  constexpr std::string_view kWhat = "speaking to the services, as a stranger would";
  std::vector<remedy::LiveTry> tried;
  if (!run.opened->host.live) run.notes.add(std::string{kWhat}, "needs the running server");
  if (!run.caller) return tried;
  const std::vector<remedy::LiveCheck> checks =
      remedy::live_checks(stands, findings, run.opened->host, run.caller->own_addresses());
  if (checks.empty())
    run.notes.add(std::string{kWhat}, "nothing of it listens at an address of this server that strangers reach");
  for (const remedy::LiveCheck& check : checks) {
    Result<std::vector<remedy::LiveSeen>> seen = run.caller->speak(check);
    if (!seen) {
      run.notes.add(fmt::format("{} at {}", check.about, check.address.to_string()), seen.error().what);
      continue;
    }
    for (remedy::LiveSeen& one : *seen) tried.push_back({check, std::move(one)});
  }
  return tried;
}

}  // namespace

Result<VerifyRun> run_verify(const SweepAsk& ask, SweepRun& run, const std::vector<Finding>& findings) {
  VerifyRun verify;
  TRY_ASSIGN(const remedy::Where where, where_of(ask.root, ask.state));
  TRY_ASSIGN(verify.stands, remedy::standing(where));
  const std::vector<remedy::LiveTry> tried = speak(verify.stands, findings, run);
  verify.verified = remedy::verify(verify.stands, named_findings(where.state_folder), findings, run.opened->host,
                                   run.finished_at, tried, run.also);
  for (const auto& [what, why] : verify.verified.not_examined) run.notes.add(what, why);
  return verify;
}

boost::json::object verification_form(const SweepRun& run, const remedy::Verified& verified) {
  return wire::verification_json(run.opened->host.ticket.ticket, run.opened->host.root, run.finished_at, verified.gone,
                                 verified.proofs, verified.left, form_of(run).not_examined);
}

}  // namespace abate::apps
