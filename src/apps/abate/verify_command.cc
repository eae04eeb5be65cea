// SPDX-License-Identifier: Apache-2.0
// `abate verify`: tries whether the harm and its cause are gone.
#include <boost/json/serialize.hpp>

#include "apps/abate/commands.h"
#include "apps/abate/verify_run.h"
#include "base/text.h"

namespace abate::apps {
namespace {

void tell(const remedy::Verified& verified, const std::vector<remedy::Stands>& stands) {
  if (stands.empty()) fmt::print("abate changed nothing here yet; this is the server as it is.\n\n");
  for (const Proof& proof : verified.proofs)
    fmt::print("{}  {}\n       {}\n", proof.good ? "good " : "OPEN ", shown_text(proof.tried, 1000),
               shown_text(proof.seen, 1000));
  fmt::print("\n{}\n", verified.gone
                           ? "Gone: every check holds. Now tell the desk: abate reply."
                           : "Not gone yet. Make a new plan for what is left (abate plan), then verify again.");
}

}  // namespace

int verify_command(const SweepAsk& ask) {
  const Result<std::unique_ptr<SweepRun>> run = run_sweep(ask);
  if (!run) return complain(run.error());
  const Result<VerifyRun> verify = run_verify(ask, **run, (*run)->result.findings);
  if (!verify) return complain(verify.error());
  if (!ask.json.empty()) {
    const boost::json::object form = verification_form(**run, verify->verified);
    if (const Result<void> written = write_out(ask.json, boost::json::serialize(form) + "\n"); !written)
      return complain(written.error());
  }
  if (ask.json != "-") tell(verify->verified, verify->stands);
  if (!verify->verified.gone) return kFound;
  return saw_enough(**run) ? kNothingFound : kNotEnoughSeen;
}

}  // namespace abate::apps
