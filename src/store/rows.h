// SPDX-License-Identifier: Apache-2.0
// store/rows.h — the JSON that some columns hold: what is read back whole and never asked for by itself.
//
// Strings may hold any bytes (a column of BLOB keeps them); what is missing or of another type reads as its default, so
// that an older row stays readable. malformed: the column holds no JSON at all. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "desk/ports/reports.h"
#include "model/report.h"

namespace abate::store {

std::string write_reading(const Reading& reading);  // without its incidents
Result<Reading> read_reading(std::string_view json);

// Incident and attribution; of the evidence everything but its bytes.
std::string write_incident(const desk::KeptIncident& kept);
Result<void> read_incident(std::string_view json, desk::KeptIncident& into);

std::string write_addresses(const std::vector<IpAddress>& addresses);  // no JSON: 16 bytes each
std::vector<IpAddress> read_addresses(std::string_view bytes);
std::string write_times(const std::vector<Instant>& times);  // microseconds
std::vector<Instant> read_times(std::string_view json);
std::string write_strings(const std::vector<std::string>& strings);
std::vector<std::string> read_strings(std::string_view json);

}  // namespace abate::store
