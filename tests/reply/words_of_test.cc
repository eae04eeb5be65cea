// SPDX-License-Identifier: Apache-2.0
// What an answer says is the same in each run that comes to the same end; another word or proof is another answer.
#include "reply/words_of.h"

#include <functional>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "model/reply.h"
#include "wire/reply_json.h"

namespace abate::reply {
namespace {

constexpr Instant kThen{Duration{1'790'000'000'000'000}};

Proof proof(std::string_view seen, Instant at) {
  Proof one{.id = proof_id("a1", "compared /srv/x.php"),
            .about = "a1",
            .tried = "compared /srv/x.php",
            .seen = std::string{seen},
            .service = "203.0.113.10",
            .good = true,
            .at = at,
            .hash = {}};
  one.hash = proof_hash(one);
  return one;
}

boost::json::object answer(Instant at, const std::function<void(Reply&)>& change = [](Reply&) {}) {
  Reply reply;
  reply.ticket = "T-2026-000001";
  reply.cause = {{"2026-03-02 10:00 UTC: somebody uploaded a shell", Standing::proved, {"f1"}}};
  reply.done = {{"Removed /srv/x.php", Standing::proved, {"a1"}}};
  reply.proofs = {proof("as abate left it", at)};
  change(reply);
  Finding finding;
  finding.id = "f1";
  finding.subject = {.kind = SubjectKind::file, .path = "/srv/x.php"};
  return wire::reply_json(reply, {finding});
}

TEST(WordsOf, the_moment_of_a_proof_is_no_word_of_the_answer) {
  EXPECT_EQ(words_of(answer(kThen)), words_of(answer(kThen + std::chrono::hours{30})));
  EXPECT_NE(answer(kThen), answer(kThen + std::chrono::hours{30})) << "though the two forms differ";
}

TEST(WordsOf, another_word_standing_ticket_or_proof_is_another_answer) {
  const std::string before = words_of(answer(kThen));
  const std::function<void(Reply&)> changes[] = {
      [](Reply& reply) { reply.ticket = "T-2026-000002"; },
      [](Reply& reply) { reply.cause[0].says = "2026-03-02 11:00 UTC: somebody uploaded a shell"; },
      [](Reply& reply) { reply.cause[0].standing = Standing::claimed; },
      [](Reply& reply) { reply.cause[0].proof.clear(); },
      [](Reply& reply) { std::swap(reply.cause, reply.prevention); },
      [](Reply& reply) { reply.prevention = {{"Nobody shares passwords any more", Standing::claimed, {}}}; },
      [](Reply& reply) { reply.proofs[0] = proof("it was changed", kThen); },
      [](Reply& reply) { reply.proofs.push_back(proof("as abate left it", kThen)), reply.proofs[1].about = "a2"; },
      [](Reply& reply) { reply.proofs.clear(); }};
  for (const auto& change : changes) EXPECT_NE(words_of(answer(kThen, change)), before);
}

}  // namespace
}  // namespace abate::reply
