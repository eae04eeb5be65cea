// SPDX-License-Identifier: Apache-2.0
// apps/abate/diagnose_run.h — from a sweep to its diagnosis: asks the logs again for what the findings point at.
#pragma once

#include "apps/abate/sweep_run.h"
#include "diagnosis/diagnose.h"

namespace abate::apps {

// May add a finding to run.result that diagnosis made.
Diagnosis run_diagnosis(SweepRun& run);

}  // namespace abate::apps
