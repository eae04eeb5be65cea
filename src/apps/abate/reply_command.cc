// SPDX-License-Identifier: Apache-2.0
// `abate reply`: the answer to the ticket, in four parts, each statement proved or claimed.
#include <cstdio>
#include <iostream>

#include <boost/json/serialize.hpp>
#include <unistd.h>

#include "apps/abate/commands.h"
#include "apps/abate/diagnose_run.h"
#include "apps/abate/send_reply.h"
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

bool is_answered_yes() {
  if (::isatty(STDIN_FILENO) == 0) return true;  // nobody to ask: --send was said
  fmt::print("\nSend this? [y]es, [n]o: ");
  std::fflush(stdout);
  std::string line;
  return std::getline(std::cin, line) && to_lower(trim(line)).starts_with("y");
}

Result<void> show_and_send(const SweepRun& run, const Sending& sending, bool yes) {
  fmt::print("{}", show_sending(run, sending));
  if (!yes && !is_answered_yes()) {
    fmt::print("Not sent.\n");
    return {};
  }
  std::string note;
  const Result<std::string> told = send(run, sending, note);
  if (!note.empty()) fmt::print("{}\n", shown_text(note, 1000));
  if (!told) return std::unexpected{told.error()};
  fmt::print("Sent. {}\n", *told);
  return {};
}

void ask_questions(const std::vector<std::string>& questions) {
  if (questions.empty()) return;
  fmt::print("Only you can answer these; say it with --cause, --did, --confirmed or --prevention:\n");
  for (const std::string& question : questions) fmt::print("? {}\n", shown_text(question, 1000));
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
  const boost::json::object form = wire::reply_json(reply, findings, cause.findings);
  if (!ask.json.empty())
    if (const Result<void> written = write_out(ask.json, boost::json::serialize(form) + "\n"); !written)
      return complain(written.error());
  const bool quiet = ask.json == "-" && !ask.sends;
  if (!quiet && !ask.sends) fmt::print("{}", reply.text);
  if (!quiet && !says.stuck) ask_questions(reply::open_questions(reply, facts));
  if (ask.sends) {
    const talk::Say say = says.stuck ? talk::Say::stuck : verify->verified.gone ? talk::Say::claim : talk::Say::reply;
    const Sending sending = prepare_sending(**run, say, reply.text, form, *verify);
    if (const Result<void> sent = show_and_send(**run, sending, says.yes); !sent) return complain(sent.error());
  } else if (!quiet) {
    fmt::print("\nCopy this into the ticket{}.\n", (*run)->desk.url.empty() ? "" : ", or say --send");
  }
  return verify->verified.gone ? kNothingFound : kFound;
}

}  // namespace abate::apps
