// SPDX-License-Identifier: Apache-2.0
// wire/incident_json.h — the JSON form of an incident, the same wherever one is shown (CONTRACT.md: `incidents`
// everywhere). Fields that the report does not say are null. docs/schemas/reading.schema.json describes it. Pure.
#pragma once

#include <boost/json/object.hpp>

#include "model/incident.h"

namespace abate::wire {

// Evidence that is text comes as `text` (made valid UTF-8); other content has `text` null and its hash and size.
boost::json::object incident_json(const Incident& incident);
boost::json::object evidence_json(const Evidence& evidence);

}  // namespace abate::wire
