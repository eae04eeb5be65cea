// SPDX-License-Identifier: Apache-2.0
// wire/sweep_json.h — the forms "abate.sweep/1", "abate.diagnosis/1" and "abate.plan/1" (CONTRACT.md; docs/schemas).
//
// SECURITY: the one place where names and excerpts from a server become JSON: bytes that are not UTF-8, control
// characters, DEL and bidirectional controls come as \xNN, a backslash of a name as \\. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "model/diagnosis.h"
#include "model/finding.h"
#include "model/plan.h"

namespace abate::wire {

struct SweepForm {
  std::string root;
  bool live = false;
  std::string os;  // "Debian 12"
  std::string machine_id;
  Instant started_at;
  Instant finished_at;
  std::vector<Finding> findings;
  std::vector<std::pair<std::string, std::string>> not_examined;  // what, why
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t log_lines = 0;
  double wall_seconds = 0;
  std::uint64_t peak_memory_bytes = 0;
};

boost::json::object sweep_json(const SweepForm& form);
boost::json::object finding_json(const Finding& finding);
// With the findings that its steps name, picked from `findings`.
boost::json::object diagnosis_json(const Diagnosis& diagnosis, const std::vector<Finding>& findings);
boost::json::object plan_json(const Plan& plan, const std::vector<Finding>& findings);
// As above, with the diagnosis that the plan answers: once the harm is gone, only the plan still knows its cause.
boost::json::object plan_json(const Plan& plan, const Diagnosis& diagnosis, const std::vector<Finding>& findings);

}  // namespace abate::wire
