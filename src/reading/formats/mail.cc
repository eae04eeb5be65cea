// SPDX-License-Identifier: Apache-2.0
// Any other mail: what is clearly automation about ourselves opens nothing; all else waits for a person.
#include "base/text.h"
#include "reading/format.h"
#include "reading/settled.h"

namespace abate::reading {
extern const Format mail_format;
namespace {

// RFC 7489 section 7.2.1.1: "Report Domain: example.org Submitter: ...", or the file name receiver!domain!from!to.xml.
bool is_dmarc_aggregate(const Message& mail) {
  const std::string subject = mail.header("Subject");
  if (contains_ignoring_case(subject, "report domain:") && contains_ignoring_case(subject, "submitter:")) return true;
  for (const Part& part : mail.parts()) {
    const bool archive = part.type == "application/gzip" || part.type == "application/zip" ||
                         part.type == "application/x-gzip" || part.type == "application/x-zip-compressed" ||
                         part.type == "text/xml" || part.type == "application/xml";
    if (archive && std::count(part.name.begin(), part.name.end(), '!') >= 3) return true;
  }
  return false;
}

// RFC 3834: an answer that a program gave. Reports are sent by programs too, but as "auto-generated".
bool is_auto_reply(const Message& mail) {
  if (starts_with_ignoring_case(mail.header("Auto-Submitted"), "auto-replied")) return true;
  if (starts_with_ignoring_case(mail.header("Precedence"), "auto_reply")) return true;
  for (const char* name : {"X-Autoreply", "X-Autorespond", "X-Autoresponder"})
    if (mail.has_header(name) && !equals_ignoring_case(mail.header(name), "no")) return true;
  const std::string subject = mail.header("Subject");
  for (const std::string_view words : {"Automatic reply:",
                                       "Auto-Reply:",
                                       "Out of Office",
                                       "Autoreply:",
                                       "AutoReply:",
                                       "Automatische Antwort:",
                                       "Abwesenheitsnotiz",
                                       "Abwesend:",
                                       "Réponse automatique",
                                       "Respuesta automática",
                                       "Risposta automatica",
                                       "Resposta automática",
                                       "Automatisch antwoord",
                                       "Autosvar",
                                       "Automatisk svar",
                                       "Automaattinen vastaus",
                                       "Odpowiedź automatyczna",
                                       "Automatická odpov",
                                       "Automatikus válasz",
                                       "Răspuns automat",
                                       "Otomatik yanıt",
                                       "Автоответ",
                                       "Автоматический ответ",
                                       "Автоматична відповідь",
                                       "自動応答",
                                       "自动回复",
                                       "自動回覆",
                                       "자동 회신"})
    if (starts_with_ignoring_case(subject, words)) return true;
  return false;
}

// RFC 8098: read receipts.
bool is_receipt(const Message& mail) { return mail.find("message/disposition-notification").has_value(); }

bool is_delivery_report(const Message& mail) { return mail.find("message/delivery-status").has_value(); }

// Pay, or your pictures, your data, your line: sent to every address there is.
bool is_extortion(const Input& input) {
  const std::string& text = input.lower_head();
  const bool coin = text.find("bitcoin") != std::string::npos || text.find("btc") != std::string::npos;
  if (!coin || text.find("abuse report") != std::string::npos) return false;
  std::size_t signs = 0;
  for (const std::string_view words :
       {"webcam",         "your device",         "recorded you",      "i have access",     "i hacked",
        "hacked your",    "have hacked",         "full access",       "i recorded",        "48 hours",
        "pay me",         "payment of",          "your wallet",       "my wallet",         "transfer",
        "ransom",         "if you don't pay",    "if you do not pay", "will be published", "to all your contacts",
        "we will attack", "your network will be"})
    signs += text.find(words) != std::string::npos ? 1U : 0U;
  return signs >= 3;
}

// Addresses of a domain of ours stood in somebody else's leak (Have I Been Pwned): no server of ours did harm.
bool is_breach_notice(const Input& input) {
  const std::string& text = input.lower_head();
  const auto says = [&](std::string_view words) { return text.find(words) != std::string::npos; };
  return says("pwned") && says("breach") && (says("monitoring") || says("notification") || says("compromised data"));
}

bool is_newsletter(const Message& mail) { return mail.has_header("List-Unsubscribe") || mail.has_header("List-Id"); }

bool is_answer(const Message& mail) {
  if (!mail.has_header("In-Reply-To") && !mail.has_header("References")) return false;
  const std::string subject = mail.header("Subject");
  for (const std::string_view mark : {"re:", "aw:", "antw:", "sv:", "odp:", "rép:", "rif:"})
    if (starts_with_ignoring_case(subject, mark)) return true;
  return false;
}

// What it is when it surely is no report, or "".
std::string_view surely(const Input& input) {
  const Message& mail = *input.message();
  if (input.facts().bounce) return "a delivery failure of a mail of ours";
  if (is_delivery_report(mail)) return "a delivery report";
  if (is_receipt(mail)) return "a read receipt";
  if (is_dmarc_aggregate(mail)) return "a DMARC aggregate report";
  if (is_auto_reply(mail)) return "an automatic answer";
  if (const auto what = settles(input); !what.empty()) return what;
  if (returns_our_notice(input)) return "a notice of ours that came back";
  if (is_extortion(input)) return "an attempt at extortion, sent to many";
  return {};
}

// Sure of itself where it opens nothing; else the last to be asked.
int recognise(const Input& input) {
  if (input.message() == nullptr) return 0;
  return surely(input).empty() ? 2 : 60;
}

Result<Reading> read(const Input& input) {
  const Message& mail = *input.message();
  Reading reading;
  std::string_view what = surely(input);
  // Formats that look for harm were asked before and found none.
  if (what.empty() && is_answer(mail)) what = "an answer that reports nothing new";
  if (what.empty() && is_breach_notice(input)) what = "a notice that addresses stood in a data breach elsewhere";
  if (what.empty() && is_newsletter(mail)) what = "a mailing to a list";
  if (!what.empty()) {
    reading.outcome = Outcome::not_a_report;
    reading.warnings.push_back(fmt::format("This is {}", what));
    return reading;
  }
  reading.outcome = Outcome::unreadable;
  if (mail.header_count() == 0) reading.warnings.emplace_back("The mail has no header that can be read");
  reading.warnings.emplace_back("No format that is known here: a person must look");
  return reading;
}

constexpr std::string_view kPerson =
    "From: Ann <ann@example.org>\nTo: abuse@hoster.example\nSubject: =?utf-8?B?w5xiZXJmYWxs?=\n\nYour server annoys "
    "me.\n";
constexpr std::string_view kBounce =
    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nSubject: Undelivered Mail Returned to Sender\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: "
    "text/plain\n\nSorry.\n"
    "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
    "Final-Recipient: rfc822; kim@example.org\nAction: failed\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 no such user\n\n"
    "--b\nContent-Type: message/rfc822\n\nMessage-ID: <T-2026-000001.1@hoster.example>\nSubject: Ticket\n\nx\n--b--\n";
constexpr std::string_view kAway =
    "From: bob@example.org\nAuto-Submitted: auto-replied (vacation)\nSubject: Out of office\n\nI am away.\n";
constexpr std::string_view kDmarc =
    "From: noreply-dmarc@example.com\nSubject: Report domain: hoster.example Submitter: example.com Report-ID: <1>\n"
    "Content-Type: application/gzip; name=\"example.com!hoster.example!1!2.xml.gz\"\n\nxx\n";
constexpr std::string_view kExtortion =
    "From: x@example.org\nSubject: Your account\n\nI hacked your device and recorded you by your webcam. If you do not "
    "pay 500 "
    "USD in bitcoin to my wallet, all goes to all your contacts. My address is 192.0.2.1.\n";
constexpr std::string_view kAnswer =
    "From: ann@example.org\nIn-Reply-To: <1@hoster.example>\nSubject: Re: [T-1] SSH brute force\n\nThank you, it "
    "stopped.\n\n"
    "> please stop the brute force from 192.0.2.1\n";
constexpr std::string_view kBreach =
    "From: breaches@example.org\nSubject: 3 addresses on hoster.example have been pwned in the Acme data breach\n\n"
    "You are monitoring this domain. Compromised data: email addresses, passwords.\n";
constexpr std::string_view kDelisted =
    "From: bl@example.org\nSubject: Delisted 192.0.2.1\n\nThe address 192.0.2.1 was removed from our blocklist.\n";
constexpr std::string_view kTakenBack =
    "From: soc@example.org\nSubject: False positive\n\nPlease disregard our port scan report about 192.0.2.1.\n";
constexpr std::string_view kNotYet =
    "From: soc@example.org\nSubject: Notice\n\nIf you have dealt with it you can disregard our notice.\n";
constexpr std::string_view kNoEmptyLine = "From: a@example.org\nSubject: x\nthis is no header\nnor this\n";

constexpr Example kExamples[] = {
    {"a person writes", "message/rfc822", kPerson, Outcome::unreadable, 0, "", ""},
    {"a bounce", "message/rfc822", kBounce, Outcome::not_a_report, 0, "", ""},
    {"an auto-reply", "message/rfc822", kAway, Outcome::not_a_report, 0, "", ""},
    {"a DMARC aggregate", "message/rfc822", kDmarc, Outcome::not_a_report, 0, "", ""},
    {"an extortionist", "message/rfc822", kExtortion, Outcome::not_a_report, 0, "", ""},
    {"an answer", "message/rfc822", kAnswer, Outcome::not_a_report, 0, "", ""},
    {"a breach elsewhere", "message/rfc822", kBreach, Outcome::not_a_report, 0, "", ""},
    {"not settled yet", "message/rfc822", kNotYet, Outcome::unreadable, 0, "", ""},
    {"taken back", "message/rfc822", kTakenBack, Outcome::not_a_report, 0, "", ""},
    {"taken off a list", "message/rfc822", kDelisted, Outcome::not_a_report, 0, "", ""},
    {"no empty line before the body", "message/rfc822", kNoEmptyLine, Outcome::unreadable, 0, "", ""},
};

}  // namespace

constinit const Format mail_format{
    .name = "mail",
    .title = "a mail",
    .explain =
        R"(A mail in no format that is known here. Bounces, delivery reports, read receipts, automatic answers,
DMARC aggregates, extortion, and answers and mailings that name no culprit are understood and open nothing. Everything else waits for a person, with its text shown.)",
    .recognise = recognise,
    .sure_max = 60,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
