// SPDX-License-Identifier: Apache-2.0
// reading/mail_facts.h — what the desk needs of any mail, whatever it reports: who wrote, to whom, in which thread,
// whether a program wrote it, and whether it says that a mail of ours did not arrive.
//
// `references` holds In-Reply-To and References, and for a bounce also the Message-ID and references of the mail that
// came back, so that the notice is found. Pure; thread-safe for different messages.
#pragma once

#include "model/report.h"
#include "reading/mime/message.h"

namespace abate::reading {

constexpr std::size_t kReferencesMax = 100;
constexpr std::size_t kRecipientsMax = 100;

MailFacts mail_facts(const Message& message);

// Auto-Submitted other than "no", Precedence, List-Id, a null Return-Path, MAILER-DAEMON and their kin.
bool is_automatic(const Message& message, const std::vector<Address>& from_addresses);
// RFC 3464, and the free forms of qmail, Exim, Postfix, Exchange and others; nothing where it is no bounce.
std::optional<Bounce> find_bounce(const Message& message, std::string_view text);
// "<a@b> c@d" -> ids without brackets, in their order.
std::vector<std::string> message_ids(std::string_view value);

}  // namespace abate::reading
