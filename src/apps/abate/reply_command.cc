// SPDX-License-Identifier: Apache-2.0
// `abate reply`: the answer to the ticket, in four parts, each statement proved or claimed.
#include <boost/json/serialize.hpp>

#include "apps/abate/commands.h"
#include "apps/abate/diagnose_run.h"
#include "apps/abate/verify_run.h"
#include "apps/abate/where.h"
#include "base/text.h"
#include "remedy/action_kind.h"
#include "reply/write_reply.h"
#include "wire/plan_json.h"
#include "wire/reply_json.h"

namespace abate::apps {

namespace {

// Once the harm is gone, a new sweep no longer finds its cause: the plan that was applied still knows it.
wire::PlanCause cause_of(const SweepAsk& ask, Diagnosis now) {
  wire::PlanCause best{std::move(now), {}};
  const Result<remedy::Where> where = where_of(ask.root, ask.state);
  if (!where) return best;
  for (const std::string& run : remedy::Journal::runs(where->state_folder)) {
    Result<wire::PlanCause> then = wire::read_plan_cause(remedy::Journal::plan_text(where->state_folder, run));
    if (!then || then->diagnosis.ticket != best.diagnosis.ticket) continue;
    const bool better = then->diagnosis.verdict == SweepVerdict::cause_found ||
                        (best.diagnosis.verdict != SweepVerdict::cause_found &&
                         then->diagnosis.cause.size() >= best.diagnosis.cause.size());
    if (better && !then->diagnosis.cause.empty()) best = std::move(*then);
  }
  return best;
}

}  // namespace

int reply_command(const SweepAsk& ask, const ReplyAsk& says) {
  const Result<std::unique_ptr<SweepRun>> run = run_sweep(ask);
  if (!run) return complain(run.error());
  const Diagnosis now = run_diagnosis(**run);
  const std::vector<Finding>& findings = (*run)->result.findings;
  const Plan plan = remedy::make_plan({(*run)->opened->host, findings, now}, (*run)->started_at);
  const wire::PlanCause cause = cause_of(ask, now);
  const Result<VerifyRun> verify = run_verify(ask, **run, findings);
  if (!verify) return complain(verify.error());
  const reply::Claims claims{says.cause, says.done, says.confirmed, says.prevention};
  const reply::Facts facts{cause.diagnosis, plan, verify->stands, verify->verified, claims};
  Reply reply = reply::write_reply(facts);
  if (says.stuck) {
    const wire::SweepForm form = form_of(**run);
    reply.text = reply::stuck_text(facts, form.files, form.log_lines);
  }
  if (!ask.json.empty())
    if (const Result<void> written =
            write_out(ask.json, boost::json::serialize(wire::reply_json(reply, findings, cause.findings)) + "\n");
        !written)
      return complain(written.error());
  if (ask.json != "-") {
    fmt::print("{}", reply.text);
    const std::vector<std::string> questions =
        says.stuck ? std::vector<std::string>{} : reply::open_questions(reply, facts);
    if (!questions.empty()) {
      fmt::print("Only you can answer these; say it with --cause, --did, --confirmed or --prevention:\n");
      for (const std::string& question : questions) fmt::print("? {}\n", shown_text(question, 1000));
    }
    fmt::print("\nCopy this into the ticket.\n");
  }
  return verify->verified.gone ? kNothingFound : kFound;
}

}  // namespace abate::apps
