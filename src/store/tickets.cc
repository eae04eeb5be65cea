// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "base/text.h"
#include "model/deadlines.h"
#include "model/merging.h"
#include "store/rows.h"
#include "store/transaction.h"

namespace abate::store {
namespace {

constexpr std::uint64_t kJoinCandidatesMax = 20;

// Columns as in the part ticket_columns; measures are read apart where measure_count says that there are any.
Ticket read_ticket(const Row& row) {
  Ticket t;
  t.id = row.string(1);
  t.version = row.count(2);
  t.state = parse_ticket_state(row.view(3)).value_or(TicketState::in_review);
  t.category = parse_category(row.view(4)).value_or(Category::other);
  t.service = {row.string(5), row.string(6)};
  t.customer = {row.string(7), row.string(8), row.string(9)};
  t.addresses = read_addresses(row.view(10));
  t.created_at = row.at(11);
  t.opened_at = row.maybe_at(12);
  t.respond_by = row.maybe_at(13);
  t.fix_by = row.maybe_at(14);
  t.answered_at = row.maybe_at(15);
  t.claimed_at = row.maybe_at(16);
  t.fix_left = row.maybe_span(17);
  t.closed_at = row.maybe_at(18);
  t.probation_until = row.maybe_at(19);
  t.overdue_for = row.maybe_at(20);
  t.reminded = read_times(row.view(21));
  t.ladder_next_at = row.maybe_at(22);
  t.notice = parse_notice_standing(row.view(23)).value_or(NoticeStanding::none);
  t.required_actions = read_strings(row.view(24));
  t.merged_into = row.string(25);
  t.reply_token = row.string(26);
  t.assigned_to = row.string(27);
  t.incident_count = row.small(28);
  t.last_incident_at = row.maybe_at(29);
  t.last_seq = row.count(30);
  t.last_hash = hash_hex(row.view(31));
  t.measures.resize(static_cast<std::size_t>(row.integer(32)));
  return t;
}

// What the text of a filter is looked for in: lower case, a line each.
std::string words_of(const Ticket& t) {
  std::string words =
      t.id + '\n' + t.service.id + '\n' + t.service.name + '\n' + t.customer.id + '\n' + t.customer.name;
  for (const IpAddress& address : t.addresses) words += '\n' + address.to_string();
  return to_lower(words);
}

std::string like_pattern(const std::string& text) {
  if (text.empty()) return {};
  std::string out = "%";
  for (const char c : to_lower(text)) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + '%';
}

bool taken_by_policy(const Measure& measure) { return holds(measure.state) && measure.by == "system"; }

Statement list_statement(const desk::TicketFilter& filter) {
  if (!filter.service_id.empty()) return statement("list_tickets_of_service");
  if (!filter.customer_id.empty()) return statement("list_tickets_of_customer");
  if (filter.state || filter.overdue.value_or(false)) return statement("list_tickets_of_state");
  if (filter.category) return statement("list_tickets_of_category");
  return statement("list_tickets");
}

std::unexpected<Error> stale(const std::string& id) {
  return failure(Fault::stale, "ticket {} changed meanwhile: read it again", id);
}

std::string total_name(TicketState state) { return "ticket/" + std::string{ticket_state_name(state)}; }

}  // namespace

Result<void> StoreTransaction::fill_measures(Ticket& ticket) {
  if (ticket.measures.empty()) return {};
  ticket.measures.clear();
  TRY(connection_.run(statement("measures_of_ticket"), {text(ticket.id)}, [&](const Row& row) {
    ticket.measures.push_back(Measure{.number = row.small(0),
                                      .kind = parse_measure(row.view(1)).value_or(MeasureKind::suspend),
                                      .state = parse_measure_state(row.view(2)).value_or(MeasureState::failed),
                                      .reason = row.string(3),
                                      .by = row.string(4),
                                      .deliberate = row.flag(5),
                                      .at = row.at(6)});
  }));
  return {};
}

Result<std::vector<Ticket>> StoreTransaction::many_tickets(const Statement& statement, std::span<const Value> values) {
  std::vector<Ticket> out;
  TRY(connection_.run(statement, values, [&](const Row& row) { out.push_back(read_ticket(row)); }));
  for (Ticket& ticket : out) TRY(fill_measures(ticket));
  return out;
}

Result<Ticket> StoreTransaction::one_ticket(const Statement& statement, std::initializer_list<Value> values,
                                            const std::string& missing) {
  TRY_ASSIGN(std::vector<Ticket> found, many_tickets(statement, {values.begin(), values.size()}));
  if (found.empty()) return failure(Fault::not_found, "{}", missing);
  return std::move(found.front());
}

Result<Ticket> StoreTransaction::ticket(const std::string& id) {
  return one_ticket(statement("ticket"), {text(id)}, fmt::format("there is no ticket {}", id));
}

Result<Ticket> StoreTransaction::ticket_by_reply_token(const std::string& token) {
  return one_ticket(statement("ticket_by_reply_token"), {text(token)}, "no ticket has this reply token");
}

Result<std::optional<Ticket>> StoreTransaction::joinable_ticket(const std::string& service_id, Category category,
                                                                Instant now) {
  // The statement leaves out most that cannot be joined; model/merging.h has the last word.
  const Value values[] = {text(service_id), text(category_name(category)), time(now), number(kJoinCandidatesMax)};
  TRY_ASSIGN(std::vector<Ticket> found, many_tickets(statement("joinable_tickets"), values));
  for (Ticket& ticket : found)
    if (joins(ticket, Service{service_id, {}}, category, now)) return std::move(ticket);
  return std::nullopt;
}

Result<std::vector<Ticket>> StoreTransaction::tickets_of_service(const std::string& service_id) {
  const Value values[] = {text(service_id)};
  return many_tickets(statement("tickets_of_service"), values);
}

Result<desk::Listed<Ticket>> StoreTransaction::tickets(const desk::TicketFilter& filter, const desk::Page& page) {
  TRY_ASSIGN(const std::int64_t before, read_cursor(page.after, std::numeric_limits<std::int64_t>::max()));
  const std::uint64_t limit = page_limit(page);
  desk::Listed<Ticket> out;
  // Only an open ticket can be overdue (model/deadlines.h).
  std::optional<TicketState> state = filter.state;
  if (filter.overdue.value_or(false)) {
    if (state.value_or(TicketState::open) != TicketState::open) return out;
    state = TicketState::open;
  }
  const std::string pattern = like_pattern(filter.text);
  std::int64_t last = before;
  TRY(connection_.run(list_statement(filter),
                      {number(before), text(state ? ticket_state_name(*state) : ""),
                       text(filter.category ? category_name(*filter.category) : ""), text(filter.service_id),
                       text(filter.customer_id), number(filter.overdue ? static_cast<int>(*filter.overdue) : -1),
                       time(filter.now), number(filter.hide_in_review), text(pattern), number(limit + 1)},
                      [&](const Row& row) {
                        if (out.items.size() == limit) {
                          out.next = std::to_string(last);
                          return;
                        }
                        last = row.integer(0);
                        out.items.push_back(read_ticket(row));
                      }));
  for (Ticket& ticket : out.items) TRY(fill_measures(ticket));
  return out;
}

Result<std::vector<std::pair<TicketState, std::uint64_t>>> StoreTransaction::ticket_totals() {
  TRY_ASSIGN(auto all, totals());
  std::vector<std::pair<TicketState, std::uint64_t>> out;
  for (const TicketState state :
       {TicketState::in_review, TicketState::open, TicketState::claimed, TicketState::closed, TicketState::dismissed})
    out.emplace_back(state, static_cast<std::uint64_t>(std::max<std::int64_t>(0, all[total_name(state)])));
  return out;
}

Result<std::uint64_t> StoreTransaction::next_ticket_number(int year) {
  const std::string name = fmt::format("ticket_numbers_{}", year);
  if (connection_.engine() == Engine::postgresql) {
    std::int64_t ready = 0;
    TRY(connection_.run(statement("ticket_numbers_ready"), {text(name)},
                        [&](const Row& row) { ready = row.integer(0); }));
    if (ready == 0) TRY(connection_.script("CREATE SEQUENCE IF NOT EXISTS " + name));
  }
  std::uint64_t next = 0;
  TRY(connection_.run(statement("next_ticket_number"), {text(name)}, [&](const Row& row) { next = row.count(0); }));
  return next;
}

Result<void> StoreTransaction::put_measures(const Ticket& ticket) {
  if (ticket.measures.empty()) return {};  // a measure never leaves its ticket
  std::uint32_t last = 0;
  for (const Measure& m : ticket.measures) {
    last = std::max(last, m.number);
    const std::optional<Instant> taken_at = taken_by_policy(m) ? std::optional{m.at} : std::nullopt;
    TRY(connection_.defer(statement("put_measure"), {text(ticket.id), number(m.number), text(measure_name(m.kind)),
                                                     text(measure_state_name(m.state)), text(m.reason), text(m.by),
                                                     number(m.deliberate), time(m.at), time(taken_at)}));
  }
  return connection_.defer(statement("delete_measures_above"), {text(ticket.id), number(last)});
}

// version_step: 0 or 1 for an update, -1 to insert.
Result<void> StoreTransaction::write_ticket(const Ticket& t, std::optional<Instant> next_due_at, int version_step) {
  const std::string addresses = write_addresses(t.addresses);
  const std::string reminded = write_times(t.reminded);
  const std::string actions = write_strings(t.required_actions);
  const std::string last_hash = hash_bytes(t.last_hash);
  const std::string words = words_of(t);
  const bool insert = version_step < 0;
  const Value values[] = {text(t.id),
                          number(t.version),
                          text(ticket_state_name(t.state)),
                          text(category_name(t.category)),
                          text(t.service.id),
                          text(t.service.name),
                          text(t.customer.id),
                          text(t.customer.name),
                          text(t.customer.email),
                          bytes(addresses),
                          time(t.created_at),
                          time(t.opened_at),
                          time(t.respond_by),
                          time(t.fix_by),
                          time(t.answered_at),
                          time(t.claimed_at),
                          span(t.fix_left),
                          time(t.closed_at),
                          time(t.probation_until),
                          time(t.overdue_for),
                          text(reminded),
                          time(t.ladder_next_at),
                          text(notice_standing_name(t.notice)),
                          text(actions),
                          text(t.merged_into),
                          text(t.reply_token),
                          text(t.assigned_to),
                          number(t.incident_count),
                          time(t.last_incident_at),
                          number(t.last_seq),
                          bytes(last_hash),
                          number(static_cast<std::uint64_t>(t.measures.size())),
                          time(deadline(t)),
                          time(next_due_at),
                          text(words),
                          number(version_step)};
  const std::span<const Value> all{values};
  TRY_ASSIGN(const std::uint64_t written,
             insert ? connection_.run(statement("insert_ticket"), all.first(all.size() - 1), {})
                    : connection_.run(statement("update_ticket"), all, {}));
  if (written == 0 && insert) return failure(Fault::conflict, "ticket {} or its reply token is there already", t.id);
  if (written == 0) return stale(t.id);
  return put_measures(t);
}

Result<void> StoreTransaction::insert_ticket(const Ticket& ticket, std::optional<Instant> next_due_at) {
  TRY(write_ticket(ticket, next_due_at, -1));
  count(total_name(ticket.state), 1);
  if (connection_.engine() == Engine::sqlite) return {};
  return connection_.defer(statement("join_in_turn"), {text(ticket.service.id), text(category_name(ticket.category))});
}

Result<void> StoreTransaction::change_ticket(const Ticket& ticket, std::optional<Instant> next_due_at,
                                             int version_step) {
  std::optional<TicketState> before;
  TRY(connection_.run(
      statement("ticket_state_of_version"), {text(ticket.id), number(ticket.version)},
      [&](const Row& row) { before = parse_ticket_state(row.view(0)).value_or(TicketState::in_review); }));
  if (!before) {
    TRY(this->ticket(ticket.id));  // not_found
    return stale(ticket.id);
  }
  TRY(write_ticket(ticket, next_due_at, version_step));
  count(total_name(*before), -1);
  count(total_name(ticket.state), 1);
  return {};
}

Result<void> StoreTransaction::update_ticket(Ticket& ticket, std::optional<Instant> next_due_at) {
  TRY(change_ticket(ticket, next_due_at, 1));
  ++ticket.version;
  return {};
}

Result<void> StoreTransaction::touch_ticket(const Ticket& ticket, std::optional<Instant> next_due_at) {
  return change_ticket(ticket, next_due_at, 0);
}

Result<std::vector<Ticket>> StoreTransaction::claim_due(std::size_t count, const std::string& owner, Instant now,
                                                        Instant lease_until) {
  const Value values[] = {time(lease_until), text(owner), time(now), number(std::uint64_t{count})};
  return many_tickets(statement("claim_due"), values);
}

Result<std::optional<Instant>> StoreTransaction::earliest_due() {
  std::optional<Instant> out;
  TRY(connection_.run(statement("earliest_due"), {}, [&](const Row& row) { out = row.maybe_at(0); }));
  return out;
}

Result<std::uint64_t> StoreTransaction::automatic_measures_since(Instant since) {
  std::uint64_t out = 0;
  TRY(connection_.run(statement("automatic_measures_since"), {time(since)},
                      [&](const Row& row) { out = row.count(0); }));
  return out;
}

}  // namespace abate::store
