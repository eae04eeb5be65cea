// SPDX-License-Identifier: Apache-2.0
// Plain `abate`: leads a person through all of it.
#include "apps/abate/guide_hands.h"
#include "apps/abate/guide_person.h"
#include "apps/abate/sweep_run.h"
#include "guide/guide.h"

namespace abate::apps {
namespace {

Result<int> lead(const SweepAsk& ask, bool start_over) {
  TRY_ASSIGN(const std::unique_ptr<GuideHands> hands, GuideHands::open(ask));
  if (start_over) hands->start_over();
  guide::Progress progress;
  const Result<guide::Progress> kept = hands->kept_progress();
  if (kept && kept->place != guide::Place::done && (ask.ticket.empty() || ask.ticket == kept->ticket)) {
    progress = *kept;
  } else {
    // A new ticket, or the last one came to its end.
    hands->start_over();
    progress.ticket = ask.ticket;
  }
  GuidePerson person{ask};
  guide::Guide guide{person, *hands, std::move(progress)};
  switch (guide.run()) {
    case guide::Ended::good: return kNothingFound;
    case guide::Ended::unsure: return kNotEnoughSeen;
    case guide::Ended::left: break;
  }
  return kFound;
}

}  // namespace

int guide_command(const SweepAsk& ask, bool start_over) {
  if (!GuidePerson::is_there())
    return complain({Fault::malformed,
                     "nobody is at a terminal to be led through it. The single commands ask nothing: abate sweep, "
                     "diagnose, plan, apply, verify, reply; abate --help tells of them"});
  catch_interrupts();
  const Result<int> status = lead(ask, start_over);
  return status ? *status : complain(status.error());
}

}  // namespace abate::apps
