// SPDX-License-Identifier: Apache-2.0
// web/pages/report_page.h — reports as they came and as they were read, for the team.
#pragma once

#include <string>
#include <vector>

#include "web/pages/case_page.h"
#include "web/pages/passage.h"
#include "web/pages/queue_page.h"

namespace abate::web {

struct ReportListView {
  std::vector<Report> reports;
  std::string next;
  bool first = true;
  std::string status;  // the filter as asked for; "person": those that wait for a person
  desk::ReportTotals totals;
};
std::string render(const Frame& frame, const ReportListView& view);

struct ReportView {
  Report report;
  std::vector<desk::KeptIncident> incidents;  // at most kIncidentsShownMax
  std::vector<Passage> passages;              // of each
  std::size_t incident_count = 0;
  desk::ReporterRecord record;
  std::string raw_excerpt;  // the first bytes as they came
  Draft draft;              // "dismiss" or "file"
};
constexpr std::size_t kRawExcerptBytesMax = 16 * 1024;
std::string render(const Frame& frame, const ReportView& view);

}  // namespace abate::web
