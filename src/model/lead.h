// SPDX-License-Identifier: Apache-2.0
// model/lead.h — a fact of the ticket that the sweep can look for.
//
// leads_of() is pure: incidents (and the mails that they hold as evidence) in, leads out. Written as "kind:value".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "model/incident.h"

namespace abate {

enum class LeadKind : std::uint8_t {
  address,  // ours: 203.0.113.10
  remote,   // somebody harmed, or a destination: 198.51.100.7
  port,     // of ours: 25
  url,
  domain,
  path,  // of a URL, or a file's name
  queue_id,
  message_id,
  user,      // an account, a mailbox
  hash,      // md5, sha1 or sha256 of a file, hex
  infohash,  // of a torrent, hex
  subject,   // of a mail
  script,    // X-PHP-Script, X-PHP-Originating-Script: "33:mail.php"
  time,
};
std::string_view lead_kind_name(LeadKind kind);

struct Lead {
  LeadKind kind;
  std::string value;
  std::string from;  // "Received line 2", "incident 1"

  [[nodiscard]] std::string text() const;  // "queue_id:4XyZ"
  friend bool operator==(const Lead&, const Lead&) = default;
};

struct Case {          // what the sweep knows of the ticket
  std::string ticket;  // "T-2026-000123", or "" for a bare report
  Category category = Category::other;
  std::string type;  // of the first incident
  std::vector<Incident> incidents;
  std::vector<IpAddress> addresses;  // the service's, and the incidents' sources
  std::vector<Lead> leads;
  std::optional<TimeSpan> span;  // of the harm, first to last
  std::optional<Instant> reported_at;
};

// Of each incident: its address, port, URL, time, and what the mails and log lines that it holds as evidence say: queue
// ids, Message-IDs, accounts, scripts, hashes. Each lead once, at most kLeadsMax.
std::vector<Lead> leads_of(const std::vector<Incident>& incidents);
constexpr std::size_t kLeadsMax = 500;

// The case of a bare report: category, addresses, span and leads from its incidents.
Case case_of(std::string ticket, std::vector<Incident> incidents);

}  // namespace abate
