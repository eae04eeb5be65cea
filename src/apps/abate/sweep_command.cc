// SPDX-License-Identifier: Apache-2.0
// `abate sweep`: looks, changes nothing.
#include <cstdio>

#include <boost/json/serialize.hpp>

#include "apps/abate/tell.h"

namespace abate::apps {

int complain(const Error& error) {
  std::fprintf(stderr, "abate: %s\n", shown_text(error.what, 2000).c_str());
  return kWrong;
}

int sweep_command(const SweepAsk& ask) {
  const Result<std::unique_ptr<SweepRun>> run = run_sweep(ask);
  if (!run) return complain(run.error());
  if (!ask.json.empty()) {
    const std::string text = boost::json::serialize(wire::sweep_json(form_of(**run))) + "\n";
    if (const Result<void> written = write_out(ask.json, text); !written) return complain(written.error());
  }
  if (const Result<void> told = tell(outcome_of(**run), ask); !told) return complain(told.error());
  return status_of(**run);
}

}  // namespace abate::apps
