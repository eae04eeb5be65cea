// SPDX-License-Identifier: Apache-2.0
// reply/write_reply.h — the answer to a ticket in four parts (R33), from facts: what caused it, what was done, how it
// was confirmed, what keeps it from happening again.
//
// Nothing is said that was not found, done or tried; what only the person knows is theirs to say and stands as claimed
// (R34). Where the way in was not treated, the reply says so itself. Plain words, no threats (R37). The words
// do not tell when they were written, so the same facts make the same answer; each proof bears its time. Pure;
// thread-safe.
#pragma once

#include <string>
#include <vector>

#include "model/diagnosis.h"
#include "model/plan.h"
#include "model/reply.h"
#include "remedy/verify.h"
#include "reply/reply_text.h"

namespace abate::reply {

struct Claims {  // the person's own words
  std::vector<std::string> cause;
  std::vector<std::string> done;
  std::vector<std::string> confirmed;
  std::vector<std::string> prevention;
};

struct Facts {
  const Diagnosis& diagnosis;
  const Plan& plan;  // what would still be done: its warnings count
  const std::vector<remedy::Stands>& stands;
  const remedy::Verified& verified;
  const Claims& claims;
};

Reply write_reply(const Facts& facts);
// What only the person can answer, where a part has no fact: "What was the password of deploy used for elsewhere?"
std::vector<OpenQuestion> open_questions(const Reply& reply, const Facts& facts);
// R36: what was looked at and found so far, and the question for the next step.
std::string stuck_text(const Facts& facts, std::uint64_t files, std::uint64_t log_lines);

}  // namespace abate::reply
