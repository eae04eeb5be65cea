// SPDX-License-Identifier: Apache-2.0
// model/proof_check.h — what the desk itself can say of a reply with proofs (R34): a proof is evidence from the
// customer's machine, and never believed blindly.
//
// A statement counts as proved only where it says so, names at least one finding, action or proof, all that it names is
// there, and no proof among them fails a check. All else counts as claimed. Pure; "now" is given; thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/reply.h"
#include "model/ticket.h"

namespace abate {

constexpr std::chrono::minutes kProofClockSlack{5};  // a server's clock may be so far ahead of ours

enum class Checked : std::uint8_t {
  yes,
  no,
  unknown,  // nothing that the desk knows speaks for or against it
};
std::string_view checked_name(Checked checked);

struct ProofCheck {
  std::string id;
  Checked whole = Checked::unknown;  // its hash follows from what it says
  Checked here = Checked::unknown;   // tried at an address of this ticket; unknown: it names a machine, not an address
  Checked in_time = Checked::unknown;  // after the last incident, and not in the future
  std::string why;                     // the first `no`, in a sentence; empty where there is none
  [[nodiscard]] bool holds() const { return why.empty(); }
};

struct StatementCheck {
  Standing standing = Standing::claimed;  // as the desk counts it
  std::string why;                        // why it only counts as claimed although it says `proved`
};

struct ReplyCheck {
  Checked names_ticket = Checked::unknown;  // unknown: it names none
  std::vector<ProofCheck> proofs;           // in the reply's order, as all that follow
  std::vector<StatementCheck> cause, done, confirmed, prevention;
  std::uint32_t proved = 0;  // statements, as counted
  std::uint32_t claimed = 0;
  std::vector<std::string> questions;  // what is still open, for the team; R26 among it
};

// `findings`: ids of those that came with the reply.
ReplyCheck check_reply(const Reply& reply, const std::vector<std::string>& findings, const Ticket& ticket, Instant now);

}  // namespace abate
