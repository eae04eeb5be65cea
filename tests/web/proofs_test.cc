// SPDX-License-Identifier: Apache-2.0
// POST /api/v1/tickets/{id}/proofs and the Idempotency-Key of moves, over a real socket.
#include "base/hash.h"
#include "desk/customer.h"
#include "desk/history.h"
#include "model/reply.h"
#include "support/schema.h"
#include "web/api_fixture.h"

namespace abate::web {
namespace {

using test::RawAnswer;
namespace json = boost::json;

class ProofsApi : public ApiTest {
 protected:
  ProofsApi() : id_{open_ticket()} {}

  [[nodiscard]] json::object reply_form() const {
    Proof proof{.id = "p0123456789ab",
                .about = "a0123456789ab",
                .tried = "compared /var/www/x.php with what the change left",
                .seen = "it is gone",
                .service = "203.0.113.10",
                .good = true,
                .at = kNow - std::chrono::minutes{1},
                .hash = {}};
    proof.hash = proof_hash(proof);
    return {{"schema", "abate.reply/1"},
            {"ticket", id_},
            {"cause", {{{"says", "An old plugin"}, {"standing", "claimed"}, {"proof", json::array{}}}}},
            {"done", {{{"says", "Removed it"}, {"standing", "proved"}, {"proof", {"a0123456789ab"}}}}},
            {"confirmed", json::array{}},
            {"prevention", json::array{}},
            {"text", "What caused it: …"},
            {"findings", json::array{}},
            {"proofs",
             {{{"id", proof.id},
               {"about", proof.about},
               {"tried", proof.tried},
               {"seen", proof.seen},
               {"service", proof.service},
               {"good", proof.good},
               {"at", format_rfc3339_exact(proof.at)},
               {"hash", proof.hash}}}}};
  }
  RawAnswer post(const json::object& form, const std::string& key = {}) {
    return say("proofs", json::serialize(form), key);
  }
  // With a version that is old on the second call.
  RawAnswer say(const std::string& verb, const std::string& body, const std::string& key,
                const std::string& token = {}) {
    if (version_.empty()) version_ = version_of(id_);
    return ask({.method = "POST",
                .target = "/api/v1/tickets/" + id_ + "/" + verb,
                .token = token.empty() ? ada_token_ : token,
                .if_match = version_,
                .headers = key.empty() ? "" : "Idempotency-Key: " + key + "\r\n",
                .body = body});
  }
  json::array entries(const std::string& kind) {
    json::array out;
    const auto all = parsed(get("/api/v1/tickets/" + id_ + "/entries?limit=500", ada_token_));
    for (const json::value& entry : all.at("items").as_array())
      if (entry.at("kind").as_string() == kind) out.push_back(entry);
    return out;
  }

  std::string id_, version_;
};

TEST_F(ProofsApi, are_kept_whole_in_one_entry_with_what_the_desk_found) {
  const json::object form = reply_form();
  const RawAnswer posted = post(form);
  ASSERT_EQ(posted.status, 200) << posted.body;
  EXPECT_EQ(parsed(posted).at("state"), "open") << "a proof is no claim";
  EXPECT_EQ(parsed(posted).at("answered_at"), nullptr) << "and no answer";
  const json::array kept = entries("proof");
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].at("actor"), "customer:c-7");
  EXPECT_EQ(kept[0].at_pointer("/body/document"), json::value(form));
  const json::value& checks = kept[0].at_pointer("/body/checks");
  EXPECT_EQ(checks.at("names_ticket"), "yes");
  EXPECT_EQ(checks.at_pointer("/proofs/0/whole"), "yes");
  EXPECT_EQ(checks.at_pointer("/proofs/0/here"), "yes");
  EXPECT_EQ(checks.at_pointer("/proofs/0/in_time"), "yes");
  EXPECT_EQ(checks.at_pointer("/done/0/standing"), "proved");
  EXPECT_EQ(checks.at("proved"), 1);
  EXPECT_EQ(checks.at("claimed"), 1);
  EXPECT_EQ(desk::verify_history(*store_)->broken, std::nullopt);
}

TEST_F(ProofsApi, that_were_changed_are_kept_too_and_said_to_be) {
  json::object form = reply_form();
  form["proofs"].as_array()[0].as_object()["seen"] = "it is gone, honestly";
  ASSERT_EQ(post(form).status, 200);
  const json::array kept = entries("proof");
  EXPECT_EQ(kept.at(0).at_pointer("/body/checks/proofs/0/whole"), "no");
  EXPECT_EQ(kept.at(0).at_pointer("/body/checks/done/0/standing"), "claimed");
}

