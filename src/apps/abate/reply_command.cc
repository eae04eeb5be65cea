// SPDX-License-Identifier: Apache-2.0
// `abate reply`: the answer to the ticket, in four parts, each statement proved or claimed.
#include <cstdio>
#include <iostream>

#include <boost/json/serialize.hpp>
#include <unistd.h>

#include "apps/abate/commands.h"
#include "apps/abate/reply_run.h"
#include "apps/abate/send_reply.h"
#include "base/text.h"
#include "reply/known_secrets.h"
#include "wire/reply_json.h"

namespace abate::apps {

namespace {

bool is_answered_yes() {
  if (::isatty(STDIN_FILENO) == 0) return true;  // nobody to ask: --send was said
  fmt::print("\nSend this? [y]es, [n]o: ");
  std::fflush(stdout);
  std::string line;
  return std::getline(std::cin, line) && to_lower(trim(line)).starts_with("y");
}

Result<void> show_and_send(const SweepRun& run, const Sending& sending, bool yes) {
  fmt::print("{}", show_sending(run.opened->host.ticket.ticket, sending));
  if (!yes && !is_answered_yes()) {
    fmt::print("Not sent.\n");
    return {};
  }
  std::string note;
  const Result<std::string> told = send(*run.talker, sending, note);
  if (!note.empty()) fmt::print("{}\n", shown_text(note, 1000));
  if (!told) return std::unexpected{told.error()};
  fmt::print("Sent. {}\n", *told);
  return {};
}

void ask_questions(const std::vector<reply::OpenQuestion>& questions) {
  if (questions.empty()) return;
  fmt::print("Only you can answer these; say it with --cause, --did, --confirmed or --prevention:\n");
  for (const reply::OpenQuestion& question : questions) fmt::print("? {}\n", shown_text(question.asks, 1000));
}

}  // namespace

int reply_command(const SweepAsk& asked, const ReplyAsk& says) {
  SweepAsk ask = asked;
  ask.speaks = !says.stuck;
  const Result<std::unique_ptr<SweepRun>> run = run_sweep(ask);
  if (!run) return complain(run.error());
  Result<ReplyRun> made = run_reply(ask, **run, {says.cause, says.done, says.confirmed, says.prevention});
  if (!made) return complain(made.error());
  Reply& reply = made->reply;
  if (says.stuck) reply.text = made->stuck;
  const boost::json::object form = wire::reply_json(reply, (*run)->result.findings, made->then.findings);
  if (!ask.json.empty())
    if (const Result<void> written = write_out(ask.json, boost::json::serialize(form) + "\n"); !written)
      return complain(written.error());
  const bool quiet = ask.json == "-" && !ask.sends;
  if (!quiet && !ask.sends) fmt::print("{}", reply.text);
  if (!quiet && !says.stuck) ask_questions(made->questions);
  if (ask.sends) {
    const remedy::Verified& verified = made->verify.verified;
    const talk::Say say = says.stuck                               ? talk::Say::stuck
                          : verified.gone && !verified.is_in_doubt ? talk::Say::claim
                                                                   : talk::Say::reply;
    boost::json::object whole = form;
    whole["verification"] = short_verification(**run, made->verify);
    const sweep::Host& host = (*run)->opened->host;
    reply::Redactor redactor{reply::own_domains(host),
                             reply::known_secrets(*host.tree, reply::secret_sources(host, (*run)->result.findings))};
    const Sending sending = prepare_sending(std::move(redactor), say, reply.text, std::move(whole));
    if (const Result<void> sent = show_and_send(**run, sending, says.yes); !sent) return complain(sent.error());
  } else if (!quiet) {
    fmt::print("\nCopy this into the ticket{}.\n", (*run)->desk.url.empty() ? "" : ", or say --send");
  }
  return made->verify.verified.gone ? kNothingFound : kFound;
}

}  // namespace abate::apps
