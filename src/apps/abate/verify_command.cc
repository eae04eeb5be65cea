// SPDX-License-Identifier: Apache-2.0
// `abate verify`: tries whether the harm and its cause are gone.
#include <boost/json/serialize.hpp>

#include "apps/abate/commands.h"
#include "apps/abate/verify_run.h"
#include "base/text.h"

namespace abate::apps {
namespace {

// What the notes of a whole sweep bury: the tries of services that told nothing.
void tell_not_examined(const remedy::Verified& verified) {
  for (const auto& [what, why] : verified.not_examined)
    fmt::print("?      {}\n       not examined: {}\n", shown_text(what, 1000), shown_text(why, 1000));
}

std::string_view end_of(const remedy::Verified& verified) {
  if (!verified.gone)
    return "Not gone yet: see what is OPEN. What asks for a person is yours to do; for the rest make a new plan (abate "
           "plan). Then verify again.";
  if (verified.is_in_doubt)
    return "Nothing is left that can be seen from here, but too little could be tried to say that it is gone: see what "
           "was not examined.";
  return "Gone: every check holds. Now tell the desk: abate reply.";
}

void tell(const remedy::Verified& verified, const std::vector<remedy::Stands>& stands) {
  if (stands.empty()) fmt::print("abate changed nothing here yet; this is the server as it is.\n\n");
  for (const Proof& proof : verified.proofs)
    fmt::print("{}  {}\n       {}\n", proof.good ? "good " : "OPEN ", shown_text(proof.tried, 1000),
               shown_text(proof.seen, 1000));
  tell_not_examined(verified);
  fmt::print("\n{}\n", end_of(verified));
}

}  // namespace

int verify_command(const SweepAsk& asked) {
  SweepAsk ask = asked;
  ask.speaks = true;
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
  return saw_enough(**run) && !verify->verified.is_in_doubt ? kNothingFound : kNotEnoughSeen;
}

}  // namespace abate::apps
