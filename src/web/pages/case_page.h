// SPDX-License-Identifier: Apache-2.0
// web/pages/case_page.h — a ticket as the Abuse Team sees it: the case, its clocks, evidence, thread, and what may be
// done now. Only moves that the table (model/ticket.h) allows and the role permits are offered.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/notice.h"
#include "model/policy.h"
#include "model/ticket.h"
#include "web/pages/form.h"
#include "web/pages/frame.h"
#include "web/pages/parts.h"

namespace abate::web {

// A form that was sent and could not be carried out: shown open again with what was typed.
struct Draft {
  std::string action;  // "refuse", "reply", ...; empty: none
  Form form;
};

struct CaseView {
  Ticket ticket;
  Terms terms;
  std::vector<desk::KeptIncident> incidents;
  std::string next_incidents;                     // cursor
  std::map<std::string, ReporterLine> reporters;  // by report id
  std::vector<Entry> entries;                     // oldest first
  std::string next_entries;
  bool chain_whole = true;            // do the hashes of `entries` follow from each other?
  std::vector<std::string> to_weigh;  // incidents that came after the claim and did not refuse it
  std::string undelivered_why;        // the diagnostic of the newest notice that failed
  Draft draft;
  std::string playbook;  // title of the one that fits; empty: none is offered
  bool stuck = false;    // the customer asks for the next step, and nobody has answered yet
};
std::string render(const Frame& frame, const CaseView& view);

// Is this move to be offered to `who` now?
bool offered(const Ticket& ticket, const Principal& who, Move move);

// Each entry's hash is that of its content, and follows the one before. `entries` begin at seq 1 or anywhere later.
bool chain_holds(const std::vector<Entry>& entries);

}  // namespace abate::web
