// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/reply_run.h"

#include "apps/abate/diagnose_run.h"
#include "apps/abate/where.h"
#include "remedy/action_kind.h"

namespace abate::apps {
namespace {

wire::PlanCause cause_of(const remedy::Where& where, const Diagnosis& now) {
  wire::PlanCause best{now, {}};
  for (const std::string& run : remedy::Journal::runs(where.state_folder)) {
    Result<wire::PlanCause> then = wire::read_plan_cause(remedy::Journal::plan_text(where.state_folder, run));
    if (!then || then->diagnosis.ticket != best.diagnosis.ticket) continue;
    const bool better = then->diagnosis.verdict == SweepVerdict::cause_found ||
                        (best.diagnosis.verdict != SweepVerdict::cause_found &&
                         then->diagnosis.cause.size() >= best.diagnosis.cause.size());
    if (better && !then->diagnosis.cause.empty()) best = std::move(*then);
  }
  return best;
}

}  // namespace

Result<ReplyRun> run_reply(const SweepAsk& ask, SweepRun& run, const reply::Claims& claims) {
  ReplyRun out;
  out.now = run_diagnosis(run);
  const std::vector<Finding>& findings = run.result.findings;
  TRY_ASSIGN(const remedy::Where where, where_of(ask.root, ask.state));
  out.plan = remedy::make_plan({run.opened->host, findings, out.now}, run.started_at);
  out.plan.root = where.root;  // `abate apply` may be started elsewhere than here
  out.then = cause_of(where, out.now);
  TRY_ASSIGN(out.verify, run_verify(ask, run, findings));
  const reply::Facts facts{out.then.diagnosis, out.plan, out.verify.stands, out.verify.verified, claims};
  out.reply = reply::write_reply(facts);
  out.questions = reply::open_questions(out.reply, facts);
  const wire::SweepForm form = form_of(run);
  out.stuck = reply::stuck_text(facts, form.files, form.log_lines);
  return out;
}

}  // namespace abate::apps
