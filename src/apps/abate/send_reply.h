// SPDX-License-Identifier: Apache-2.0
// apps/abate/send_reply.h — the answer on its way into the ticket: made fit to leave the server, shown, then sent.
#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "apps/abate/sweep_run.h"
#include "apps/abate/verify_run.h"
#include "model/reply.h"

namespace abate::apps {

struct Sending {
  talk::Say say = talk::Say::reply;
  std::string text;              // redacted, as all here (reply/redact.h)
  boost::json::object document;  // the reply's form with its proofs and the verification; empty: too large to be taken
  std::uint32_t taken_out = 0;   // pieces that stay here
};
// `form`: "abate.reply/1" of this reply.
Sending prepare_sending(const SweepRun& run, talk::Say say, const std::string& text, const boost::json::object& form,
                        const VerifyRun& verify);
// All that would be sent, for the person to read.
std::string show_sending(const SweepRun& run, const Sending& sending);
// Proofs first, so that whoever reads the words finds them there. Where the desk does not take proofs, the words go
// alone; `note` then says so. What the desk says of the ticket afterwards, in a sentence.
Result<std::string> send(const SweepRun& run, const Sending& sending, std::string& note);

}  // namespace abate::apps
