// SPDX-License-Identifier: Apache-2.0
// `abate diagnose` and `abate plan`: a sweep, then its cause, then what would be changed. Nothing is changed.
#include <boost/json/serialize.hpp>

#include "apps/abate/diagnose_run.h"
#include "apps/abate/tell.h"
#include "apps/abate/where.h"
#include "remedy/action_kind.h"

namespace abate::apps {
namespace {

// 1: something malicious or weak is there; 0: it was not this server; 3: nothing found, and that proves nothing.
int status_of(const Diagnosis& diagnosis, const SweepRun& run) {
  switch (diagnosis.verdict) {
    case SweepVerdict::cause_found:
    case SweepVerdict::harm_found:
    case SweepVerdict::rebuild: return kFound;
    case SweepVerdict::not_this_server: return kNothingFound;
    case SweepVerdict::nothing_found: break;
  }
  return status_of(run);
}

int write_and_tell(const SweepAsk& ask, const SweepRun& run, const boost::json::object& form, report::Outcome outcome,
                   const Diagnosis& diagnosis) {
  if (!ask.json.empty())
    if (const Result<void> written = write_out(ask.json, boost::json::serialize(form) + "\n"); !written)
      return complain(written.error());
  outcome.diagnosis = diagnosis;
  if (const Result<void> told = tell(outcome, ask); !told) return complain(told.error());
  return status_of(diagnosis, run);
}

}  // namespace

int diagnose_command(const SweepAsk& ask) {
  const Result<std::unique_ptr<SweepRun>> run = run_sweep(ask);
  if (!run) return complain(run.error());
  const Diagnosis diagnosis = run_diagnosis(**run);
  return write_and_tell(ask, **run, wire::diagnosis_json(diagnosis, (*run)->result.findings), outcome_of(**run),
                        diagnosis);
}

int plan_command(const SweepAsk& ask) {
  const Result<std::unique_ptr<SweepRun>> run = run_sweep(ask);
  if (!run) return complain(run.error());
  const Diagnosis diagnosis = run_diagnosis(**run);
  Plan plan = remedy::make_plan({(*run)->opened->host, (*run)->result.findings, diagnosis}, (*run)->started_at);
  // `abate apply` may be started elsewhere than here.
  if (const Result<remedy::Where> where = where_of(ask.root, ask.state)) plan.root = where->root;
  report::Outcome outcome = outcome_of(**run);
  outcome.plan = plan;
  return write_and_tell(ask, **run, wire::plan_json(plan, diagnosis, (*run)->result.findings), std::move(outcome),
                        diagnosis);
}

}  // namespace abate::apps
