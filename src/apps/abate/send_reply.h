// SPDX-License-Identifier: Apache-2.0
// apps/abate/send_reply.h — the answer on its way into the ticket: made fit to leave the server, shown, then sent.
#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "apps/abate/sweep_run.h"
#include "apps/abate/verify_run.h"
#include "model/reply.h"
#include "reply/redact.h"

namespace abate::apps {

struct Sending {
  talk::Say say = talk::Say::reply;
  std::string text;  // redacted, as all here (reply/redact.h)
  boost::json::object
      document;       // the reply's form with its proofs and the verification; empty: none, or too large to be taken
  std::string words;  // of the document (reply/words_of.h): by them it is known when it is sent again
  std::uint32_t taken_out = 0;  // pieces that stay here
};
// `form`: "abate.reply/1" of this reply, with "verification" in it (short_verification); empty: the text alone.
Sending prepare_sending(reply::Redactor redactor, talk::Say say, const std::string& text, boost::json::object form);
// "abate.verification/1" without the proofs, which stand in the reply already, and with the first of what was not
// examined.
boost::json::object short_verification(const SweepRun& run, const VerifyRun& verify);
// All that would be sent, for the person to read.
std::string show_sending(const std::string& ticket, const Sending& sending);
// Proofs first, so that whoever reads the words finds them there. Where the desk does not take proofs, the words go
// alone; `note` then says so. What the desk says of the ticket afterwards, in a sentence.
Result<std::string> send(const Talker& talker, const Sending& sending, std::string& note);

}  // namespace abate::apps
