// SPDX-License-Identifier: Apache-2.0
// apps/abate/verify_run.h — looks again: what was changed, and the whole server.
#pragma once

#include "apps/abate/sweep_run.h"
#include "remedy/verify.h"

namespace abate::apps {

struct VerifyRun {
  std::vector<remedy::Stands> stands;
  remedy::Verified verified;
};
Result<VerifyRun> run_verify(const SweepAsk& ask, const SweepRun& run, const std::vector<Finding>& findings);

}  // namespace abate::apps
