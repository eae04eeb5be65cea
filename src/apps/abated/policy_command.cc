// SPDX-License-Identifier: Apache-2.0
// `abated policy try FILE`: who would have been suspended? (B11)
#include <algorithm>
#include <cstdio>

#include "apps/abated/commands.h"
#include "apps/abated/setup.h"
#include "base/text.h"
#include "desk/policy_try.h"

namespace abate::apps {
namespace {

void print_outcome(const char* label, const desk::PolicyOutcome& outcome) {
  fmt::print("  {} {}{}\n", label, outcome.opened ? "opened" : "not opened",
             outcome.opened_by_itself ? " by itself" : "");
  for (const std::string& measure : outcome.measures) fmt::print("  {} {}\n", label, escape_terminal(measure));
}

}  // namespace

int try_policy(const std::string& config_file, const std::string& policy_file, const std::string& since_text) {
  const Result<Policy> policy = read_policy(policy_file);
  if (!policy) return complain(policy.error());
  std::optional<Instant> since;
  if (!since_text.empty()) {
    const Result<Instant> at = parse_rfc3339(since_text);
    if (!at) return complain({Fault::malformed, "--since: " + at.error().what});
    since = *at;
  }
  const Result<Setup> setup = set_up(config_file);
  if (!setup) return complain(setup.error());
  const auto trials = desk::try_policy(*setup->store, *policy, since, SystemClock{}.now());
  if (!trials) return complain(trials.error());
  std::size_t differ = 0, opened = 0, measures = 0;
  for (const desk::PolicyTrial& trial : *trials) {
    opened += trial.would.opened ? 1 : 0;
    measures += trial.would.measures.size();
    if (trial.was == trial.would) continue;
    ++differ;
    fmt::print("{} {} {}\n", trial.ticket_id, escape_terminal(trial.service_id), category_name(trial.category));
    print_outcome("was:  ", trial.was);
    print_outcome("would:", trial.would);
  }
  fmt::print("{} tickets replayed: {} would have opened, {} measures would have been taken or proposed, {} differ\n",
             trials->size(), opened, measures, differ);
  return kOk;
}

}  // namespace abate::apps
