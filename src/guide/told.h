// SPDX-License-Identifier: Apache-2.0
// guide/told.h — what the guide tells a person, as data: the ticket, and what one look at the server gave.
//
// SECURITY: names and excerpts are a reporter's or the server's own bytes and hostile; Canvas makes them safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/category.h"
#include "model/reply.h"
#include "reply/reply_text.h"
#include "report/outcome.h"

namespace abate::guide {

struct TicketTold {
  std::string id;  // "T-2026-000123"; "" for a bare report
  Category category = Category::other;
  std::vector<std::string> addresses;  // the service's and the incidents'
  std::vector<std::string> urls;
  std::uint64_t incidents = 0;
  std::optional<Instant> first;
  std::optional<Instant> last;
  std::optional<Instant> respond_by;
  std::optional<Instant> fix_by;
  std::vector<std::string> required_actions;
  std::string seen;       // an excerpt of the evidence
  bool has_desk = false;  // an answer can be sent
};

struct Looked {
  report::Outcome outcome;              // with diagnosis and plan; no findings: they are counted below
  std::array<std::size_t, 4> counts{};  // by severity, in report::kWorstFirst's order
  std::uint64_t unseen = 0;             // things that were not examined
  bool gone = false;
  bool is_in_doubt = false;  // nothing is left, but too little was seen to say that it is fixed
  Reply reply;               // with the proofs
  std::vector<reply::OpenQuestion> questions;
  std::string stuck;  // the text of R36
};

struct Strength {            // how the server stands towards R27 to R32
  std::vector<Action> open;  // what abate can do, and what only a person can
  std::size_t already = 0;   // measures that are so already
};

struct Did {  // one action, tried
  bool good = false;
  std::string words;  // "done", "failed, and taken back"
  std::string says;   // why, or what is left to do
};

}  // namespace abate::guide
