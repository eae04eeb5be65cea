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

int explain_command(const std::string& id) {
  for (const sweep::Detector* detector : sweep::detectors())
    if (detector->id == id) {
      std::printf("%s — %s\n\n%s\n", id.c_str(), std::string{detector->title}.c_str(),
                  std::string{detector->explain}.c_str());
      return kNothingFound;
    }
  std::fprintf(stderr, "abate: nothing is called '%s'\n", shown_name(id).c_str());
  return kWrong;
}

}  // namespace abate::apps
