// SPDX-License-Identifier: Apache-2.0
// `abate reply`: the answer to the ticket, in four parts, each statement proved or claimed.
#include <cstdio>
#include <iostream>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <unistd.h>

#include "apps/abate/commands.h"
#include "apps/abate/diagnose_run.h"
#include "apps/abate/verify_run.h"
#include "apps/abate/where.h"
#include "base/json_fields.h"
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

// What the desk says of the ticket now, in a sentence.
std::string told(const std::string& answer) {
  boost::system::error_code wrong;
  const boost::json::value value = boost::json::parse(answer, wrong, {}, {.max_depth = 32});
  const boost::json::object none;
  const boost::json::object& ticket = !wrong && value.is_object() ? value.get_object() : none;
  const std::string state = text_of(ticket, "state");
  return state == "claimed" ? "The team tries it out now; they answer in the ticket."
                            : "It is in the ticket; the team answers there.";
}

Result<void> send(const SweepRun& run, const std::string& text, talk::Say say, bool yes) {
  fmt::print("\nThis text, and nothing else of this server, goes into ticket {}{}.\n",
             shown_name(run.opened->host.ticket.ticket), say == talk::Say::claim ? " and says that it is fixed" : "");
  if (!yes && !is_answered_yes()) {
    fmt::print("Not sent.\n");
    return {};
  }
  TRY_ASSIGN(const std::string answer, run.talker->post_text(say, text));
  fmt::print("Sent. {}\n", told(answer));
  return {};
}

void tell(const Reply& reply, const std::vector<std::string>& questions) {
  fmt::print("{}", reply.text);
  if (questions.empty()) return;
  fmt::print("Only you can answer these; say it with --cause, --did, --confirmed or --prevention:\n");
  for (const std::string& question : questions) fmt::print("? {}\n", shown_text(question, 1000));
}

}  // namespace

int reply_command(const SweepAsk& asked, const ReplyAsk& says) {
  SweepAsk ask = asked;
  ask.speaks = !says.stuck;
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
  if (!quiet) tell(reply, says.stuck ? std::vector<std::string>{} : reply::open_questions(reply, facts));
  if (ask.sends) {
    const talk::Say say =
        verify->verified.gone && !verify->verified.is_in_doubt && !says.stuck ? talk::Say::claim : talk::Say::reply;
    if (const Result<void> sent = send(**run, reply.text, say, says.yes); !sent) return complain(sent.error());
  } else if (!quiet) {
    fmt::print("\nCopy this into the ticket{}.\n", (*run)->desk.url.empty() ? "" : ", or say --send");
  }
  return verify->verified.gone ? kNothingFound : kFound;
}

}  // namespace abate::apps
