// SPDX-License-Identifier: Apache-2.0
#include "desk/thread_mail.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "desk/notify.h"
#include "desk/reply.h"

namespace abate::desk {
namespace {

constexpr std::size_t kHeldTokensMax = 8;

struct Pointers {                // what in the mail names a thread of ours
  std::optional<Notice> notice;  // by its secret: envelope address or Message-ID
  std::optional<Ticket> ticket;  // by the reply address's secret, or by the notice
  std::optional<Notice> held;    // a notice of ours within the mail: quoted, forwarded, or reported as spam
  std::string named;             // a ticket's id in the subject: no proof
};

// "bounce+TOKEN@bounce.example" -> "TOKEN"; empty where it is not that.
std::string_view token_in(std::string_view address, std::string_view box, std::string_view domain) {
  if (!starts_with_ignoring_case(address, box) || address.size() <= box.size() || address[box.size()] != '+') return {};
  const std::size_t at = address.rfind('@');
  if (at == address.npos || !equals_ignoring_case(address.substr(at + 1), domain)) return {};
  return address.substr(box.size() + 1, at - box.size() - 1);
}

// "T-2026-000012.TOKEN@bounce.example" -> "TOKEN"
std::string_view token_in_message_id(std::string_view id, std::string_view domain) {
  const std::size_t at = id.rfind('@');
  const std::size_t dot = id.find('.');
  if (at == id.npos || dot == id.npos || dot > at || !equals_ignoring_case(id.substr(at + 1), domain)) return {};
  return id.substr(dot + 1, at - dot - 1);
}

// "T-2026-000012.TOKEN" of a notice's last line, wherever it stands in a text.
std::vector<std::string> references_in(std::string_view text) {
  std::vector<std::string> tokens;
  for (std::size_t at = 0; (at = text.find("T-", at)) != text.npos && tokens.size() < kHeldTokensMax; ++at) {
    std::size_t end = at + 2;
    while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == '-')) ++end;
    if (end == text.size() || text[end] != '.' || !is_ticket_id(text.substr(at, end - at))) continue;
    const std::size_t begin = end + 1;
    for (end = begin; end < text.size() && std::isalnum(static_cast<unsigned char>(text[end])) != 0;) ++end;
    if (end > begin) tokens.emplace_back(text.substr(begin, end - begin));
  }
  return tokens;
}

std::string named_ticket(std::string_view subject) {
  for (std::size_t at = 0; (at = subject.find("T-", at)) != subject.npos; ++at) {
    std::size_t end = at + 2;
    while (end < subject.size() && ((subject[end] >= '0' && subject[end] <= '9') || subject[end] == '-')) ++end;
    if (is_ticket_id(subject.substr(at, end - at))) return std::string{subject.substr(at, end - at)};
  }
  return {};
}

std::vector<std::string> addressees(const Unread& report, const MailFacts& mail) {
  std::vector<std::string> out = mail.recipients;
  for (const std::string_view part : split(report.envelope_to, ',')) out.push_back(to_lower(trim(part)));
  return out;
}

Result<Pointers> pointers_of(Desk& desk, Transaction& store, const Unread& report, const MailFacts& mail) {
  Pointers out;
  const std::string domain = desk.provider.load()->bounce_domain;
  const auto take_notice = [&](std::string_view token) {
    if (token.empty() || out.notice) return;
    if (Result<Notice> notice = store.notice(std::string{token})) out.notice = std::move(*notice);
  };
  for (const std::string& address : addressees(report, mail)) {
    take_notice(token_in(address, "bounce", domain));
    const std::string_view reply = token_in(address, "reply", domain);
    if (reply.empty() || out.ticket) continue;
    if (Result<Ticket> ticket = store.ticket_by_reply_token(std::string{reply})) out.ticket = std::move(*ticket);
  }
  for (const std::string& reference : mail.references) take_notice(token_in_message_id(reference, domain));
  if (out.notice && !out.ticket && !out.notice->ticket_id.empty()) {
    TRY_ASSIGN(out.ticket, store.ticket(out.notice->ticket_id));
  }
  out.named = named_ticket(mail.subject);
  const auto take_held = [&](const std::string& token) {
    if (token.empty() || out.held) return;
    if (Result<Notice> notice = store.notice(token)) out.held = std::move(*notice);
  };
  for (const std::string& id : mail.held_ids) take_held(std::string{token_in_message_id(id, domain)});
  for (const std::string& token : references_in(mail.text)) take_held(token);
  return out;
}

