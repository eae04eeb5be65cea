// SPDX-License-Identifier: Apache-2.0
// wire/case_json.h — reads the ticket that the desk hands to the sweep ("abate.ticket/1").
//
// SECURITY: the text comes from a file or a server that somebody may have forged: depth, size and counts are bounded,
// unknown fields are passed over, a field of the wrong type is as good as absent.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/lead.h"

namespace abate::wire {

struct DeskLink {  // the sweep's way back; empty where the ticket names none
  std::string url;
  std::string token;
};

struct TicketCase {
  Case found;
  DeskLink desk;
  std::optional<Instant> respond_by;
  std::optional<Instant> fix_by;
  std::vector<std::string> required_actions;
};

bool looks_like_ticket(std::string_view text);
// malformed, naming what is missing.
Result<TicketCase> read_ticket(std::string_view text);

}  // namespace abate::wire
