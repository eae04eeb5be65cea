// SPDX-License-Identifier: Apache-2.0
// web/pages/reply_panel.h — the customer's newest answer in its four parts (R33), what of it is proved and what only
// claimed at a glance (R34), and what the desk checked. On the team's page and on the customer's.
//
// Taken from the newest document of proofs; where the customer claimed by the page's own form later, from that text:
// all of it is claimed then. Pure; thread-safe.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/entry.h"
#include "model/proof_check.h"
#include "model/ticket.h"
#include "web/pages/phrases.h"
#include "web/pages/sheet.h"

namespace abate::web {

struct PanelStatement {
  Statement statement;   // as the customer sent it
  StatementCheck check;  // as the desk counts it
};

struct PanelProof {
  Proof proof;
  ProofCheck check;
  bool overtaken = false;  // an incident after it was reported since
};

struct PanelFinding {
  std::string id;
  std::string where;
  std::string why;
  std::vector<std::string> evidence;
};

struct ReplyPanel {
  std::uint64_t seq = 0;  // of its entry
  Instant at;
  bool from_sweep = false;  // else from the form of the page
  std::array<std::vector<PanelStatement>, 4> parts;
  std::vector<PanelProof> proofs;
  std::vector<PanelFinding> findings;
  std::vector<std::string> questions;
  std::size_t proved = 0;
  std::size_t claimed = 0;
  std::optional<bool> gone;  // what the sweep says of the harm
};

// Nothing where the customer answered in neither way yet.
std::optional<ReplyPanel> panel_of(const std::vector<Entry>& entries, const Ticket& ticket);
// Into the place {{>REPLY_PANEL}}.
void add_reply_panel(Part& main, const ReplyPanel& panel, Reader reader);

// Does a customer's newest message ask for the next step, and has the team not answered since (R36)?
bool waits_for_next_step(const std::vector<Entry>& entries);

}  // namespace abate::web
