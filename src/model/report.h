// SPDX-License-Identifier: Apache-2.0
// model/report.h — one message as it arrived, and what reading made of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/incident.h"

namespace abate {

enum class Outcome : std::uint8_t { read, not_a_report, unreadable };
std::string_view outcome_name(Outcome outcome);
std::optional<Outcome> parse_outcome(std::string_view name);

struct DnsText {     // one TXT record
  std::string name;  // "sel._domainkey.example.org", lower case
  std::string text;  // its strings joined
  friend bool operator==(const DnsText&, const DnsText&) = default;
};

struct Reporter {
  std::string address;  // "fbl@example.org", may be empty
  std::optional<std::string> name;
  // "none", "api:DOMAIN" (a token), "dkim:DOMAIN" (a signature that is aligned with From), "dmarc:DOMAIN" or
  // "spf:DOMAIN" (the provider's own mail server says so).
  std::string authenticated = "none";
  bool disclosure = true;       // false: the reporter asks not to be named to the customer
  std::vector<DnsText> keys{};  // what DNS held when a signature was checked: the proof, kept with the report
  friend bool operator==(const Reporter&, const Reporter&) = default;
};

struct Bounce {  // a delivery status notification (RFC 3464) or a common free-form one, about a mail of ours
  std::string recipient;
  std::string action;      // "failed", "delayed", ...
  std::string status;      // "5.1.1", may be empty
  std::string diagnostic;  // what the other side said
  friend bool operator==(const Bounce&, const Bounce&) = default;
};

// What the desk needs of a mail besides its incidents: to lead an answer back into its thread (R35), to mark a notice
// that bounced (B3), and never to answer automation.
struct MailFacts {
  std::string from_address;  // lower case, of the first From
  std::string from_name;
  std::vector<std::string> recipients;  // lower case: To, Cc, Delivered-To, X-Original-To
  std::string subject;
  std::string message_id;               // without the angle brackets
  std::vector<std::string> references;  // In-Reply-To and References, without brackets, each once
  std::string text;                     // the first readable text, at most kMailTextBytesMax
  bool automatic = false;               // Auto-Submitted, Precedence, List-Id, null sender and the like
  std::optional<Bounce> bounce;
  std::vector<std::string> held_ids{};  // Message-IDs of mails within this one; for the thread only, not kept
  friend bool operator==(const MailFacts&, const MailFacts&) = default;
};
constexpr std::size_t kMailTextBytesMax = 64 * 1024;

// What `reading` makes of the bytes of one report.
struct Reading {
  std::string format;  // "arf", "xarf4", "mail", ...: the name of the format that read it
  Outcome outcome = Outcome::unreadable;
  std::vector<Incident> incidents;
  Reporter reporter;
  std::vector<std::string> warnings;  // what was wrong or missing, each a sentence
  std::optional<MailFacts> mail;
  std::vector<std::string> names_wanted;  // DNS names whose TXT records could prove who wrote it; not kept
  friend bool operator==(const Reading&, const Reading&) = default;
};
constexpr std::size_t kIncidentsPerReportMax = 100'000;
constexpr std::size_t kWarningsPerReportMax = 100;

// What a proof of who wrote a mail is judged by.
struct Witnesses {
  std::vector<DnsText> records;      // what DNS holds under Reading::names_wanted
  std::vector<std::string> trusted;  // authserv-ids (RFC 8601) of the provider's own mail servers, lower case
};

enum class Channel : std::uint8_t { lmtp, stdin_pipe, maildir, feed, http };
std::string_view channel_name(Channel channel);  // "lmtp", "deliver", "maildir", "feed", "http"
std::optional<Channel> parse_channel(std::string_view name);

enum class ReportStatus : std::uint8_t { received, read, not_a_report, unreadable, dismissed };
std::string_view report_status_name(ReportStatus status);
std::optional<ReportStatus> parse_report_status(std::string_view name);

// A kept report. Its bytes and incidents are asked for separately: they can be large.
struct Report {
  std::string id;  // "R-..."
  Instant received_at;
  ReportStatus status = ReportStatus::received;
  Channel channel = Channel::lmtp;  // of the first arrival
  std::string content_type;         // "message/rfc822", ...
  std::string sha256;
  std::size_t size_bytes = 0;
  std::uint32_t arrivals = 1;
  std::string token;  // name of the API token it came by; empty for mail
  std::string envelope_from;
  std::string envelope_to;    // of the first arrival
  std::string reason;         // why it was dismissed, or what a person should look at
  bool needs_person = false;  // waits in a person's queue
  std::string suggestion;     // "may belong to T-2026-000012": for a person to decide
  Reading reading;            // without incidents; empty while `received`
};

}  // namespace abate
