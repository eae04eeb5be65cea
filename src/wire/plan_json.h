// SPDX-License-Identifier: Apache-2.0
// wire/plan_json.h — reads a plan ("abate.plan/1") that `abate apply` is given.
//
// SECURITY: the file may have been edited or made by anybody: size, counts and types are checked, names are turned back
// from their shown form (\xNN, \\) into the bytes that the server holds. What the actions do comes from their kind,
// never from the file.
#pragma once

#include <string_view>

#include <boost/json/array.hpp>

#include "base/result.h"
#include "model/diagnosis.h"
#include "model/plan.h"

namespace abate::wire {

constexpr std::size_t kPlanBytesMax = std::size_t{64} << 20;
constexpr std::size_t kPlanActionsMax = 100'000;

// malformed, too_big: says which action, and what is wrong with it.
Result<Plan> read_plan(std::string_view text);
struct PlanCause {  // the diagnosis that the plan answered, as far as a reply needs it
  Diagnosis diagnosis;
  boost::json::array findings;  // in their form, as they were found
};
// malformed where the plan holds none.
Result<PlanCause> read_plan_cause(std::string_view text);
// The bytes that shown_name() showed. malformed for a backslash that begins nothing.
Result<std::string> raw_name(std::string_view shown);

}  // namespace abate::wire
