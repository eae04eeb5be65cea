// SPDX-License-Identifier: Apache-2.0
#include "desk/verify.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "desk/attribute.h"
#include "desk/open.h"
#include "desk/refuse.h"

namespace abate::desk {
namespace {

constexpr std::size_t kIncidentsMax = 100;  // the newest
constexpr std::size_t kSaidBytesMax = 1000;

bool is_wanted(const Ticket& ticket, ProbeWhy why, const Terms& terms, Instant now) {
  if (terms.probe == ProbeMode::off) return false;
  if (why == ProbeWhy::claim) return ticket.state == TicketState::claimed;
  return ticket.state == TicketState::closed && ticket.merged_into.empty() && ticket.probation_until &&
         now < *ticket.probation_until;
}

Result<std::vector<Incident>> incidents_of(Transaction& store, const std::string& ticket_id) {
  TRY_ASSIGN(const Listed<KeptIncident> kept,
             store.incidents_of_ticket(ticket_id, {.after = {}, .limit = kIncidentsMax}));
  std::vector<Incident> out;
  for (const KeptIncident& one : kept.items) out.push_back(one.incident);
  return out;
}

// Whose is it now? An address that moved on is another customer's: never spoken to.
Result<bool> is_still_theirs(Desk& desk, Transaction& store, const IpAddress& address, const Ticket& ticket) {
  const Instant now = desk.clock.now();
  TRY_ASSIGN(const Attribution owner, attribute(desk, store, address, {.begin = now, .end = now}));
  return owner.verdict == Verdict::matched && owner.assignment && owner.assignment->service.id == ticket.service.id;
}

struct Told {  // of one task
  std::string kind;
  std::vector<ProbeSeen> tries;
};

// One live try is enough for live; gone needs all.
ProbeOutcome outcome_of(const std::vector<ProbeSeen>& tries) {
  const auto any = [&](ProbeOutcome outcome) {
    return std::ranges::find(tries, outcome, &ProbeSeen::outcome) != tries.end();
  };
  for (const ProbeOutcome outcome : {ProbeOutcome::live, ProbeOutcome::unclear, ProbeOutcome::not_probed})
    if (any(outcome)) return outcome;
  return ProbeOutcome::gone;
}

std::string_view words_of(ProbeOutcome outcome) {
  switch (outcome) {
    case ProbeOutcome::live: return "The harm is still there";
    case ProbeOutcome::gone: return "The harm is gone";
    case ProbeOutcome::unclear: return "This tells nothing";
    case ProbeOutcome::not_probed: break;
  }
  return "Not probed";
}

std::string shown(const std::string& text) { return shorten(make_valid_utf8(text), kSaidBytesMax); }

// The try that decided, in a sentence or two.
std::string sentence_of(const std::vector<ProbeSeen>& tries, ProbeOutcome outcome) {
  const auto decided = std::ranges::find(tries, outcome, &ProbeSeen::outcome);
  std::string text{words_of(outcome)};
  if (decided == tries.end()) return text + ".";
  if (!decided->tried.empty()) text += ". Tried: " + shown(decided->tried);
  if (!decided->seen.empty())
    text += fmt::format("{} {}", decided->tried.empty() ? ":" : ". Seen:", shown(decided->seen));
  if (tries.size() > 1) text += fmt::format(" ({} tries in all)", tries.size());
  return text + ".";
}

boost::json::object body_of(ProbeWhy why, const Told& told) {
  const ProbeOutcome outcome = outcome_of(told.tries);
  boost::json::array tries;
  for (const ProbeSeen& one : told.tries)
    tries.push_back(boost::json::object{{"outcome", probe_outcome_name(one.outcome)},
                                        {"tried", shown(one.tried)},
                                        {"seen", shown(one.seen)},
                                        {"sha256", one.sha256}});
  return {{"text", sentence_of(told.tries, outcome)},
          {"why", probe_why_name(why)},
          {"kind", told.kind},
          {"outcome", probe_outcome_name(outcome)},
          {"tries", std::move(tries)}};
}

const Told* live_one(const std::vector<Told>& told) {
  const auto found = std::ranges::find(told, ProbeOutcome::live, [](const Told& one) { return outcome_of(one.tries); });
  return found == told.end() ? nullptr : &*found;
}

Result<void> act_on(Change& change, ProbeWhy why, const Told& live) {
  const std::string reason = "A check from outside was made. " + sentence_of(live.tries, ProbeOutcome::live);
  return why == ProbeWhy::claim ? refuse_now(change, reason) : reopen_now(change, reason);
}

Result<void> keep(Change& change, const DueProbe& due, const std::vector<Told>& told) {
  TRY(change.store.probe_done(due));
  if (!is_wanted(change.ticket, due.why, change.terms, change.now)) return change.save(true);  // it moved on meanwhile
  for (const Told& one : told) TRY(change.enter(EntryKind::probe, body_of(due.why, one)));
  const Told* const live = live_one(told);
  if (live != nullptr && change.terms.probe == ProbeMode::refuse) {
    TRY(act_on(change, due.why, *live));
    return change.save();
  }
  if (due.why == ProbeWhy::probation) {
    const Instant next = change.now + kNextProbation;
    if (next < *change.ticket.probation_until)
      TRY(change.store.schedule_probe(change.ticket.id, ProbeWhy::probation, next));
  }
  return change.save(true);
}

}  // namespace

Result<void> schedule_for_claim(Change& change) {
  if (!change.desk.probes || change.terms.probe == ProbeMode::off) return {};
  return change.store.schedule_probe(change.ticket.id, ProbeWhy::claim, change.now);
}

Result<void> schedule_for_probation(Change& change) {
  if (!change.desk.probes || change.terms.probe == ProbeMode::off) return {};
  return change.store.schedule_probe(change.ticket.id, ProbeWhy::probation, change.now + kFirstProbation);
}

ProbeRunner::ProbeRunner(Desk& desk, std::shared_ptr<Prober> prober, Limits limits)
    : desk_{desk}, prober_{std::move(prober)}, limits_{limits} {
  desk_.probes = prober_ != nullptr;
}

ProbeRunner::~ProbeRunner() { stop(); }

void ProbeRunner::start() {
  if (!prober_) return;
  for (std::size_t i = 0; i < limits_.threads; ++i)
    threads_.emplace_back([this, owner = fmt::format("{}/probe-{}", desk_.node, i)] { run(owner); });
}

void ProbeRunner::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  stopped_.notify_all();
  desk_.bell.ring(Bell::Topic::due);
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
  threads_.clear();
}

