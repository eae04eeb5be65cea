// SPDX-License-Identifier: Apache-2.0
// What a person or an unknown program writes: the catch-all before `mail` and `text`.
#include "base/text.h"
#include "reading/format.h"
#include "reading/prose/prose.h"

namespace abate::reading {
extern const Format free_text_format;
namespace {

int recognise(const Input& input) {
  if (input.message() != nullptr) return 3;
  return input.bytes().empty() || input.json() != nullptr ? 0 : 3;
}

// What is sent to a list blames somebody only where a log or a label does.
Result<Reading> read(const Input& input) {
  Result<Reading> reading = prose::read(input, {});
  const bool mailing = input.message() != nullptr && input.message()->has_header("List-Unsubscribe");
  if (!reading || !mailing) return reading;
  const bool clear = std::ranges::any_of(reading->incidents, [](const Incident& i) { return i.confidence > 0.5; });
  if (!clear) return failure(Fault::not_found, "a mailing to a list, and nothing in it blames somebody clearly");
  return reading;
}

constexpr std::string_view kSsh =
    "From: Ann <ann@victim.example>\nTo: abuse@hoster.example\nDate: Sat, 10 Oct 2026 14:20:00 +0200\n"
    "Subject: SSH brute force from 192.0.2.7\n\nDear team,\n\nplease stop this. Times are UTC.\n\n"
    "Oct 10 10:00:01 mail sshd[123]: Failed password for root from 192.0.2.7 port 4711 ssh2\n"
    "Oct 10 10:00:09 mail sshd[124]: Failed password for root from 192.0.2.7 port 4712 ssh2\n\nRegards, Ann\n-- \n"
    "Ann, server 198.51.100.1\n";
constexpr std::string_view kPhishing =
    "From: csirt@bank.example\nTo: abuse@hoster.example\nSubject: Phishing site\n\nHello,\n\na phishing page for our "
    "customers is hosted at hxxps://login[.]example[.]com/bank/ (192.0.2.8).\nOur real site is "
    "https://www.bank.example/.\n";
constexpr std::string_view kGerman =
    "From: Otto <otto@opfer.example>\nSubject: Angriffe\n\nGuten Tag,\n\nvon Ihrem Server 192.0.2.9 kommen seit dem "
    "10.10.2026 12:00:00 MESZ Anmeldeversuche auf unseren Server 198.51.100.9.\n";
constexpr std::string_view kFirewall =
    "Abuse report. Our firewall logged a port scan:\n"
    "2026-10-10T10:00:00+02:00 fw kernel: DROP IN=eth0 SRC=192.0.2.10 DST=198.51.100.2 PROTO=TCP SPT=4000 DPT=23\n";

constexpr std::string_view kSpamAttached =
    "From: joe@victim.example\nTo: abuse@hoster.example\nSubject: Spam\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nThis spam came from you.\n"
    "--b\nContent-Type: message/rfc822\n\nReceived: from x.example ([192.0.2.6]) by mx.victim.example; Sat, 10 Oct "
    "2026 "
    "01:00:00 +0000\nFrom: win@x.example\nTo: joe@victim.example\nSubject: Win\n\nhttp://x.example/ "
    "198.51.100.1\n--b--\n";

constexpr Example kExamples[] = {
    {"log lines of sshd and a signature", "message/rfc822", kSsh, Outcome::read, 1, "connection/login_attack",
     "192.0.2.7"},
    {"a page with its address", "message/rfc822", kPhishing, Outcome::read, 1, "content/phishing", "192.0.2.8"},
    {"German, victim behind the culprit", "message/rfc822", kGerman, Outcome::read, 1, "connection/login_attack",
     "192.0.2.9"},
    {"a firewall's line", "text/plain", kFirewall, Outcome::read, 1, "connection/port_scan", "192.0.2.10"},
    {"a spam attached", "message/rfc822", kSpamAttached, Outcome::read, 1, "messaging/spam", "192.0.2.6"},
};

}  // namespace

constinit const Format free_text_format{
    .name = "free_text",
    .title = "a report in words",
    .explain =
        R"(Free text by people and programs, in any language that uses digits and URLs. Addresses are told apart by
the words and log formats around them (culprit, victim, reporter, relay, hop); the kind is found by its wording; times
get their zone from the value, the text or the mail. Log lines of one culprit are one incident with a count. Where the
harm is a page, each URL is an incident, and only URLs that the text complains about. What blames nobody waits for a
person.)",
    .recognise = recognise,
    .sure_max = 3,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
