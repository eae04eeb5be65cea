// SPDX-License-Identifier: Apache-2.0
// talk/desk.h — the customer's way to their ticket at the desk, by the ticket's own token: reads it, and posts the
// reply and its proofs.
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
// reply; claim: "it is fixed"; stuck: a reply that asks for the next step.
enum class Say : std::uint8_t { reply, claim, stuck };
struct Saying {
  std::string body;   // the text; or the document, "abate.reply/1" or "abate.verification/1"
  std::string words;  // what it says, without the moments at which that was looked up; empty: `body`
};
// The ticket as it is then. Tried again, kTriesMax times at most, where the desk cannot be reached, is too busy, the
// answer was lost or the ticket changed meanwhile. What says the same stands there once, however often and from however
// many runs it is sent, as long as the case stands where it stood: new harm asks for new proofs, and a claim that was
// refused may be made again in the same words. refused: the ticket's state does not allow it, or the desk does not take
// it.
Result<std::string> post_text(const DeskTicket& desk, Say say, const Saying& text);
Result<std::string> post_proofs(const DeskTicket& desk, const Saying& document);
constexpr std::size_t kTriesMax = 4;

// The Idempotency-Key of what is said with this verb ("reply", "claim", "proofs"). `ticket`: as the desk gives it.
std::string key_of(const DeskTicket& desk, std::string_view verb, std::string_view words, std::string_view ticket);

}  // namespace abate::talk