Result<Threaded> take_bounce(Desk& desk, Transaction& store, Notice notice, const Bounce& bounce) {
  const std::string about = notice.ticket_id.empty() ? "a mail of ours" : notice.ticket_id;
  if (equals_ignoring_case(bounce.action, "delayed") || equals_ignoring_case(bounce.action, "relayed") ||
      equals_ignoring_case(bounce.action, "delivered") || equals_ignoring_case(bounce.action, "expanded"))
    return Threaded{false, "a delivery status about " + about + ": " + bounce.action, {}};
  if (notice.state == NoticeState::bounced) return Threaded{false, "one more bounce about " + about, {}};
  notice.state = NoticeState::bounced;
  notice.settled_at = desk.clock.now();
  notice.diagnostic = shorten(bounce.status + " " + bounce.diagnostic, 500);
  TRY(store.update_notice(notice));
  if (!notice.ticket_id.empty())
    TRY(touch(desk, store, notice.ticket_id, [&](Change& change) -> Result<void> {
      change.ticket.notice = NoticeStanding::undelivered;
      TRY(change.enter(
          EntryKind::notice_bounced,
          {{"notice", notice_kind_name(notice.kind)}, {"to", notice.to}, {"diagnostic", notice.diagnostic}}));
      return change.save(true);
    }));
  return Threaded{false, "a bounce of the notice about " + about, {}};
}

// Answers under our words are not the customer's: quoted lines at the end are left out.
std::string own_words(const std::string& text) {
  std::vector<std::string_view> lines = split(text, '\n');
  const auto quoted = [](std::string_view line) { return trim(line).empty() || trim(line).starts_with('>'); };
  while (!lines.empty() && quoted(lines.back())) lines.pop_back();
  std::string out;
  for (const std::string_view line : lines) (out += line) += '\n';
  return std::string{trim(out)};
}

Result<Threaded> take_answer(Desk& desk, Transaction& store, const Unread& report, const MailFacts& mail,
                             const Ticket& ticket) {
  const std::string words = shorten(own_words(mail.text), kTextBytesMax);
  if (!find_move(ticket.state, Move::reply) || words.empty())
    return Threaded{true, "an answer to " + ticket.id + " that could not be entered by itself", ticket.id};
  TRY(touch(desk, store, ticket.id, [&](Change& seen) -> Result<void> {
    const Principal customer = Principal::token("mail", Scope::customer, seen.ticket.customer.id);
    Change change{desk, store, customer, seen.ticket, seen.terms, seen.now};
    TRY(customer_says(change, words, {{"by", "mail"}, {"report", report.id}}));
    return change.save();
  }));
  return Threaded{false, "a reply in " + ticket.id, {}};
}

}  // namespace

Result<std::optional<Threaded>> follow_thread(Desk& desk, Transaction& store, const Unread& report,
                                              const MailFacts& mail) {
  TRY_ASSIGN(Pointers found, pointers_of(desk, store, report, mail));
  if (found.notice && mail.bounce) {
    TRY_ASSIGN(Threaded done, take_bounce(desk, store, *found.notice, *mail.bounce));
    return std::optional{std::move(done)};
  }
  if (mail.automatic && (found.ticket || found.notice))
    return std::optional{Threaded{false, "an automatic answer to a mail of ours", {}}};
  if (!found.ticket && found.held) {
    // Not dropped: whoever got a notice could wear its Message-ID in the spam that others report.
    const std::string& about = found.held->ticket_id;
    return std::optional{Threaded{
        true, "holds a notice of ours" + (about.empty() ? "" : " about " + about) + ", and opens nothing", about}};
  }
  if (mail.automatic) return std::nullopt;
  if (found.ticket) {
    if (equals_ignoring_case(mail.from_address, found.ticket->customer.email)) {
      TRY_ASSIGN(Threaded done, take_answer(desk, store, report, mail, *found.ticket));
      return std::optional{std::move(done)};
    }
    return std::optional{
        Threaded{true, "bears the token of " + found.ticket->id + ", but does not come from the account's address",
                 found.ticket->id}};
  }
  if (found.named.empty()) return std::nullopt;
  const Result<Ticket> named = store.ticket(found.named);
  if (!named) return std::nullopt;
  if (equals_ignoring_case(mail.from_address, named->customer.email))
    TRY(point_to_thread(desk, store, named->customer.email, *named));
  return std::optional{Threaded{true, "names " + found.named + " in its subject, which is no proof", found.named}};
}

}  // namespace abate::desk
