// SPDX-License-Identifier: Apache-2.0
// desk/ports/reports.h — the part of the store that holds reports, their arrivals, incidents and evidence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "desk/ports/page.h"
#include "model/assignment.h"
#include "model/attribution.h"
#include "model/incident.h"
#include "model/report.h"

namespace abate::desk {

// What one delivery brings. `identity` decides what is the same report: see desk/accept.h. The bytes are borrowed.
struct Arrival {
  Channel channel = Channel::lmtp;
  std::string_view bytes;
  std::string content_type = "message/rfc822";
  std::string envelope_from;
  std::string envelope_to;
  std::string token;            // name of the API token; empty for mail
  std::string reporter_domain;  // whom that token speaks for; empty for mail
  std::string identity;
  std::string sha256;
  Instant at;
};

struct Kept {
  std::string report_id;
  bool fresh = false;  // false: one more arrival of a report that was there
  std::string sha256;  // of the report that is kept
};

// How an incident was attributed, with the proof (B2).
struct Attribution {
  Verdict verdict = Verdict::not_ours;
  std::optional<Assignment> assignment;  // matched: the one that proves it
  std::vector<Assignment> candidates;    // ambiguous: those it could be
  TimeSpan span;                         // the time that was asked for
  std::uint64_t ledger_version = 0;      // which ledger said so
};

struct KeptIncident {
  std::string id;  // "R-....N"
  std::string report_id;
  std::string ticket_id;  // empty: none
  Incident incident;
  Attribution attribution;
  Instant seen_at;  // arrival of its report
};

// A report that waits to be read, claimed by one reader until a lease ends.
struct Unread {
  std::string id;
  std::string bytes;
  std::string content_type;
  Channel channel = Channel::lmtp;
  Instant received_at;
  std::string envelope_from;
  std::string envelope_to;
  std::string token;
  std::string reporter_domain;
  std::uint32_t tries = 0;  // earlier claims whose lease ran out: a report that kills its reader is not tried for ever
};

struct ReportFilter {
  std::optional<ReportStatus> status;
  std::optional<bool> needs_person;
  std::string token;  // only those that this token posted
};

struct ReportTotals {
  std::uint64_t received = 0, read = 0, not_a_report = 0, unreadable = 0, dismissed = 0, needs_person = 0;
};

struct ReporterRecord {  // B4: was this reporter right so far?
  std::uint64_t reports = 0;
  std::uint64_t opened = 0;  // reports that led to an opened ticket, and were not found to be harmful
  std::uint64_t dismissed = 0;
  std::uint64_t harmful = 0;  // false ones that hurt a customer or would have: a person said so
};

struct Echo {  // how much is heard of a ticket, and from how many
  std::uint64_t incidents = 0;
  std::uint64_t reporters = 0;  // by what they are authenticated as; all that are not count as one
};

class Reports {
 public:
  virtual ~Reports() = default;

  // Keeps the bytes (once), the report and the arrival. The id is `fresh_id` unless the identity is there already.
  virtual Result<Kept> keep(const Arrival& arrival, const std::string& fresh_id) = 0;
  virtual Result<Report> report(const std::string& id) = 0;
  virtual Result<std::string> report_bytes(const std::string& id) = 0;
  virtual Result<Listed<Report>> reports(const ReportFilter& filter, const Page& page) = 0;  // oldest first
  virtual Result<ReportTotals> report_totals() = 0;

  // Of the reports that claim_unread would give: how often the oldest was claimed before. 0 where there is none.
  virtual Result<std::uint32_t> tries_of_oldest_unread(Instant now) = 0;
  // At most `count` reports that are `received` and leased to nobody, oldest first; leased to `owner` until then.
  virtual Result<std::vector<Unread>> claim_unread(std::size_t count, const std::string& owner, Instant now,
                                                   Instant lease_until) = 0;
  // What reading made of it: status, format, reporter, warnings, mail facts (not the incidents). Ends the lease.
  // conflict: it was read meanwhile by somebody else whose lease was newer; then nothing may be saved for it.
  virtual Result<void> save_reading(const std::string& report_id, ReportStatus status, const Reading& reading,
                                    bool needs_person, const std::string& reason, const std::string& suggestion) = 0;
  virtual Result<void> set_report_status(const std::string& id, ReportStatus status, bool needs_person,
                                         const std::string& reason) = 0;

  virtual Result<void> add_incident(const KeptIncident& incident) = 0;  // evidence too: by hash, stored once
  virtual Result<std::vector<KeptIncident>> incidents_of_report(const std::string& report_id) = 0;
  // Newest first; with evidence bytes.
  virtual Result<Listed<KeptIncident>> incidents_of_ticket(const std::string& ticket_id, const Page& page) = 0;
  virtual Result<void> move_incidents(const std::vector<std::string>& incident_ids, const std::string& to_ticket) = 0;
  // All incidents of a ticket go over to another.
  virtual Result<void> move_all_incidents(const std::string& from_ticket, const std::string& to_ticket) = 0;
  virtual Result<std::vector<std::string>> report_ids_of_ticket(const std::string& ticket_id) = 0;
  virtual Result<void> mark_harmful(const std::string& report_id) = 0;
  virtual Result<ReporterRecord> reporter_record(const std::string& authenticated) = 0;
  // Of the newest incidents since then, at most kEchoMax. The report that is just being placed is not saved yet: give
  // its id and what it is authenticated as, or "".
  virtual Result<Echo> echo_of_ticket(const std::string& ticket_id, Instant since, const std::string& report_id,
                                      const std::string& authenticated) = 0;
};

}  // namespace abate::desk
