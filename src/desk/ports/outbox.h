// SPDX-License-Identifier: Apache-2.0
// desk/ports/outbox.h — effects on the outside that were decided and are not yet done: mails and orders to enforcers.
//
// An item is written in the same transaction as the decision. It is done at least once, with a key that stays the same,
// so a receiver that honours the key sees it once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/measure.h"
#include "model/notice.h"

namespace abate::desk {

enum class OutboxKind : std::uint8_t { mail, order };

struct OutboxItem {
  std::string key;  // unique: a notice's token; a measure's key and its enforcer's name
  OutboxKind kind = OutboxKind::mail;
  std::string ticket_id;
  std::string target;                // mail: the recipient; order: the enforcer's name
  std::string sender;                // mail: the envelope sender
  std::string payload;               // mail: the whole message (RFC 5322); order: the JSON body
  std::uint32_t measure_number = 0;  // order: which measure of the ticket
  bool on = true;                    // order: take it or lift it
  std::uint32_t tries = 0;
  Instant due_at;
  std::string last_error;
};

struct OutboxTotals {
  std::uint64_t waiting = 0;
  std::uint64_t given_up = 0;
  std::optional<Instant> oldest;
};

class Outbox {
 public:
  virtual ~Outbox() = default;

  virtual Result<void> enqueue(const OutboxItem& item) = 0;  // a key that is there already: nothing happens
  virtual Result<std::vector<OutboxItem>> claim_outbox(std::size_t count, const std::string& owner, Instant now,
                                                       Instant lease_until) = 0;
  virtual Result<void> outbox_done(const std::string& key) = 0;
  virtual Result<void> outbox_retry(const std::string& key, Instant due_at, const std::string& error) = 0;
  virtual Result<void> outbox_give_up(const std::string& key, const std::string& error) = 0;
  // Orders of that measure and direction that are not done yet (waiting or given up).
  virtual Result<std::uint64_t> orders_open(const std::string& ticket_id, std::uint32_t measure_number, bool on) = 0;
  virtual Result<std::optional<Instant>> earliest_outbox_due() = 0;
  virtual Result<OutboxTotals> outbox_totals() = 0;

  virtual Result<void> insert_notice(const Notice& notice) = 0;
  virtual Result<Notice> notice(const std::string& token) = 0;
  virtual Result<void> update_notice(const Notice& notice) = 0;  // state, settled_at, diagnostic
  virtual Result<std::vector<Notice>> notices_of_ticket(const std::string& ticket_id) = 0;  // oldest first
  // Has this address been told since then where its thread lives? (R35: told once)
  virtual Result<bool> pointed_since(const std::string& address, Instant since) = 0;
};

}  // namespace abate::desk
