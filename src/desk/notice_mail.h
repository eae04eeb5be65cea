// SPDX-License-Identifier: Apache-2.0
// desk/notice_mail.h — the words of a notice, as a whole RFC 5322 message in text and HTML (R7, R37).
//
// Calm and plain: what, where, when, evidence, what to do, by when, the link. Addresses and URLs of the evidence are
// shown defanged, everything the world sent is escaped. Pure; thread-safe. Internal to the room.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "desk/desk.h"
#include "desk/ticket_link.h"
#include "model/notice.h"

namespace abate::desk {

struct NoticeText {
  std::string subject;
  std::string text;
  std::string html;
};
constexpr std::size_t kNoticeIncidentsMax = 20;  // beyond it the mail says how many more the ticket shows
constexpr std::size_t kNoticeExcerptBytesMax = 2 * 1024;

// Does this notice ask the customer to do something on the server? Then it carries a link for `abate`.
bool asks_for_work(NoticeKind kind);

// `link`: the token's, where one was made.
NoticeText compose_notice(const Provider& provider, const Ticket& ticket, NoticeKind kind,
                          const std::vector<KeptIncident>& incidents, const std::string& says,
                          const std::optional<TicketLink>& link, Instant now);

// multipart/alternative with Message-ID, Reply-To, Auto-Submitted, References to the ticket's first notice.
std::string compose_message(const Provider& provider, const Notice& notice, const NoticeText& text,
                            const std::string& reply_to, const std::vector<std::string>& references, Instant now);

}  // namespace abate::desk
