// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/diagnose_run.h"

namespace abate::apps {

Diagnosis run_diagnosis(SweepRun& run) {
  const sweep::Host& host = run.opened->host;
  diagnosis::Trail trail{host};
  return diagnosis::diagnose(host, run.result.findings, trail);
}

}  // namespace abate::apps
