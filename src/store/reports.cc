// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <limits>

#include "base/text.h"
#include "store/rows.h"
#include "store/transaction.h"

namespace abate::store {
namespace {

std::unexpected<Error> no_report(const std::string& id) {
  return failure(Fault::not_found, "there is no report {}", id);
}

struct NumberedReport {
  std::int64_t number = 0;
  Report report;
};

// Columns as in the part report_columns.
Result<NumberedReport> read_report(const Row& row) {
  NumberedReport out{.number = row.integer(0), .report = {}};
  Report& report = out.report;
  report.id = row.string(1);
  report.received_at = row.at(2);
  report.status = parse_report_status(row.view(3)).value_or(ReportStatus::unreadable);
  report.needs_person = row.flag(4);
  report.channel = parse_channel(row.view(5)).value_or(Channel::lmtp);
  report.content_type = row.string(6);
  report.sha256 = hash_hex(row.view(7));
  report.size_bytes = static_cast<std::size_t>(row.integer(8));
  report.arrivals = row.small(9);
  report.token = row.string(10);
  report.envelope_from = row.string(11);
  report.envelope_to = row.string(12);
  report.reason = row.string(13);
  report.suggestion = row.string(14);
  if (!row.null(15)) {
    TRY_ASSIGN(report.reading, read_reading(row.view(15)));
  }
  return out;
}

void count_report(std::map<std::string, std::int64_t>& counted, ReportStatus status, bool needs_person,
                  std::int64_t by) {
  counted["report/" + std::string{report_status_name(status)}] += by;
  if (needs_person) counted["report/needs_person"] += by;
}

Statement list_statement(const desk::ReportFilter& filter) {
  if (!filter.token.empty()) return statement("list_reports_of_token");
  if (filter.needs_person.value_or(false)) return statement("list_reports_for_person");
  if (filter.status && *filter.status != ReportStatus::read) return statement("list_reports_of_status");
  return statement("list_reports");
}

}  // namespace

Result<std::int64_t> read_cursor(const std::string& after, std::int64_t from_the_beginning) {
  if (after.empty()) return from_the_beginning;
  std::int64_t cursor = 0;
  const auto [end, problem] = std::from_chars(after.data(), after.data() + after.size(), cursor);
  if (problem != std::errc{} || end != after.data() + after.size() || cursor < 0)
    return failure(Fault::malformed, "this cursor did not come from a list: leave it out to begin again");
  return cursor;
}

std::uint64_t page_limit(const desk::Page& page) { return std::clamp<std::uint64_t>(page.limit, 1, desk::kPageMax); }

std::string hash_bytes(std::string_view hex) { return from_hex(hex).value_or(""); }

std::string hash_hex(std::string_view bytes) { return to_hex(bytes); }

Result<desk::Kept> StoreTransaction::keep(const desk::Arrival& arrival, const std::string& fresh_id) {
  const Sha256 identity = sha256(arrival.identity);
  const std::string hash = hash_bytes(arrival.sha256);
  if (hash.size() != identity.size()) return failure(Fault::malformed, "an arrival came without its SHA-256");
  const std::string_view channel = channel_name(arrival.channel);
  std::int64_t report_number = 0;
  std::int64_t nth = 0;
  desk::Kept kept;
  TRY(connection_.run(
      statement("insert_report"),
      {text(fresh_id), bytes({reinterpret_cast<const char*>(identity.data()), identity.size()}), time(arrival.at),
       text(channel), bytes(arrival.content_type), bytes(hash), number(arrival.bytes.size()), text(arrival.token),
       bytes(arrival.reporter_domain), bytes(arrival.envelope_from), bytes(arrival.envelope_to), bytes("")},
      [&](const Row& row) {
        report_number = row.integer(0);
        kept.report_id = row.string(1);
        kept.sha256 = hash_hex(row.view(2));
        nth = row.integer(3);
      }));
  kept.fresh = nth == 1;
  if (!kept.fresh) {
    TRY(connection_.defer(statement("insert_arrival"),
                          {number(report_number), number(nth), time(arrival.at), text(channel), text(arrival.token),
                           bytes(arrival.envelope_from), bytes(arrival.envelope_to)}));
    return kept;
  }
  count_report(counted_, ReportStatus::received, false, 1);
  TRY(connection_.defer(statement("insert_blob"), {bytes(hash), bytes(arrival.bytes)}));
  return kept;
}

Result<Report> StoreTransaction::report(const std::string& id) {
  Result<NumberedReport> found = no_report(id);
  TRY(connection_.run(statement("report"), {text(id)}, [&](const Row& row) { found = read_report(row); }));
  if (!found) return std::unexpected(found.error());
  return std::move(found->report);
}

Result<std::string> StoreTransaction::report_bytes(const std::string& id) {
  Result<std::string> found = no_report(id);
  TRY(connection_.run(statement("report_blob"), {text(id)}, [&](const Row& row) { found = row.string(0); }));
  return found;
}

Result<desk::Listed<Report>> StoreTransaction::reports(const desk::ReportFilter& filter, const desk::Page& page) {
  TRY_ASSIGN(const std::int64_t after, read_cursor(page.after, 0));
  const std::uint64_t limit = page_limit(page);
  desk::Listed<Report> out;
  std::int64_t last = after;
  Result<void> read;
  TRY(connection_.run(list_statement(filter),
                      {number(after), text(filter.status ? report_status_name(*filter.status) : ""),
                       number(filter.needs_person ? static_cast<int>(*filter.needs_person) : -1), text(filter.token),
                       number(limit + 1)},
                      [&](const Row& row) {
                        if (!read) return;
                        if (out.items.size() == limit) {
                          out.next = std::to_string(last);
                          return;
                        }
                        Result<NumberedReport> each = read_report(row);
                        if (!each) {
                          read = std::unexpected(each.error());
                          return;
                        }
                        last = each->number;
                        out.items.push_back(std::move(each->report));
                      }));
  TRY(read);
  return out;
}

Result<desk::ReportTotals> StoreTransaction::report_totals() {
  TRY_ASSIGN(auto all, totals());
  const auto of = [&](const char* what) { return static_cast<std::uint64_t>(std::max<std::int64_t>(0, all[what])); };
  return desk::ReportTotals{of("report/received"),   of("report/read"),      of("report/not_a_report"),
                            of("report/unreadable"), of("report/dismissed"), of("report/needs_person")};
}

Result<std::uint32_t> StoreTransaction::tries_of_oldest_unread(Instant now) {
  std::uint32_t tries = 0;
  TRY(connection_.run(statement("tries_of_oldest_unread"), {time(now)}, [&](const Row& row) { tries = row.small(0); }));
  return tries;
}

Result<std::vector<desk::Unread>> StoreTransaction::claim_unread(std::size_t count, const std::string& owner,
                                                                 Instant now, Instant lease_until) {
  struct Claimed {
    std::int64_t number;
    std::string hash;
    desk::Unread unread;
  };
  std::vector<Claimed> claimed;
  TRY(connection_.run(statement("claim_unread"),
                      {text(owner), time(lease_until), time(now), number(std::uint64_t{count})}, [&](const Row& row) {
                        claimed.push_back({row.integer(0), row.string(10),
                                           desk::Unread{.id = row.string(1),
                                                        .bytes = {},
                                                        .content_type = row.string(2),
                                                        .channel = parse_channel(row.view(3)).value_or(Channel::lmtp),
                                                        .received_at = row.at(4),
                                                        .envelope_from = row.string(5),
                                                        .envelope_to = row.string(6),
                                                        .token = row.string(7),
                                                        .reporter_domain = row.string(8),
                                                        .tries = row.small(9) - 1}});
                      }));
  std::ranges::sort(claimed, {}, &Claimed::number);  // RETURNING promises no order
  std::vector<desk::Unread> out;
  out.reserve(claimed.size());
  for (Claimed& each : claimed) {
    TRY(connection_.run(statement("blob"), {bytes(each.hash)},
                        [&](const Row& row) { each.unread.bytes = row.string(0); }));
    out.push_back(std::move(each.unread));
  }
  return out;
}

Result<void> StoreTransaction::save_reading(const std::string& report_id, ReportStatus status, const Reading& reading,
                                            bool needs_person, const std::string& reason,
                                            const std::string& suggestion) {
  const std::string& authenticated = reading.reporter.authenticated;
  std::optional<std::int64_t> report_number;
  TRY(connection_.run(statement("save_reading"),
                      {text(report_id), text(report_status_name(status)), number(needs_person), bytes(reason),
                       bytes(suggestion), text(authenticated == "none" ? "" : authenticated)},
                      [&](const Row& row) { report_number = row.integer(0); }));
  if (!report_number) {
    TRY(report(report_id));
    return failure(Fault::conflict, "report {} was read by somebody else meanwhile", report_id);
  }
  const std::string body = write_reading(reading);
  TRY(connection_.defer(statement("insert_reading"), {number(*report_number), bytes(body)}));
  count_report(counted_, ReportStatus::received, false, -1);
  count_report(counted_, status, needs_person, 1);
  return {};
}

Result<void> StoreTransaction::set_report_status(const std::string& id, ReportStatus status, bool needs_person,
                                                 const std::string& reason) {
  std::optional<std::pair<ReportStatus, bool>> before;
  TRY(connection_.run(statement("report_standing"), {text(id)}, [&](const Row& row) {
    before.emplace(parse_report_status(row.view(0)).value_or(ReportStatus::unreadable), row.flag(1));
  }));
  if (!before) return no_report(id);
  TRY(connection_.run(statement("set_report_status"),
                      {text(id), text(report_status_name(status)), number(needs_person), bytes(reason)}));
  count_report(counted_, before->first, before->second, -1);
  count_report(counted_, status, needs_person, 1);
  return {};
}

Result<void> StoreTransaction::mark_harmful(const std::string& report_id) {
  TRY(connection_.run(statement("mark_harmful"), {text(report_id)}));
  return {};
}

Result<desk::ReporterRecord> StoreTransaction::reporter_record(const std::string& authenticated) {
  desk::ReporterRecord out;
  TRY(connection_.run(statement("reporter_record"), {text(authenticated), number(kRecordReportsMax)},
                      [&](const Row& row) { out = {row.count(0), row.count(1), row.count(2), row.count(3)}; }));
  return out;
}

Result<desk::Echo> StoreTransaction::echo_of_ticket(const std::string& ticket_id, Instant since,
                                                    const std::string& report_id, const std::string& authenticated) {
  desk::Echo out;
  TRY(connection_.run(statement("echo_of_ticket"),
                      {text(ticket_id), time(since), text(report_id),
                       text(authenticated == "none" ? "" : authenticated), number(kEchoMax)},
                      [&](const Row& row) { out = {row.count(0), row.count(1)}; }));
  return out;
}

}  // namespace abate::store
