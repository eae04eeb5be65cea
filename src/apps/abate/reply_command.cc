// SPDX-License-Identifier: Apache-2.0
// `abate reply`: the answer to the ticket, in four parts, each statement proved or claimed.
#include <cstdio>
#include <iostream>

#include <boost/json/serialize.hpp>
#include <unistd.h>

#include "apps/abate/commands.h"
#include "apps/abate/reply_run.h"
#include "apps/abate/send_text.h"
#include "base/text.h"
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

Result<void> send(const SweepRun& run, const std::string& text, talk::Say say, bool yes) {
  fmt::print("\nThis text, and nothing else of this server, goes into ticket {}{}.\n",
             shown_name(run.opened->host.ticket.ticket), say == talk::Say::claim ? " and says that it is fixed" : "");
  if (!yes && !is_answered_yes()) {
    fmt::print("Not sent.\n");
    return {};
  }
  TRY_ASSIGN(const std::string told, send_text(*run.talker, text, say));
  fmt::print("Sent. {}\n", told);
  return {};
}

void tell(const Reply& reply, const std::vector<reply::OpenQuestion>& questions) {
  fmt::print("{}", reply.text);
  if (questions.empty()) return;
  fmt::print("Only you can answer these; say it with --cause, --did, --confirmed or --prevention:\n");
  for (const reply::OpenQuestion& question : questions) fmt::print("? {}\n", shown_text(question.asks, 1000));
}

}  // namespace

int reply_command(const SweepAsk& ask, const ReplyAsk& says) {
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
  if (!quiet) tell(reply, says.stuck ? std::vector<reply::OpenQuestion>{} : made->questions);
  if (ask.sends) {
    const talk::Say say = made->verify.verified.gone && !says.stuck ? talk::Say::claim : talk::Say::reply;
    if (const Result<void> sent = send(**run, reply.text, say, says.yes); !sent) return complain(sent.error());
  } else if (!quiet) {
    fmt::print("\nCopy this into the ticket{}.\n", (*run)->desk.url.empty() ? "" : ", or say --send");
  }
  return made->verify.verified.gone ? kNothingFound : kFound;
}

}  // namespace abate::apps
