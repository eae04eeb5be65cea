// SPDX-License-Identifier: Apache-2.0
// A reply as somebody posted it: what is taken, and what is refused by name.
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "wire/reply_json.h"

namespace abate::wire {
namespace {

namespace json = boost::json;

json::object form() {
  return json::parse(R"({"schema":"abate.reply/1","ticket":"T-2026-000001",
    "cause":[{"says":"An old plugin","standing":"proved","proof":["f1"]}],
    "done":[{"says":"Removed it","standing":"claimed","proof":[]}],"confirmed":[],"prevention":[],"text":"as a person writes",
    "proofs":[{"id":"p1","about":"a1","tried":"t","seen":"s","service":"203.0.113.10","good":true,
               "at":"2026-03-02T11:00:00.000000Z","hash":"h"}],
    "findings":[{"id":"f1","why":"because","later":{"field":[1,2]}}]})")
      .as_object();
}

std::string refusal(const json::object& given) {
  const auto read = read_reply(given);
  return read ? "" : read.error().what;
}

TEST(ReplyRead, a_reply_is_read_with_its_proofs_and_findings) {
  const auto read = read_reply(form());
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->reply.ticket, "T-2026-000001");
  EXPECT_EQ(read->reply.cause.at(0).standing, Standing::proved);
  EXPECT_EQ(read->reply.cause.at(0).proof, std::vector<std::string>{"f1"});
  EXPECT_EQ(read->reply.proofs.at(0).service, "203.0.113.10");
  EXPECT_EQ(read->findings, std::vector<std::string>{"f1"});
  EXPECT_FALSE(read->gone);
}

TEST(ReplyRead, what_our_own_sweep_writes_is_read_back_and_its_hash_is_whole) {
  Reply reply;
  reply.ticket = "T-2026-000001";
  Proof proof{.id = "p1",
              .about = "a1",
              .tried = "té",
              .seen = "s\n",
              .service = "203.0.113.10",
              .good = true,
              .at = *parse_rfc3339("2026-03-02T11:00:00.123456Z"),
              .hash = {}};
  proof.hash = proof_hash(proof);
  reply.proofs = {proof};
  const auto read = read_reply(reply_json(reply, {}));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(proof_hash(read->reply.proofs.at(0)), proof.hash);
}

TEST(ReplyRead, a_verification_is_read_alone_and_within_a_reply) {
  json::object verification = form();
  verification["schema"] = "abate.verification/1";
  verification["gone"] = true;
  const auto alone = read_reply(verification);
  ASSERT_TRUE(alone) << alone.error().what;
  EXPECT_TRUE(alone->is_verification);
  EXPECT_EQ(alone->gone, true);
  EXPECT_TRUE(alone->reply.cause.empty());

  json::object both = form();
  both["verification"] = verification;
  const auto within = read_reply(both);
  ASSERT_TRUE(within) << within.error().what;
  EXPECT_EQ(within->reply.proofs.size(), 1U) << "it repeats the reply's own";
  EXPECT_EQ(within->gone, true);
  both["verification"].as_object()["proofs"].as_array()[0].as_object()["seen"] = "something else";
  EXPECT_NE(refusal(both).find("p1 says something else"), std::string::npos) << refusal(both);
}

TEST(ReplyRead, what_is_wrong_is_named) {
  struct Wrong {
    const char* what;
    const char* at;
    json::value value;
    const char* words;
  };
  const std::vector<Wrong> cases{
      {"another form", "/schema", "abate.sweep/1", "'schema'"},
      {"no list", "/cause", "words", "'cause' must be a list"},
      {"no objects", "/cause/0", 1, "'cause' must hold objects"},
      {"says nothing", "/cause/0/says", " ", "'says'"},
      {"too long", "/cause/0/says", json::string(5000, 'x'), "'says' has 5000 bytes"},
      {"no standing", "/cause/0/standing", "sworn", "'standing'"},
      {"no ids", "/cause/0/proof", "f1", "'proof'"},
      {"an id of another type", "/cause/0/proof/0", 7, "'proof'"},
      {"no time", "/proofs/0/at", "yesterday", "'at' of p1"},
      {"neither good nor bad", "/proofs/0/good", "yes", "'good' of p1"},
      {"no id", "/proofs/0/id", "", "'id'"},
      {"no id of a finding", "/findings/0/id", nullptr, "'findings': 'id'"},
      {"a fraction, deep within", "/findings/0/later/field/0", 0.5, "whole"},
      {"a number that not all languages read alike", "/findings/0/later/field/0", std::int64_t{1} << 53, "2^53"}};
  for (const auto& [what, at, value, words] : cases) {
    json::value given = form();
    given.at_pointer(at) = value;
    EXPECT_NE(refusal(given.as_object()).find(words), std::string::npos) << what << ": " << refusal(given.as_object());
  }
}

TEST(ReplyRead, an_id_twice_a_name_beyond_ascii_and_nothing_at_all_are_refused) {
  json::object twice = form();
  twice["proofs"].as_array().push_back(twice["proofs"].as_array()[0]);
  EXPECT_NE(refusal(twice).find("p1 is given twice"), std::string::npos);
  json::object named = form();
  named["f\u00fcr"] = 1;
  EXPECT_NE(refusal(named).find("ASCII"), std::string::npos);
  EXPECT_NE(refusal({{"schema", "abate.reply/1"}}).find("neither"), std::string::npos);
  EXPECT_NE(refusal({}).find("'schema'"), std::string::npos);
  json::object many = form();
  for (std::size_t i = 0; i <= kStatementsOfPartMax; ++i)
    many["done"].as_array().push_back({{"says", "x"}, {"standing", "claimed"}});
  EXPECT_NE(refusal(many).find("at most 500"), std::string::npos);
}

}  // namespace
}  // namespace abate::wire
