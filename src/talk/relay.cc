// SPDX-License-Identifier: Apache-2.0
#include "talk/relay.h"

#include <algorithm>

#include "base/text.h"

namespace abate::talk {
namespace {

constexpr int kReplyLinesMax = 100;
constexpr std::string_view kSender = "probe@example.org";
constexpr std::string_view kRecipient = "probe@example.com";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Result<SmtpReply> receive_reply(Line& line) {
  SmtpReply reply;
  for (int i = 0; i < kReplyLinesMax; ++i) {
    TRY_ASSIGN(const std::string text, line.receive_line());
    if (text.size() < 3 || !std::ranges::all_of(text.substr(0, 3), is_digit))
      return failure(Fault::malformed, "no mail server answers there, but: {}", text);
    reply.text += (reply.text.empty() ? "" : " ") + text;
    reply.code = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
    if (text.size() == 3 || text[3] != '-') return reply;
  }
  return failure(Fault::malformed, "an endless answer came");
}

Result<SmtpReply> say(Line& line, std::string_view command, std::string& came) {
  TRY(line.send(fmt::format("{}\r\n", command)));
  TRY_ASSIGN(SmtpReply reply, receive_reply(line));
  came += reply.text + "\n";
  return reply;
}

bool is_good(const SmtpReply& reply) { return reply.code >= 200 && reply.code < 300; }

Result<Trial> converse(const Peer& peer, const Bounds& bounds, const std::string& tried) {
  TRY_ASSIGN(Line line, Line::open(peer, bounds));
  TRY_ASSIGN(const SmtpReply greeting, receive_reply(line));
  std::string came = greeting.text + "\n";
  if (!is_good(greeting)) return trial(Outcome::unclear, tried, "greets with: " + greeting.text, came);
  TRY_ASSIGN(SmtpReply hello, say(line, "EHLO probe.example.net", came));
  if (!is_good(hello)) {
    TRY_ASSIGN(hello, say(line, "HELO probe.example.net", came));
  }
  TRY_ASSIGN(const SmtpReply sender, say(line, fmt::format("MAIL FROM:<{}>", kSender), came));
  if (!is_good(sender)) return trial(judge_recipient(sender), tried, sender.text, came);
  TRY_ASSIGN(const SmtpReply recipient, say(line, fmt::format("RCPT TO:<{}>", kRecipient), came));
  // It goes away politely; whether the server answers no longer matters.
  static_cast<void>(line.send("RSET\r\nQUIT\r\n"));
  return trial(judge_recipient(recipient), tried, recipient.text, came);
}

}  // namespace

Outcome judge_recipient(const SmtpReply& reply) {
  if (is_good(reply)) return Outcome::open;
  if (reply.code < 400 || reply.code > 599) return Outcome::unclear;
  if (reply.code == 530 || reply.code == 535) return Outcome::closed;  // RFC 4954: a password first
  // Postfix and Sendmail: "Relay access denied", "Relaying denied"; Exim: "relay not permitted"; qmail: "not in my list
  // of allowed rcpthosts (#5.7.1)"; Exchange: "5.7.54 Unable to relay". X.7.1 alone is also said of bad senders.
  for (const std::string_view word : {"relay", "rcpthosts", "authentication", "authenticate"})
    if (contains_ignoring_case(reply.text, word)) return Outcome::closed;
  return Outcome::unclear;
}

Trial try_relay(const Peer& peer, const Bounds& bounds) {
  const std::string tried =
      fmt::format("asked the mail server at {} to take mail from {} for {}", peer.to_string(), kSender, kRecipient);
  const Result<Trial> done = converse(peer, bounds, tried);
  return done ? *done : trial(tried, done.error());
}

}  // namespace abate::talk
