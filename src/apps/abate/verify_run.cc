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

}  // namespace

Result<VerifyRun> run_verify(const SweepAsk& ask, const SweepRun& run, const std::vector<Finding>& findings) {
  VerifyRun verify;
  TRY_ASSIGN(const remedy::Where where, where_of(ask.root, ask.state));
  TRY_ASSIGN(verify.stands, remedy::standing(where));
  verify.verified =
      remedy::verify(verify.stands, named_findings(where.state_folder), findings, run.opened->host, run.finished_at);
  return verify;
}

boost::json::object verification_form(const SweepRun& run, const remedy::Verified& verified) {
  return wire::verification_json(run.opened->host.ticket.ticket, run.opened->host.root, run.finished_at, verified.gone,
                                 verified.proofs, verified.left, form_of(run).not_examined);
}

}  // namespace abate::apps
