// SPDX-License-Identifier: Apache-2.0
// web/pages/queue_page.h — the desk's first page: what waits for a person.
#pragma once

#include <string>
#include <vector>

#include "model/report.h"
#include "model/ticket.h"
#include "web/pages/frame.h"
#include "web/pages/parts.h"

namespace abate::web {

struct QueueRow {
  Ticket ticket;
  std::vector<desk::KeptIncident> incidents;  // the newest few
  std::vector<ReporterLine> reporters;        // each once
  bool noise = false;                         // less than policy's threshold
};

struct ReportRow {
  Report report;
  std::vector<desk::KeptIncident> incidents;  // the first few
  std::size_t incident_count = 0;
};

struct QueueView {
  std::vector<QueueRow> tickets;
  std::string next_tickets;  // cursor
  std::vector<ReportRow> reports;
  std::string next_reports;
  std::vector<Ticket> waiting;      // tickets with a measure that waits for a decision, or a claim to check
  std::vector<Ticket> stuck;        // whose customer asks for the next step
  std::string reason;               // what was typed, when the page is shown again
  std::vector<std::string> picked;  // ids that were ticked
};
std::string render(const Frame& frame, const QueueView& view);

}  // namespace abate::web
