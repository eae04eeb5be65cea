// SPDX-License-Identifier: Apache-2.0
// /api/v1/tickets/{id}/links over a real socket, and what the token of a link reaches.
#include "support/schema.h"
#include "web/api_fixture.h"

namespace abate::web {
namespace {

using test::RawAnswer;
using test::Schema;

class LinksApi : public ApiTest {
 protected:
  LinksApi() : id_{open_ticket()} {}
  RawAnswer make(const std::string& token) {
    return ask({.method = "POST", .target = "/api/v1/tickets/" + id_ + "/links", .token = token});
  }
  std::string link_token() { return std::string{parsed(make(ada_token_)).at("token").as_string()}; }

  std::string id_;
};

TEST_F(LinksApi, a_link_is_made_by_the_customer_and_its_token_names_the_way_back) {
  const RawAnswer made = make(ada_token_);
  ASSERT_EQ(made.status, 201) << made.body;
  const auto link = parsed(made);
  const std::string token{link.at("token").as_string()};
  EXPECT_EQ(link.at("url").as_string(), "http://127.0.0.1:8080/tickets/" + id_ + "#" + token);
  EXPECT_EQ(link.at("expires_at"), "2026-02-01T03:04:05Z");
  const RawAnswer seen = get("/api/v1/tickets/" + id_, token);
  ASSERT_EQ(seen.status, 200) << seen.body;
  const auto ticket = parsed(seen);
  EXPECT_EQ(Schema("ticket").breach(ticket), "");
  EXPECT_EQ(ticket.at_pointer("/desk/url"), "http://127.0.0.1:8080");
  EXPECT_EQ(ticket.at_pointer("/desk/token").as_string(), token);
  EXPECT_FALSE(ticket.as_object().contains("customer")) << "it sees what a customer sees";
  EXPECT_EQ(seen.body.find("fbl@example.org"), std::string::npos);
  EXPECT_EQ(get("/api/v1/tickets/" + id_ + "/entries", token).status, 200);
}

TEST_F(LinksApi, its_token_replies_and_claims_and_may_do_nothing_else) {
  const std::string token = link_token();
  EXPECT_EQ(act(id_, "reply", R"({"text":"I look into it"})", token).status, 200);
  EXPECT_EQ(act(id_, "claim", R"({"text":"It is fixed"})", token).status, 200);
  for (const auto* verb : {"accept", "refuse", "close", "extend", "merge", "measures", "note", "assign"})
    EXPECT_EQ(act(id_, verb, "{}", token).status, 403) << verb;
  EXPECT_EQ(make(token).status, 403);
  EXPECT_EQ(ask({.method = "DELETE", .target = "/api/v1/tickets/" + id_ + "/links", .token = token}).status, 403);
}

TEST_F(LinksApi, its_token_reaches_no_other_resource) {
  const std::string token = link_token();
  const std::string other = report(arf("203.0.113.11"), desk_token_);
  const std::string another{
      parsed(get("/api/v1/reports/" + other, desk_token_)).at_pointer("/incidents/0/ticket_id").as_string()};
  ASSERT_EQ(act(another, "open", "{}", desk_token_).status, 200);
  for (const auto* path : {"", "/entries", "/events", "/incidents"})
    EXPECT_EQ(get("/api/v1/tickets/" + another + path, token).status, 404) << path;
  EXPECT_EQ(act(another, "reply", R"({"text":"hello"})", token).status, 404);
  for (const auto* path : {"/api/v1/tickets", "/api/v1/reports", "/api/v1/attribution?ip=203.0.113.10", "/metrics"})
    EXPECT_EQ(get(path, token).status, 403) << path;
  EXPECT_EQ(
      ask({.method = "POST", .target = "/api/v1/reports", .token = token, .type = "text/plain", .body = "x"}).status,
      403);
}

TEST_F(LinksApi, the_team_withdraws_them) {
  const std::string token = link_token();
  const Ask withdraw{.method = "DELETE", .target = "/api/v1/tickets/" + id_ + "/links", .token = desk_token_};
  EXPECT_EQ(get("/api/v1/tickets/" + id_, token).status, 200);
  const RawAnswer done = ask(withdraw);
  EXPECT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(parsed(done).at("withdrawn"), 2) << "that of the notice, and this one";
  const RawAnswer refused = get("/api/v1/tickets/" + id_, token);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("content-type"), "application/problem+json");
  EXPECT_EQ(make(eve_token_).status, 404);
  EXPECT_EQ(make(reports_token_).status, 403);
}

}  // namespace
}  // namespace abate::web