TEST_F(ProofsApi, who_and_which_version_is_judged_before_the_body) {
  const std::string target = "/api/v1/tickets/" + id_ + "/proofs";
  EXPECT_EQ(ask({.method = "POST", .target = target, .token = eve_token_, .body = "{"}).status, 404);
  EXPECT_EQ(ask({.method = "POST", .target = target, .token = desk_token_, .body = "{"}).status, 403);
  EXPECT_EQ(ask({.method = "POST", .target = target, .token = reports_token_, .body = "{"}).status, 403);
  EXPECT_EQ(ask({.method = "POST", .target = target, .body = "{"}).status, 401);
  EXPECT_EQ(ask({.method = "POST", .target = target, .token = ada_token_, .body = "{"}).status, 428);
  EXPECT_EQ(ask({.method = "POST", .target = target, .token = ada_token_, .if_match = "\"99\"", .body = "{"}).status,
            412);
  const RawAnswer wrong = say("proofs", "{", "");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(wrong.header("content-type"), "application/problem+json");
  EXPECT_EQ(say("proofs", R"({"schema":"abate.reply/1"})", "").status, 422);
  EXPECT_TRUE(entries("proof").empty());
}

TEST_F(ProofsApi, a_dismissed_or_reviewed_ticket_takes_none_and_a_closed_one_does) {
  ASSERT_EQ(act(id_, "close", R"({"reason":"a false alarm"})", desk_token_).status, 200);
  EXPECT_EQ(post(reply_form()).status, 200) << "what a watch sees during probation";
}

TEST_F(ProofsApi, beyond_the_limits_are_refused_by_size_and_by_number) {
  json::object large = reply_form();
  large["note"] = std::string(kReplyBytesMax, 'x');
  EXPECT_EQ(post(large).status, 413);
  for (std::size_t i = 0; i < desk::kProofsOfTicketMax; ++i) {
    version_.clear();
    ASSERT_EQ(post(reply_form()).status, 200) << i;
  }
  version_.clear();
  EXPECT_EQ(post(reply_form()).status, 409);
}

TEST_F(ProofsApi, deep_and_broken_json_is_refused) {
  EXPECT_EQ(say("proofs", std::string(5000, '[') + std::string(5000, ']'), "").status, 422);
  EXPECT_EQ(say("proofs", "{\"schema\":\"abate.reply/1\",\"cause\":\xff}", "").status, 422);
  EXPECT_EQ(say("proofs", "[]", "").status, 422);
}

TEST_F(ProofsApi, what_is_said_twice_under_one_key_happens_once) {
  for (const auto& [verb, kind, body] : {std::tuple{"reply", "reply", std::string{R"({"text":"I look into it"})"}},
                                         {"proofs", "proof", json::serialize(reply_form())},
                                         {"claim", "claim", std::string{R"({"text":"It is fixed"})"}}}) {
    version_.clear();
    const std::string key = fmt::format("key-{}", verb);
    const RawAnswer first = say(verb, body, key);
    ASSERT_EQ(first.status, 200) << verb << first.body;
    const RawAnswer again = say(verb, body, key);  // the answer was lost: the version is the old one
    EXPECT_EQ(again.status, 200) << verb << again.body;
    EXPECT_EQ(parsed(again).at("version"), parsed(first).at("version"));
    EXPECT_EQ(entries(kind).size(), 1U) << verb;
    const RawAnswer other = say(verb, R"({"text":"something else"})", key);
    EXPECT_EQ(other.status, 422) << verb;
    EXPECT_NE(other.body.find("Idempotency-Key was used before"), std::string::npos) << other.body;
  }
}

TEST_F(ProofsApi, a_key_belongs_to_who_used_it) {
  ASSERT_EQ(say("reply", R"({"text":"mine"})", "one").status, 200);
  version_.clear();
  EXPECT_EQ(say("reply", R"({"text":"the team's"})", "one", desk_token_).status, 200);
  EXPECT_EQ(entries("reply").size(), 2U);
  EXPECT_EQ(say("reply", R"({"text":"mine"})", "one", eve_token_).status, 404) << "seeing is judged first";
  EXPECT_EQ(say("reply", R"({"text":"mine"})", std::string(256, 'k')).status, 422);
}

TEST_F(ProofsApi, a_key_under_which_nothing_was_done_is_free_again) {
  EXPECT_EQ(say("reply", R"({"text":""})", "one").status, 422);
  EXPECT_EQ(say("reply", R"({"text":"now with words"})", "one").status, 200);
}

TEST_F(ProofsApi, a_stuck_customer_is_marked) {
  ASSERT_EQ(say("reply", R"({"text":"I do not know how to go on","stuck":true})", "").status, 200);
  EXPECT_EQ(entries("reply").at(0).at_pointer("/body/stuck"), true);
  version_.clear();
  EXPECT_EQ(say("reply", R"({"text":"x","stuck":"yes"})", "").status, 422);
}

}  // namespace
}  // namespace abate::web
