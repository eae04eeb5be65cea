// SPDX-License-Identifier: Apache-2.0
// wire/reading_json.h — a report as read (CONTRACT.md; docs/schemas/reading.schema.json): what `abated read --json`
// prints, one line a file. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "model/report.h"

namespace abate::wire {

boost::json::object reading_json(std::string_view file, const Reading& reading);
boost::json::object reporter_json(const Reporter& reporter);
// The same on one line, without a line end.
std::string reading_line(std::string_view file, const Reading& reading);

}  // namespace abate::wire
