// SPDX-License-Identifier: Apache-2.0
// store/transaction.h — the desk's Transaction on a Connection. One file a port: reports.cc, incidents.cc, tickets.cc,
// history.cc, outbox.cc, probes.cc, accounts.cc, ledger.cc. Lives within one begin() and commit(); not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "base/hash.h"
#include "desk/ports/store.h"
#include "store/connection.h"

namespace abate::store {

constexpr std::uint64_t kEchoMax = 1000;           // echo_of_ticket: of the newest incidents
constexpr std::uint64_t kRecordReportsMax = 1000;  // reporter_record: of the newest reports
constexpr std::uint64_t kWalkRows = 4096;          // walks read so many rows at a time
constexpr std::uint64_t kSweepRowsPerRow = 3;      // rows of dropped ledgers that go while one new row comes
constexpr std::uint64_t kSweepRowsAtOnce = 50'000;
constexpr std::chrono::hours kFailedSignInsKept{24};
constexpr std::chrono::days kTakenKeysKept{30};  // an Idempotency-Key is honoured that long

class StoreTransaction final : public desk::Transaction {
 public:
  explicit StoreTransaction(Connection& connection) : connection_{connection} {}
  // Writes what was counted. To be called once, before the commit.
  Result<void> finish();

  // Reports
  Result<desk::Kept> keep(const desk::Arrival& arrival, const std::string& fresh_id) override;
  Result<Report> report(const std::string& id) override;
  Result<std::string> report_bytes(const std::string& id) override;
  Result<desk::Listed<Report>> reports(const desk::ReportFilter& filter, const desk::Page& page) override;
  Result<desk::ReportTotals> report_totals() override;
  Result<std::uint32_t> tries_of_oldest_unread(Instant now) override;
  Result<std::vector<desk::Unread>> claim_unread(std::size_t count, const std::string& owner, Instant now,
                                                 Instant lease_until) override;
  Result<void> save_reading(const std::string& report_id, ReportStatus status, const Reading& reading,
                            bool needs_person, const std::string& reason, const std::string& suggestion) override;
  Result<void> set_report_status(const std::string& id, ReportStatus status, bool needs_person,
                                 const std::string& reason) override;
  Result<void> add_incident(const desk::KeptIncident& incident) override;
  Result<std::vector<desk::KeptIncident>> incidents_of_report(const std::string& report_id) override;
  Result<desk::Listed<desk::KeptIncident>> incidents_of_ticket(const std::string& ticket_id,
                                                               const desk::Page& page) override;
  Result<void> move_incidents(const std::vector<std::string>& incident_ids, const std::string& to_ticket) override;
  Result<void> move_all_incidents(const std::string& from_ticket, const std::string& to_ticket) override;
  Result<std::vector<std::string>> report_ids_of_ticket(const std::string& ticket_id) override;
  Result<void> mark_harmful(const std::string& report_id) override;
  Result<desk::ReporterRecord> reporter_record(const std::string& authenticated) override;
  Result<desk::Echo> echo_of_ticket(const std::string& ticket_id, Instant since, const std::string& report_id,
                                    const std::string& authenticated) override;

  // Tickets and history
  Result<Ticket> ticket(const std::string& id) override;
  Result<Ticket> ticket_by_reply_token(const std::string& token) override;
  Result<std::optional<Ticket>> joinable_ticket(const std::string& service_id, Category category, Instant now) override;
  Result<std::vector<Ticket>> tickets_of_service(const std::string& service_id) override;
  Result<desk::Listed<Ticket>> tickets(const desk::TicketFilter& filter, const desk::Page& page) override;
  Result<std::vector<std::pair<TicketState, std::uint64_t>>> ticket_totals() override;
  Result<std::uint64_t> next_ticket_number(int year) override;
  Result<void> insert_ticket(const Ticket& ticket, std::optional<Instant> next_due_at) override;
  Result<void> update_ticket(Ticket& ticket, std::optional<Instant> next_due_at) override;
  Result<void> release_leases(const std::string& owner_prefix) override;
  Result<void> touch_ticket(const Ticket& ticket, std::optional<Instant> next_due_at) override;
  Result<std::vector<Ticket>> claim_due(std::size_t count, const std::string& owner, Instant now,
                                        Instant lease_until) override;
  Result<std::optional<Instant>> earliest_due() override;
  Result<std::uint64_t> automatic_measures_since(Instant since) override;
  Result<Entry> append_entry(const std::string& stream, Instant at, const std::string& actor, EntryKind kind,
                             const std::string& canonical_body) override;
  Result<desk::Listed<Entry>> entries(const std::string& stream, const desk::Page& page) override;
  Result<void> walk_history(const std::function<Result<void>(const Entry&)>& visit,
                            const std::function<Result<void>(const std::string& stream, std::uint64_t seq,
                                                             const std::string& hash)>& head) override;