bool ProbeRunner::pause() {
  std::unique_lock lock{mutex_};
  return stopped_.wait_for(lock, limits_.pause, [this] { return stopping_; });
}

Result<ProbeRunner::Wanted> ProbeRunner::wanted(const Ticket& ticket) {
  return in_read(desk_.store, [&](Transaction& store) -> Result<Wanted> {
    TRY_ASSIGN(const std::vector<Incident> incidents, incidents_of(store, ticket.id));
    Wanted out;
    if (std::ranges::any_of(incidents, is_never_fetched)) out.why_not = "the law forbids to fetch it";
    for (ProbeTask& task : probes_for(ticket.category, incidents)) {
      TRY_ASSIGN(const bool theirs, is_still_theirs(desk_, store, task.address, ticket));
      if (theirs) out.tasks.push_back(std::move(task));
    }
    return out;
  });
}

Result<void> ProbeRunner::probe_ticket(const DueProbe& due) {
  TRY_ASSIGN(const Ticket ticket,
             in_read(desk_.store, [&](Transaction& store) { return store.ticket(due.ticket_id); }));
  const std::shared_ptr<const Policy> policy = desk_.policy.load();
  std::vector<Told> told;
  if (is_wanted(ticket, due.why, policy->of(ticket.category), desk_.clock.now())) {
    TRY_ASSIGN(const Wanted what, wanted(ticket));
    for (const ProbeTask& task : what.tasks) {
      if (!told.empty() && pause())
        return failure(Fault::unavailable, "ended by the desk's own end: probed again after the next start");
      told.push_back({task.kind, prober_->probe(task)});
    }
    if (what.tasks.empty()) {
      ProbeSeen nothing;
      nothing.outcome = ProbeOutcome::not_probed;
      nothing.seen = what.why_not;
      told.push_back({"none", {nothing}});
    }
  }
  TRY(desk_.store.write([&](Transaction& store) {
    return touch(desk_, store, due.ticket_id, [&](Change& change) { return keep(change, due, told); });
  }));
  desk_.bell.ring(Bell::Topic::outbox);
  desk_.bell.ring(Bell::Topic::due);
  return {};
}

Result<bool> ProbeRunner::tick(const std::string& owner) {
  const Instant now = desk_.clock.now();
  TRY_ASSIGN(const std::vector<DueProbe> due, in_write(desk_.store, [&](Transaction& store) {
               return store.claim_probes(1, owner, now, now + kProbeLease);
             }));
  if (due.empty()) return false;
  const DueProbe& probe = due.front();
  if (probe.tries >= kProbeTriesMax) {
    log_error("probe_given_up", {{"ticket", probe.ticket_id}});
    TRY(desk_.store.write([&](Transaction& store) { return store.probe_done(probe); }));
    return true;
  }
  // What fails here comes again when the lease ends.
  if (const Result<void> done = probe_ticket(probe); !done)
    log_error("probe", {{"ticket", probe.ticket_id}, {"why", done.error().what}});
  return true;
}

void ProbeRunner::run(const std::string& owner) {
  std::uint64_t seen = 0;
  for (;;) {
    {
      const std::lock_guard lock{mutex_};
      if (stopping_ || desk_.bell.closed()) return;
    }
    const Result<bool> did = tick(owner);
    if (!did) log_error("probe", {{"why", did.error().what}});
    if (did && *did) {
      pause();
      continue;
    }
    desk_.bell.wait(Bell::Topic::due, seen, kProbeSleepMax);
  }
}

}  // namespace abate::desk
