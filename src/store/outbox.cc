// SPDX-License-Identifier: Apache-2.0
#include "store/transaction.h"

namespace abate::store {
namespace {

Notice read_notice(const Row& row) {
  return Notice{.token = row.string(0),
                .ticket_id = row.string(1),
                .kind = parse_notice_kind(row.view(2)).value_or(NoticeKind::opened),
                .to = row.string(3),
                .message_id = row.string(4),
                .subject = row.string(5),
                .state = parse_notice_state(row.view(6)).value_or(NoticeState::failed),
                .queued_at = row.at(7),
                .settled_at = row.maybe_at(8),
                .diagnostic = row.string(9)};
}

}  // namespace

Result<void> StoreTransaction::enqueue(const desk::OutboxItem& item) {
  return connection_.defer(
      statement("enqueue"),
      {text(item.key), text(item.kind == desk::OutboxKind::mail ? "mail" : "order"), text(item.ticket_id),
       bytes(item.target), bytes(item.sender), bytes(item.payload), number(item.measure_number), number(item.on),
       number(item.tries), time(item.due_at), bytes(item.last_error)});
}

Result<std::vector<desk::OutboxItem>> StoreTransaction::claim_outbox(std::size_t count, const std::string& owner,
                                                                     Instant now, Instant lease_until) {
  std::vector<desk::OutboxItem> out;
  TRY(connection_.run(statement("claim_outbox"),
                      {time(lease_until), text(owner), time(now), number(std::uint64_t{count})}, [&](const Row& row) {
                        out.push_back({.key = row.string(0),
                                       .kind = row.view(1) == "mail" ? desk::OutboxKind::mail : desk::OutboxKind::order,
                                       .ticket_id = row.string(2),
                                       .target = row.string(3),
                                       .sender = row.string(4),
                                       .payload = row.string(5),
                                       .measure_number = row.small(6),
                                       .on = row.flag(7),
                                       .tries = row.small(8) - 1,
                                       .due_at = row.at(9),
                                       .last_error = row.string(10)});
                      }));
  std::ranges::stable_sort(out, {}, [](const desk::OutboxItem& item) { return item.due_at; });
  return out;
}

// What is done stays, so that its key is used once for ever; its payload goes.
Result<void> StoreTransaction::outbox_done(const std::string& key) {
  TRY_ASSIGN(const std::uint64_t found, connection_.run(statement("outbox_done"), {text(key), bytes("")}));
  if (found == 0) return failure(Fault::not_found, "the outbox holds no {}", key);
  return {};
}

Result<void> StoreTransaction::outbox_retry(const std::string& key, Instant due_at, const std::string& error) {
  TRY_ASSIGN(const std::uint64_t found,
             connection_.run(statement("outbox_retry"), {text(key), time(due_at), bytes(error)}));
  if (found == 0) return failure(Fault::not_found, "the outbox waits for no {}", key);
  return {};
}

Result<void> StoreTransaction::outbox_give_up(const std::string& key, const std::string& error) {
  TRY_ASSIGN(const std::uint64_t found, connection_.run(statement("outbox_give_up"), {text(key), bytes(error)}));
  if (found == 0) return failure(Fault::not_found, "the outbox waits for no {}", key);
  return {};
}

Result<std::uint64_t> StoreTransaction::orders_open(const std::string& ticket_id, std::uint32_t measure_number,
                                                    bool on) {
  std::uint64_t out = 0;
  TRY(connection_.run(statement("orders_open"), {text(ticket_id), number(measure_number), number(on)},
                      [&](const Row& row) { out = row.count(0); }));
  return out;
}

Result<std::optional<Instant>> StoreTransaction::earliest_outbox_due() {
  std::optional<Instant> out;
  TRY(connection_.run(statement("earliest_outbox_due"), {}, [&](const Row& row) { out = row.maybe_at(0); }));
  return out;
}

Result<desk::OutboxTotals> StoreTransaction::outbox_totals() {
  desk::OutboxTotals out;
  TRY(connection_.run(statement("outbox_waiting"), {}, [&](const Row& row) {
    out.waiting = row.count(0);
    out.oldest = row.maybe_at(1);
  }));
  TRY(connection_.run(statement("outbox_given_up"), {}, [&](const Row& row) { out.given_up = row.count(0); }));
  return out;
}

Result<void> StoreTransaction::insert_notice(const Notice& n) {
  TRY_ASSIGN(const std::uint64_t written,
             connection_.run(statement("insert_notice"),
                             {text(n.token), text(n.ticket_id), text(notice_kind_name(n.kind)), bytes(n.to),
                              bytes(n.message_id), bytes(n.subject), text(notice_state_name(n.state)),
                              time(n.queued_at), time(n.settled_at), bytes(n.diagnostic)}));
  if (written == 0) return failure(Fault::conflict, "a notice with this token is there already");
  return {};
}

Result<Notice> StoreTransaction::notice(const std::string& token) {
  Result<Notice> out = failure(Fault::not_found, "there is no notice with this token");
  TRY(connection_.run(statement("notice"), {text(token)}, [&](const Row& row) { out = read_notice(row); }));
  return out;
}

Result<void> StoreTransaction::update_notice(const Notice& n) {
  TRY_ASSIGN(const std::uint64_t found,
             connection_.run(statement("update_notice"), {text(n.token), text(notice_state_name(n.state)),
                                                          time(n.settled_at), bytes(n.diagnostic)}));
  if (found == 0) return failure(Fault::not_found, "there is no notice with this token");
  return {};
}

Result<std::vector<Notice>> StoreTransaction::notices_of_ticket(const std::string& ticket_id) {
  std::vector<Notice> out;
  TRY(connection_.run(statement("notices_of_ticket"), {text(ticket_id)},
                      [&](const Row& row) { out.push_back(read_notice(row)); }));
  return out;
}

Result<bool> StoreTransaction::pointed_since(const std::string& address, Instant since) {
  bool out = false;
  TRY(connection_.run(statement("pointed_since"), {bytes(address), time(since)},
                      [&](const Row& row) { out = row.flag(0); }));
  return out;
}

}  // namespace abate::store
