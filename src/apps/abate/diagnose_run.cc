// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/diagnose_run.h"

#include "sweep/host/logs/read_logs.h"

namespace abate::apps {

Diagnosis run_diagnosis(SweepRun& run) {
  const sweep::Host& host = run.opened->host;
  const auto ask = [&](diagnosis::Question question) {
    diagnosis::Trail trail{host};
    trail.ask(std::move(question));
    // What could not be read was noted when the sweep read it.
    sweep::Notes known;
    sweep::read_events(host, [&](const sweep::Event& event) { trail.see(event); }, known, is_interrupted);
    trail.settle();
    return trail;
  };
  const std::vector<Finding>& findings = run.result.findings;
  const diagnosis::Trail first = ask(diagnosis::first_question(host, findings));
  const diagnosis::Trail second = ask(diagnosis::second_question(host, findings, first));
  return diagnosis::diagnose(host, run.result.findings, second);
}

}  // namespace abate::apps
