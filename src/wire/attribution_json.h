// SPDX-License-Identifier: Apache-2.0
// wire/attribution_json.h — whose an address was, with the proof (B2; docs/schemas/attribution.schema.json). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <boost/json/object.hpp>

#include "model/assignment.h"
#include "model/attribution.h"

namespace abate::wire {

struct AttributionForm {
  Verdict verdict = Verdict::not_ours;
  const std::optional<Assignment>& assignment;
  const std::vector<Assignment>& candidates;
  TimeSpan span;
  std::uint64_t ledger_version = 0;
  // false for whoever only reports: the customer's name and e-mail are left out.
  bool with_customer = true;
};
boost::json::object attribution_json(const AttributionForm& form);
boost::json::object assignment_json(const Assignment& assignment, bool with_customer);

}  // namespace abate::wire
