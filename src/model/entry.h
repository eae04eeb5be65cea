// SPDX-License-Identifier: Apache-2.0
// model/entry.h — one line of an append-only, hash-chained history (B5).
//
//   hash = SHA-256 in lower-case hex over the RFC 8785 canonical JSON of
//          {"actor","at","body","kind","prev","seq","stream"}
//
// `stream` is a ticket's id, or "intake/NODE" for what a node kept; `seq` counts from 1 within it; `prev` is the hash
// of the entry before, 64 zeros for the first; `at` is written with six digits of fraction. Anybody can verify it:
//   python3: hashlib.sha256(json.dumps(e, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
// (bodies hold strings, booleans, null, whole numbers below 2^53, arrays and objects, so that the two agree).
// docs/decisions tells why. Pure; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace abate {

enum class EntryKind : std::uint8_t {
  reported,
  opened,
  incident_added,
  notice_queued,
  notice_sent,
  notice_bounced,
  viewed,
  reminded,
  reply,
  note,
  claim,
  proof,
  probe,
  accepted,
  refused,
  closed,
  reopened,
  extended,
  overdue,
  merged,
  split,
  assigned,
  dismissed,
  measure_proposed,
  measure_approved,
  measure_in_force,
  measure_failed,
  measure_lifted,
  notice_failed,  // given up without an answer from the other side
  received,       // in an intake stream: the reports that one commit kept
};
std::string_view entry_kind_name(EntryKind kind);
std::optional<EntryKind> parse_entry_kind(std::string_view name);

inline constexpr std::string_view kFirstPrev = "0000000000000000000000000000000000000000000000000000000000000000";

struct Entry {
  std::string stream;
  std::uint64_t seq = 0;
  Instant at;
  std::string actor;
  EntryKind kind = EntryKind::note;
  std::string body;  // canonical JSON of an object
  std::string prev;
  std::string hash;
  friend bool operator==(const Entry&, const Entry&) = default;
};

std::string entry_hash(const Entry& entry);

}  // namespace abate
