// SPDX-License-Identifier: Apache-2.0
// web/pages/parts.h — pieces that several pages show: times, clocks, incidents, entries, the foot of a list.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "desk/ports/reports.h"
#include "model/entry.h"
#include "web/pages/phrases.h"
#include "web/pages/sheet.h"

namespace abate::web {

constexpr std::size_t kIncidentsShownMax = 50;  // on a ticket's or report's page; the rest by ?incidents=CURSOR
constexpr std::size_t kUrlBytesMax = 500;

// NAME is the time for people, NAME_ISO the one for <time datetime>.
void set_time(Part& part, std::string_view name, Instant at);
// One section CLOCK a face.
void add_clocks(Part& part, const std::vector<ClockFace>& faces);

struct ReporterLine {  // who reported, as the team sees it
  std::string report_id;
  std::string address;
  std::string authenticated;
  desk::ReporterRecord record;
};

// An incident in the place {{>INCIDENT}}. `reporter` is shown to the team only. `split_form`: id of the form that a
// checkbox of this incident belongs to; empty: no checkbox.
enum class Folded : std::uint8_t { no, yes };  // evidence waits behind its title
void add_incident(Part& part, const desk::KeptIncident& kept, Reader reader, const ReporterLine* reporter,
                  std::string_view split_form, Folded evidence = Folded::no);
// An entry in the place {{>ENTRY}}.
void add_entry(Part& part, const Entry& entry, Reader reader);

// The foot of a list: a link to the first page and one to the next, where there are such.
void set_pager(Part& part, const std::string& first_url, const std::string& next_url);

}  // namespace abate::web
