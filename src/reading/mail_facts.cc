// SPDX-License-Identifier: Apache-2.0
#include "reading/mail_facts.h"

#include "base/text.h"

namespace abate::reading {
namespace {

void add_once(std::vector<std::string>& list, std::string value, std::size_t count_max) {
  if (!value.empty() && list.size() < count_max && std::find(list.begin(), list.end(), value) == list.end())
    list.push_back(std::move(value));
}

std::vector<std::string> recipients_of(const Message& message) {
  std::vector<std::string> all;
  for (const char* name : {"To", "Cc", "Delivered-To", "X-Original-To", "X-Envelope-To", "Envelope-To"})
    if (message.has_header(name))
      for (Address& address : message.addresses(name)) add_once(all, std::move(address.mail), kRecipientsMax);
  return all;
}

void add_references(std::vector<std::string>& all, const Message& message) {
  for (const char* name : {"In-Reply-To", "References"})
    if (message.has_header(name))
      for (std::string& id : message_ids(message.header(name))) add_once(all, std::move(id), kReferencesMax);
}

// Mails within, whole or their headers only: of a bounce, the mail that came back.
void add_returned(std::vector<std::string>& all, const Message& message) {
  for (std::size_t i = 0; i < message.parts().size(); ++i) {
    const Part& part = message.parts()[i];
    if (part.inside_message || (part.type != "message/rfc822" && part.type != "text/rfc822-headers")) continue;
    const Fields& inner = message.inner_headers(i);
    for (const char* name : {"Message-ID", "In-Reply-To", "References"})
      for (std::string& id : message_ids(inner.get(name))) add_once(all, std::move(id), kReferencesMax);
  }
}

// qmail and others put the returned mail into the text.
void add_quoted(std::vector<std::string>& all, std::string_view text) {
  const Fields fields = Fields::parse(text, false);
  for (const Field& field : fields.all())
    if (equals_ignoring_case(field.name, "Message-ID") || equals_ignoring_case(field.name, "References") ||
        equals_ignoring_case(field.name, "In-Reply-To"))
      for (std::string& id : message_ids(field.raw)) add_once(all, make_valid_utf8(id), kReferencesMax);
}

std::string readable_text(const Message& message) {
  std::optional<std::size_t> html;
  for (std::size_t i = 0; i < message.parts().size(); ++i) {
    const Part& part = message.parts()[i];
    if (part.type == "text/plain" && !part.attached) {
      std::string text = message.text(i, kMailTextBytesMax);
      if (!trim(text).empty()) return text;
    }
    if (part.type == "text/html" && !html) html = i;
  }
  return html ? message.text(*html, kMailTextBytesMax) : std::string();
}

}  // namespace

std::vector<std::string> message_ids(std::string_view value) {
  std::vector<std::string> ids;
  std::size_t at = 0;
  while (at < value.size() && ids.size() < kReferencesMax) {
    const auto begin = value.find_first_not_of(" \t\r\n,<>", at);
    if (begin == std::string_view::npos) break;
    auto end = value.find_first_of(" \t\r\n,<>", begin);
    if (end == std::string_view::npos) end = value.size();
    const std::string_view id = value.substr(begin, end - begin);
    if (id.find('@') != std::string_view::npos && id.size() <= 998) ids.emplace_back(id);
    at = end;
  }
  return ids;
}

bool is_automatic(const Message& message, const std::vector<Address>& from_addresses) {
  const std::string submitted = to_lower(message.header("Auto-Submitted"));
  if (!submitted.empty() && !submitted.starts_with("no")) return true;
  const std::string precedence = to_lower(message.header("Precedence"));
  for (const std::string_view word : {"bulk", "junk", "list", "auto_reply", "auto-reply"})
    if (precedence.starts_with(word)) return true;
  for (const char* name : {"X-Auto-Response-Suppress", "List-Id", "X-Autoreply", "X-Autorespond", "X-Autoresponder",
                           "X-Failed-Recipients", "Feedback-ID", "List-Unsubscribe"})
    if (message.has_header(name)) return true;
  if (message.has_header("Return-Path") && trim(message.header("Return-Path")) == "<>") return true;
  if (message.multipart_type() == "multipart/report") return true;
  for (const Address& from : from_addresses)
    for (const std::string_view name : {"mailer-daemon@", "noreply@", "no-reply@"})
      if (from.mail.starts_with(name)) return true;
  return false;
}

MailFacts mail_facts(const Message& message) {
  MailFacts facts;
  const auto from = message.addresses("From");
  if (!from.empty()) {
    facts.from_address = from.front().mail;
    facts.from_name = from.front().name;
  }
  facts.recipients = recipients_of(message);
  facts.subject = message.header("Subject");
  if (auto ids = message_ids(message.header("Message-ID")); !ids.empty()) facts.message_id = std::move(ids.front());
  add_references(facts.references, message);
  facts.text = readable_text(message);
  facts.automatic = is_automatic(message, from);
  facts.bounce = find_bounce(message, facts.text);
  add_returned(facts.held_ids, message);
  if (facts.bounce) {
    add_returned(facts.references, message);
    add_quoted(facts.references, facts.text);
    facts.automatic = true;
  }
  return facts;
}

}  // namespace abate::reading
