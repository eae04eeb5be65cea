// SPDX-License-Identifier: Apache-2.0
#include "probe/probe_kind.h"

#include "base/check.h"
#include "talk/open_service.h"

namespace abate::probe {

talk::Peer peer_of(const ProbeTask& task, const Means& means) {
  const bool fits = means.source && means.source->is_v4() == task.address.is_v4();
  return {.address = task.address, .port = task.port, .from = fits ? means.source : std::nullopt};
}

ProbeSeen seen_of(talk::Trial trial) {
  ProbeSeen seen;
  seen.outcome = trial.outcome == talk::Outcome::open     ? ProbeOutcome::live
                 : trial.outcome == talk::Outcome::closed ? ProbeOutcome::gone
                                                          : ProbeOutcome::unclear;
  seen.tried = std::move(trial.tried);
  seen.seen = std::move(trial.seen);
  seen.sha256 = std::move(trial.sha256);
  return seen;
}

ProbeSeen not_probed(std::string why) {
  ProbeSeen seen;
  seen.outcome = ProbeOutcome::not_probed;
  seen.seen = std::move(why);
  return seen;
}

std::vector<ProbeSeen> ask_services(std::initializer_list<std::string_view> names, const ProbeTask& task,
                                    const Means& means) {
  std::vector<ProbeSeen> all;
  for (const std::string_view name : names) {
    const talk::OpenService* const service = talk::open_service(name);
    CHECK(service != nullptr);
    all.push_back(seen_of(talk::try_open_service(*service, peer_of(task, means), means.bounds)));
  }
  return all;
}

}  // namespace abate::probe
