// SPDX-License-Identifier: Apache-2.0
// apps/abate/verify_run.h — looks again: what was changed, the whole server, and what its services answer (where
// SweepAsk::speaks).
#pragma once

#include <boost/json/object.hpp>

#include "apps/abate/sweep_run.h"
#include "remedy/verify.h"

namespace abate::apps {

struct VerifyRun {
  std::vector<remedy::Stands> stands;
  remedy::Verified verified;
};
Result<VerifyRun> run_verify(const SweepAsk& ask, SweepRun& run, const std::vector<Finding>& findings);

// "abate.verification/1" of it.
boost::json::object verification_form(const SweepRun& run, const remedy::Verified& verified);

}  // namespace abate::apps
