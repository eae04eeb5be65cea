// SPDX-License-Identifier: Apache-2.0
// apps/abate/reply_run.h — from a sweep to the answer: its diagnosis, what would still be changed, what abate changed
// and whether it stands, and the reply that follows from it all.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/abate/sweep_run.h"
#include "apps/abate/verify_run.h"
#include "model/plan.h"
#include "reply/write_reply.h"
#include "wire/plan_json.h"

namespace abate::apps {

struct ReplyRun {
  Diagnosis now;         // of this sweep
  Plan plan;             // what would still be done; its root as `abate apply` finds it
  wire::PlanCause then;  // of the plan that was applied, where it knows more: once harm is gone, a sweep does not
  VerifyRun verify;
  Reply reply;
  std::vector<reply::OpenQuestion> questions;
  std::string stuck;  // the text of R36
};
Result<ReplyRun> run_reply(const SweepAsk& ask, SweepRun& run, const reply::Claims& claims);

}  // namespace abate::apps
