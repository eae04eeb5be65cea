// SPDX-License-Identifier: Apache-2.0
// apps/abate/guide_forms.h — what the guide tells, as the JSON that a confined child hands to its parent and that is
// kept in the state folder. Ours alone: no schema, and another version may not read it (then it looks again).
#pragma once

#include <string>
#include <string_view>

#include "apps/abate/reply_run.h"
#include "apps/abate/send_reply.h"
#include "guide/told.h"
#include "wire/case_json.h"

namespace abate::apps {

guide::TicketTold ticket_told(const wire::TicketCase& ticket);
std::string ticket_told_text(const guide::TicketTold& told);
Result<guide::TicketTold> read_ticket_told(std::string_view text);

// "plan" in it is what `abate apply` reads.
std::string looked_text(const SweepRun& run, const ReplyRun& made);
// Of what `abate harden` writes.
Result<guide::Strength> strength_of(std::string_view plan);
Result<guide::Looked> read_looked(std::string_view text);
Result<std::string> plan_text_of(std::string_view looked);
// The reply as the person edited it, with what it names of the look, fit to leave the server whose secrets are read
// beneath `root`.
Result<Sending> sending_of(std::string_view looked, const std::string& root, talk::Say say, const Reply& reply);
Result<Sending> question_of(std::string_view looked, const std::string& root, const std::string& text);

}  // namespace abate::apps
