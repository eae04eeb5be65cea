// SPDX-License-Identifier: Apache-2.0
// model/plan.h — what would be changed on the server: typed actions, as data. Nothing here acts.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "model/finding.h"

namespace abate {

struct Action {
  std::string id;           // "a" and 12 hex digits of kind and subject: the same in every run
  std::string kind;         // "quarantine_file"
  std::string title;        // of a measure: "SSH by key only"; the other kinds are named by report/words.h
  std::string requirement;  // "R20"
  Subject subject;
  std::vector<std::string> findings;  // ids
  std::string why;
  std::string effect;  // what users of the server will notice
  std::string risk;
  std::string undo;                                           // how it is taken back
  std::string proof;                                          // what shows that it worked
  bool is_default = true;                                     // done unless the person says no
  std::vector<std::string> changes;                           // what would be changed, in plain words
  std::vector<std::pair<std::string, std::string>> expected;  // path -> SHA-256 now; "" where there is no file
  std::string by_hand;                                        // what only a person can do, and how
};

struct Plan {
  std::string ticket;
  std::string root = "/";
  Instant made_at;
  std::vector<Action> actions;
  std::vector<std::string> warnings;  // "only the symptom is removed: …" (R26)
};

std::string action_id(const Action& action);

}  // namespace abate