  // Outbox and notices
  Result<void> enqueue(const desk::OutboxItem& item) override;
  Result<std::vector<desk::OutboxItem>> claim_outbox(std::size_t count, const std::string& owner, Instant now,
                                                     Instant lease_until) override;
  Result<void> outbox_done(const std::string& key) override;
  Result<void> outbox_retry(const std::string& key, Instant due_at, const std::string& error) override;
  Result<void> outbox_give_up(const std::string& key, const std::string& error) override;
  Result<std::uint64_t> orders_open(const std::string& ticket_id, std::uint32_t measure_number, bool on) override;
  Result<std::optional<Instant>> earliest_outbox_due() override;
  Result<desk::OutboxTotals> outbox_totals() override;
  Result<void> insert_notice(const Notice& notice) override;
  Result<Notice> notice(const std::string& token) override;
  Result<void> update_notice(const Notice& notice) override;
  Result<std::vector<Notice>> notices_of_ticket(const std::string& ticket_id) override;
  Result<bool> pointed_since(const std::string& address, Instant since) override;

  // Probes
  Result<void> schedule_probe(const std::string& ticket_id, ProbeWhy why, Instant due_at) override;
  Result<std::vector<desk::DueProbe>> claim_probes(std::size_t count, const std::string& owner, Instant now,
                                                   Instant lease_until) override;
  Result<void> probe_done(const desk::DueProbe& probe) override;
  Result<std::optional<Instant>> earliest_probe_due() override;

  // Accounts
  Result<void> add_user(const User& user) override;
  Result<User> user(const std::string& email) override;
  Result<std::vector<User>> users() override;
  Result<void> set_password_hash(const std::string& email, const std::string& hash) override;
  Result<void> remove_user(const std::string& email) override;
  Result<void> add_token(const ApiToken& token) override;
  Result<ApiToken> token_by_secret(const std::string& secret_sha256) override;
  Result<std::vector<ApiToken>> tokens() override;
  Result<void> remove_token(const std::string& name) override;
  Result<void> add_ticket_token(const TicketToken& token, std::size_t kept_max) override;
  Result<TicketToken> ticket_token(const std::string& secret_sha256, Instant now) override;
  Result<std::uint64_t> end_ticket_tokens(const std::string& ticket_id) override;
  Result<std::string> take_key(const std::string& key, const std::string& said, Instant now) override;
  Result<std::string> said_under_key(const std::string& key) override;
  Result<void> add_session(const Session& session) override;
  Result<Session> session(const std::string& secret_sha256, Instant now) override;
  Result<void> end_session(const std::string& secret_sha256) override;
  Result<void> end_sessions_of(const std::string& email, Instant now) override;
  Result<void> note_failed_sign_in(const std::string& email, const std::string& from, Instant at) override;
  Result<std::uint64_t> failed_sign_ins(const std::string& email, const std::string& from, Instant since) override;
  Result<void> forget_failed_sign_ins(const std::string& email) override;

  // Ledger
  Result<std::uint64_t> ledger_version() override;
  Result<std::uint64_t> ledger_begin() override;
  Result<void> ledger_add_owners(std::uint64_t version, std::uint32_t first_owner,
                                 const std::vector<desk::LedgerOwner>& owners) override;
  Result<void> ledger_add_rows(std::uint64_t version, const std::vector<Ownership>& rows) override;
  Result<void> ledger_switch(std::uint64_t version) override;
  Result<void> ledger_drop_others(std::uint64_t keep_version) override;
  Result<std::uint64_t> ledger_size(std::uint64_t version) override;
  Result<void> ledger_walk(std::uint64_t version, const std::function<void(const Ownership&)>& visit) override;
  Result<void> ledger_walk_owners(std::uint64_t version,
                                  const std::function<void(const desk::LedgerOwner&)>& visit) override;
  Result<Assignment> assignment(std::uint64_t version, std::uint32_t row) override;
  Result<std::vector<Assignment>> assignments_of_service(std::uint64_t version, const std::string& service_id) override;
  Result<Customer> customer(const std::string& customer_id) override;

 private:
  void count(std::string what, std::int64_t by) { counted_[std::move(what)] += by; }
  Result<std::map<std::string, std::int64_t>> totals();

  Result<void> fill_evidence(desk::KeptIncident& kept);
  Result<Ticket> one_ticket(const Statement& statement, std::initializer_list<Value> values,
                            const std::string& missing);
  Result<std::vector<Ticket>> many_tickets(const Statement& statement, std::span<const Value> values);
  Result<void> fill_measures(Ticket& ticket);
  Result<void> put_measures(const Ticket& ticket);
  Result<void> write_ticket(const Ticket& ticket, std::optional<Instant> next_due_at, int version_step);
  Result<void> change_ticket(const Ticket& ticket, std::optional<Instant> next_due_at, int version_step);
  Result<void> grow_ledger(std::uint64_t version, std::uint64_t rows, std::uint64_t rows_end, std::uint64_t owners_end);
  Result<void> sweep_ledgers(std::uint64_t rows_max);

  Connection& connection_;
  std::map<std::string, std::int64_t> counted_;
  std::string evidence_report_;  // the report whose bytes were read last, for evidence that is a range of them
  std::string evidence_bytes_;
};

// Lists: a cursor is the number of the last row that was seen.
Result<std::int64_t> read_cursor(const std::string& after, std::int64_t from_the_beginning);
std::uint64_t page_limit(const desk::Page& page);
// Hash columns hold 32 bytes; the model says 64 hex digits, or "".
std::string hash_bytes(std::string_view hex);
std::string hash_hex(std::string_view bytes);

}  // namespace abate::store
