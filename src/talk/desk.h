// SPDX-License-Identifier: Apache-2.0
// talk/desk.h — the customer's way to their ticket at the desk, by the ticket's own token: reads it, and posts the
// text of the reply.
//
// SECURITY: the token goes to the host of the link only, over TLS; without TLS only to this very machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "talk/http.h"

namespace abate::talk {

struct DeskTicket {
  HttpUrl api;  // …/api/v1/tickets/ID
  std::string token;
};
bool looks_like_link(std::string_view text);
// "https://abuse.example.net/tickets/T-2026-000123#TOKEN". malformed.
Result<DeskTicket> desk_of_link(std::string_view link);
// As a saved ticket names it: the desk's public URL, the ticket's id, the token.
Result<DeskTicket> desk_of(std::string_view url, std::string_view ticket, std::string_view token);

// The ticket as JSON. refused (the token is not good, or no more), not_found, unavailable.
Result<std::string> fetch_ticket(const DeskTicket& desk);
enum class Say : std::uint8_t { reply, claim };  // claim: "it is fixed"
// The ticket as it is then. Tried again where the desk cannot be reached, is too busy, or the ticket changed meanwhile.
// conflict: the ticket's state does not allow it, or the answer was lost on the way.
Result<std::string> post_text(const DeskTicket& desk, Say say, const std::string& text);

}  // namespace abate::talk
