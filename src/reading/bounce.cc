// SPDX-License-Identifier: Apache-2.0
// Bounces: RFC 3464 reports, and what qmail, Exim, Postfix, Exchange and others write in prose.
#include "base/text.h"
#include "reading/mail_facts.h"

namespace abate::reading {
namespace {

constexpr std::size_t kDiagnosticBytesMax = 1'000;
constexpr std::size_t kTextLookedAtBytesMax = 8 * 1024;

std::string tidy(std::string_view value) { return shorten(trim(value), kDiagnosticBytesMax); }

std::string mail_in(std::string_view text) {
  const auto found = parse_addresses(text);
  return found.empty() ? std::string() : found.front().mail;
}

// The groups of message/delivery-status, one a recipient. A failed recipient is told before a delayed one.
std::optional<Bounce> from_delivery_status(std::string_view body) {
  const Fields fields = Fields::parse(body, false);
  std::optional<Bounce> best;
  Bounce current;
  const auto finish = [&] {
    const bool news = current.action == "failed" || current.action == "delayed";
    if (news && (!best || (best->action != "failed" && current.action == "failed"))) best = current;
    current = {};
  };
  for (const Field& field : fields.all()) {
    const std::string value = make_valid_utf8(trim(field.raw));
    if (equals_ignoring_case(field.name, "Original-Recipient")) {
      if (!current.action.empty()) finish();
      if (current.recipient.empty()) current.recipient = mail_in(after_semicolon(value));
    } else if (equals_ignoring_case(field.name, "Final-Recipient")) {
      if (!current.action.empty()) finish();
      if (current.recipient.empty()) current.recipient = mail_in(after_semicolon(value));
    } else if (equals_ignoring_case(field.name, "Action")) {
      current.action = to_lower(value.substr(0, value.find_first_of(" \t(;")));
    } else if (equals_ignoring_case(field.name, "Status")) {
      current.status = value.substr(0, value.find_first_of(" \t("));
    } else if (equals_ignoring_case(field.name, "Diagnostic-Code")) {
      current.diagnostic = tidy(after_semicolon(value));
    }
  }
  finish();
  return best;
}

struct Phrase {
  std::string_view words;
  std::string_view action;
};
// From the mailers' own messages. Each is long enough not to stand in an ordinary complaint by accident.
constexpr std::array kPhrases{
    Phrase{"This is the qmail-send program", "failed"},
    Phrase{"This message was created automatically by mail delivery software", "failed"},
    Phrase{"could not be delivered to one or more", "failed"},
    Phrase{"The following address(es) failed", "failed"},
    Phrase{"I'm sorry to have to inform you that your message could not", "failed"},
    Phrase{"This is the mail system at host", "failed"},
    Phrase{"Your message did not reach some or all of the intended recipients", "failed"},
    Phrase{"Delivery has failed to these recipients or groups", "failed"},
    Phrase{"Delivery to the following recipients failed", "failed"},
    Phrase{"Delivery to the following recipient failed permanently", "failed"},
    Phrase{"The following recipient(s) cannot be reached", "failed"},
    Phrase{"The original message was received at", "failed"},
    Phrase{"Message could not be delivered", "failed"},
    Phrase{"Your message wasn't delivered to", "failed"},
};
constexpr std::array kSubjects{
    Phrase{"Undelivered Mail Returned to Sender", "failed"},
    Phrase{"Mail delivery failed", "failed"},
    Phrase{"Undeliverable:", "failed"},
    Phrase{"Undeliverable mail", "failed"},
    Phrase{"Delivery Status Notification (Failure)", "failed"},
    Phrase{"Delivery Status Notification (Delay)", "delayed"},
    Phrase{"Delivery failure", "failed"},
    Phrase{"Mail System Error - Returned Mail", "failed"},
    Phrase{"failure notice", "failed"},
    Phrase{"Returned mail:", "failed"},
    Phrase{"Message delayed", "delayed"},
    Phrase{"Warning: message", "delayed"},
    Phrase{"Delayed Mail (still being retried)", "delayed"},
    Phrase{"Unzustellbar:", "failed"},
    Phrase{"Non remis", "failed"},
    Phrase{"No se puede entregar:", "failed"},
};

bool from_a_mailer(const Message& message) {
  if (message.has_header("X-Failed-Recipients")) return true;
  if (trim(message.header("Return-Path")) == "<>") return true;
  for (const Address& from : message.addresses("From"))
    for (const std::string_view name : {"mailer-daemon@", "postmaster@", "mailerdaemon@", "microsoftexchange"})
      if (from.mail.starts_with(name)) return true;
  return contains_ignoring_case(message.header("From"), "mailer-daemon") ||
         contains_ignoring_case(message.header("From"), "mail delivery s");
}

// "5.1.1" where it stands alone in the text.
std::string status_in(std::string_view text) {
  for (std::size_t i = 0; i + 4 < text.size(); ++i) {
    const bool starts = (text[i] == '5' || text[i] == '4') && text[i + 1] == '.' &&
                        (i == 0 || std::string_view(" \t\n(#[").find(text[i - 1]) != std::string_view::npos);
    if (!starts) continue;
    std::size_t end = i + 1;
    int dots = 0;
    while (end < text.size() && (text[end] == '.' || (text[end] >= '0' && text[end] <= '9')))
      dots += text[end++] == '.' ? 1 : 0;
    if (text[end - 1] == '.') {
      --dots;
      --end;
    }
    if (dots == 2 && end - i <= 9) return std::string(text.substr(i, end - i));
  }
  return {};
}

// Prose names the recipient on a line of its own, or in angle brackets, mostly with a colon behind: "<a@b>:".
std::string recipient_in(std::string_view text, const Message& message) {
  if (auto known = mail_in(message.header("X-Failed-Recipients")); !known.empty()) return known;
  for (const std::string_view raw : split(text, '\n')) {
    std::string_view line = trim(raw);
    while (line.ends_with(':') || line.ends_with('.')) line.remove_suffix(1);
    const bool bracketed = line.starts_with('<') && line.find('>') != std::string_view::npos;
    if (bracketed) line = line.substr(0, line.find('>') + 1);
    if (line.find('@') == std::string_view::npos || line.find(' ') != std::string_view::npos) continue;
    if (auto mail = mail_in(line); !mail.empty()) return mail;
  }
  return {};
}

std::string diagnostic_in(std::string_view text) {
  for (const std::string_view raw : split(text, '\n')) {
    const std::string_view line = trim(raw);
    for (const std::string_view word : {"said:", "550", "551", "552", "553", "554", "Remote host", "error from"})
      if (line.find(word) != std::string_view::npos) return tidy(line);
  }
  return {};
}

}  // namespace

std::optional<Bounce> find_bounce(const Message& message, std::string_view whole_text) {
  for (const std::string_view type : {"message/delivery-status", "message/global-delivery-status"})
    if (const auto part = message.find(type))
      if (auto bounce = from_delivery_status(message.content(*part))) {
        if (bounce->diagnostic.empty()) bounce->diagnostic = diagnostic_in(whole_text.substr(0, kTextLookedAtBytesMax));
        return bounce;
      }
  if (message.find("message/delivery-status")) return std::nullopt;  // it tells of a success
  if (message.find("message/feedback-report")) return std::nullopt;  // RFC 5965 is no bounce, whoever sends it
  if (!from_a_mailer(message)) return std::nullopt;
  const std::string_view text = whole_text.substr(0, kTextLookedAtBytesMax);
  const std::string subject = message.header("Subject");
  std::string_view action;
  for (const Phrase& phrase : kSubjects)
    if (action.empty() && contains_ignoring_case(subject, phrase.words)) action = phrase.action;
  for (const Phrase& phrase : kPhrases)
    if (action.empty() && contains_ignoring_case(text, phrase.words)) action = phrase.action;
  if (action.empty()) return std::nullopt;
  if (contains_ignoring_case(text, "will keep trying") || contains_ignoring_case(text, "has not yet been delivered"))
    action = "delayed";
  return Bounce{.recipient = recipient_in(text, message),
                .action = std::string(action),
                .status = status_in(text),
                .diagnostic = diagnostic_in(text)};
}

}  // namespace abate::reading
