// SPDX-License-Identifier: Apache-2.0
// apps/abate/harden_run.h — how the server stands towards R27 to R32. A child that has given its rights up reads the
// server and makes the plan; the caller sees that plan only.
#pragma once

#include <optional>
#include <string>

#include "apps/abate/commands.h"
#include "base/time.h"

namespace abate::apps {

struct Weighed {
  int status = kWrong;  // kNothingFound: nothing is weak
  std::string plan;     // abate.plan/1 with `already` and `not_examined`: for wire::read_plan and ApplyRun
};
// `entry`: when the intruder came in, for the backups. With `tells` the child prints it for a person too.
Result<Weighed> weigh(const HardenAsk& ask, const std::optional<Instant>& entry, bool tells);

}  // namespace abate::apps
