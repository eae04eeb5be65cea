// SPDX-License-Identifier: Apache-2.0
// model/reply.h — what a customer answers to a ticket (R33): four parts, each statement proved or only claimed (R34),
// and the proofs that the statements name.
//
// A proof is evidence from the customer's machine: it shows what was done and seen, and its hash shows that it was not
// changed on the way; it is never believed blindly.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace abate {

enum class Standing : std::uint8_t { proved, claimed };
std::string_view standing_name(Standing standing);

struct Statement {
  std::string says;  // one sentence in plain words
  Standing standing = Standing::claimed;
  std::vector<std::string> proof;  // ids of findings ("f…"), actions ("a…") and proofs ("p…"); empty where claimed
};

struct Proof {
  std::string id;       // "p" and 12 hex digits of what was checked: the same in every run
  std::string about;    // id of the action or finding that it checks
  std::string tried;    // what was done: "GET http://shop.example/x.php on 127.0.0.1:80 as a phone"
  std::string seen;     // what came back: "404 Not Found"
  std::string service;  // address or machine id of where it was tried
  bool good = false;    // the harm is gone
  Instant at;
  std::string hash;  // proof_hash()
};

// SHA-256 in lower-case hex over the RFC 8785 canonical JSON of all other fields: {"about","at","good","id","seen",
// "service","tried"}; `at` as RFC 3339 with six digits of fraction.
std::string proof_hash(const Proof& proof);
std::string proof_id(std::string_view about, std::string_view tried);

constexpr std::size_t kReplyBytesMax = 256 * 1024;  // of a reply's form in canonical JSON, as the desk takes it

struct Reply {
  std::string ticket;
  std::vector<Statement> cause;       // what caused it
  std::vector<Statement> done;        // what was done
  std::vector<Statement> confirmed;   // how it was confirmed
  std::vector<Statement> prevention;  // what keeps it from happening again
  std::vector<Proof> proofs;
  std::string text;  // the same, as the person would write it
};

}  // namespace abate
