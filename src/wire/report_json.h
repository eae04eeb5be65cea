// SPDX-License-Identifier: Apache-2.0
// wire/report_json.h — a kept report and what reading made of it (docs/schemas/report.schema.json), without its
// incidents: whoever holds them adds "incidents". Pure.
#pragma once

#include <boost/json/object.hpp>

#include "model/report.h"

namespace abate::wire {

boost::json::object report_json(const Report& report);

}  // namespace abate::wire
