// SPDX-License-Identifier: Apache-2.0
// /api/v1/tickets over a real socket: forms, versions, verbs, who may do what, history and events.
#include <thread>

#include "base/hash.h"
#include "support/schema.h"
#include "web/api_fixture.h"

namespace abate::web {
namespace {

using test::RawAnswer;
using test::RawClient;
using test::Schema;
namespace json = boost::json;

class TicketsApi : public ApiTest {
 protected:
  static std::string state_of(const RawAnswer& answer) { return std::string{parsed(answer).at("state").as_string()}; }
  std::size_t listed(const std::string& query, const std::string& token) {
    return parsed(get("/api/v1/tickets" + query, token)).at("items").as_array().size();
  }
};

TEST_F(TicketsApi, a_ticket_has_the_form_of_the_contract_and_an_etag) {
  const std::string id = open_ticket();
  const RawAnswer answer = get("/api/v1/tickets/" + id, desk_token_);
  ASSERT_EQ(answer.status, 200);
  const auto ticket = parsed(answer);
  EXPECT_EQ(Schema("ticket").breach(ticket), "");
  EXPECT_EQ(ticket.at("schema"), "abate.ticket/1");
  EXPECT_EQ(answer.header("etag"), fmt::format("\"{}\"", ticket.at("version").to_number<std::uint64_t>()));
  EXPECT_EQ(ticket.at("opened_at"), "2026-01-02T03:04:05Z");
  EXPECT_EQ(ticket.at("respond_by"), "2026-01-03T03:04:05Z");
  EXPECT_EQ(ticket.at_pointer("/service/addresses"), json::value(json::array{"203.0.113.10"}));
  EXPECT_EQ(ticket.at_pointer("/customer/id"), "c-7");
  EXPECT_EQ(ticket.at_pointer("/ladder/0/why_not"), "the deadline has not passed");
  EXPECT_TRUE(ticket.at_pointer("/desk/token").is_null()) << "a link's token is told to whoever came with it only";
  EXPECT_FALSE(ticket.as_object().contains("reply_token"));
}

TEST_F(TicketsApi, a_customer_sees_their_own_open_tickets_and_not_what_the_team_keeps_to_itself) {
  const std::string id = ticket_in_review();
  EXPECT_EQ(get("/api/v1/tickets/" + id, ada_token_).status, 404);
  EXPECT_EQ(listed("", ada_token_), 0U);
  ASSERT_EQ(act(id, "open", "{}", desk_token_).status, 200);
  const RawAnswer own = get("/api/v1/tickets/" + id, ada_token_);
  ASSERT_EQ(own.status, 200);
  EXPECT_EQ(Schema("ticket").breach(parsed(own)), "");
  for (const auto* hidden : {"customer", "notice", "assigned_to", "ladder"})
    EXPECT_FALSE(parsed(own).as_object().contains(hidden)) << hidden;
  EXPECT_FALSE(parsed(own).at_pointer("/incidents/0").as_object().contains("attribution"));
  EXPECT_EQ(own.body.find("fbl@example.org"), std::string::npos) << "the reporter's identity";
  EXPECT_EQ(listed("", ada_token_), 1U);
  EXPECT_EQ(listed("", eve_token_), 0U);
  EXPECT_EQ(listed("?customer=c-7", eve_token_), 0U);
  for (const auto* path : {"", "/entries", "/events", "/incidents"})
    EXPECT_EQ(get("/api/v1/tickets/" + id + path, eve_token_).status, 404) << path;
}

TEST_F(TicketsApi, the_list_is_filtered) {
  const std::string id = open_ticket();
  report(arf("203.0.113.11"), desk_token_);
  EXPECT_EQ(listed("", desk_token_), 2U);
  EXPECT_EQ(listed("?state=open", desk_token_), 1U);
  EXPECT_EQ(listed("?state=in_review&category=spam", desk_token_), 1U);
  EXPECT_EQ(listed("?category=phishing", desk_token_), 0U);
  EXPECT_EQ(listed("?service=vps-1001", desk_token_), 1U);
  EXPECT_EQ(listed("?customer=c-8", desk_token_), 1U);
  EXPECT_EQ(listed("?overdue=true", desk_token_), 0U);
  EXPECT_EQ(listed("?text=203.0.113.10", desk_token_), 1U);
  clock_.advance(std::chrono::hours{25});
  EXPECT_EQ(listed("?overdue=true", desk_token_), 1U);
  EXPECT_EQ(get("/api/v1/tickets?state=nonsense", desk_token_).status, 422);
  EXPECT_EQ(get("/api/v1/tickets?category=nonsense", desk_token_).status, 422);
  EXPECT_EQ(get("/api/v1/tickets?overdue=perhaps", desk_token_).status, 422);
}

TEST_F(TicketsApi, a_change_wants_the_version_that_was_seen) {
  const std::string id = ticket_in_review();
  const auto open = [&](const std::string& if_match) {
    return ask({.method = "POST",
                .target = "/api/v1/tickets/" + id + "/open",
                .token = desk_token_,
                .if_match = if_match,
                .body = "{}"});
  };
  const std::string version = version_of(id);
  EXPECT_EQ(open("").status, 428);
  for (const auto* wrong : {"*", "7", "W/\"1\"", "\"1\", \"2\"", "\"\"", "\"-1\"", "\"x\""})
    EXPECT_EQ(open(wrong).status, 400) << wrong;
  EXPECT_EQ(open("\"999\"").status, 412);
  EXPECT_EQ(version_of(id), version) << "nothing changed";
  const RawAnswer opened = open(version);
  EXPECT_EQ(opened.status, 200);
  EXPECT_EQ(state_of(opened), "open");
  EXPECT_NE(opened.header("etag"), version);
  EXPECT_EQ(open(version).status, 412);
  EXPECT_EQ(open(opened.header("etag")).status, 409);
}

TEST_F(TicketsApi, who_may_is_judged_before_version_state_and_body) {
  const std::string id = open_ticket();
  const auto post = [&](const std::string& verb, const std::string& token, const std::string& if_match,
                        const std::string& body) {
    return ask({.method = "POST",
                .target = "/api/v1/tickets/" + id + "/" + verb,
                .token = token,
                .if_match = if_match,
                .body = body})
        .status;
  };
  EXPECT_EQ(post("close", "", "", "nonsense"), 401);
  EXPECT_EQ(post("close", eve_token_, "", "nonsense"), 404);
  EXPECT_EQ(post("close", ada_token_, "", "nonsense"), 403);
  EXPECT_EQ(post("close", reports_token_, "", "nonsense"), 403);
  EXPECT_EQ(post("close", metrics_token_, "", "nonsense"), 403);
  EXPECT_EQ(post("accept", desk_token_, "", "nonsense"), 428);
  EXPECT_EQ(post("accept", desk_token_, "\"999\"", "nonsense"), 412);
  EXPECT_EQ(post("accept", desk_token_, version_of(id), "nonsense"), 409) << "it is not claimed";
  EXPECT_EQ(post("close", desk_token_, version_of(id), "nonsense"), 422);
  EXPECT_EQ(post("claim", desk_token_, version_of(id), R"({"text":"x"})"), 403);
  EXPECT_EQ(post("nonsense", desk_token_, "", ""), 404);
}

TEST_F(TicketsApi, each_scope_may_do_what_the_contract_says) {
  struct Case {
    std::string_view verb;
    bool customer;  // may try; else 403
    bool desk;
  };
  const std::string id = open_ticket();
  for (const Case& each : {Case{"open", false, true}, Case{"dismiss", false, true}, Case{"reply", true, true},
                           Case{"claim", true, false}, Case{"accept", false, true}, Case{"refuse", false, true},
                           Case{"close", false, true}, Case{"reopen", false, true}, Case{"extend", false, true},
                           Case{"merge", false, true}, Case{"split", false, true}, Case{"measures", false, true},
                           Case{"note", false, true}, Case{"assign", false, true}}) {
    const auto status = [&](const std::string& token) {
      return ask({.method = "POST", .target = fmt::format("/api/v1/tickets/{}/{}", id, each.verb), .token = token})
          .status;
    };
    EXPECT_EQ(status(ada_token_), each.customer ? 428 : 403) << each.verb;
    EXPECT_EQ(status(desk_token_), each.desk ? 428 : 403) << each.verb;
    EXPECT_EQ(status(eve_token_), 404) << each.verb;
    EXPECT_EQ(status(reports_token_), 403) << each.verb;
    EXPECT_EQ(status(metrics_token_), 403) << each.verb;
    EXPECT_EQ(status(""), 401) << each.verb;
  }
}

TEST_F(TicketsApi, the_whole_story_reply_claim_refuse_claim_accept_reopen_close) {
  const std::string id = open_ticket();
  const auto fix_by = parsed(get("/api/v1/tickets/" + id, ada_token_)).at("fix_by");
  const RawAnswer replied = act(id, "reply", R"({"text":"we are on it","unknown":[1]})", ada_token_);
  EXPECT_EQ(replied.status, 200);
  EXPECT_EQ(parsed(replied).at("fix_by"), fix_by) << "a reply does not stop the fix clock";
  EXPECT_EQ(act(id, "reply", R"({"text":7})", ada_token_).status, 422);
  EXPECT_EQ(act(id, "reply", R"({"text":" "})", ada_token_).status, 422);
  EXPECT_EQ(state_of(act(id, "claim", R"({"text":"fixed"})", ada_token_)), "claimed");
  EXPECT_EQ(act(id, "claim", R"({"text":"fixed"})", ada_token_).status, 409);
  EXPECT_EQ(state_of(act(id, "refuse", R"({"reason":"still sends"})", desk_token_)), "open");
  EXPECT_EQ(state_of(act(id, "claim", R"({"text":"really"})", ada_token_)), "claimed");
  EXPECT_EQ(state_of(act(id, "accept", R"({"reason":"checked"})", desk_token_)), "closed");
  EXPECT_EQ(state_of(act(id, "reopen", R"({"reason":"again"})", desk_token_)), "open");
  EXPECT_EQ(state_of(act(id, "close", R"({"reason":"moved away"})", desk_token_)), "closed");
}

TEST_F(TicketsApi, extend_takes_a_time_with_its_zone) {
  const std::string id = open_ticket();
  const RawAnswer extended =
      act(id, "extend", R"({"fix_by":"2026-01-09T12:00:00+02:00","reason":"holiday"})", desk_token_);
  EXPECT_EQ(parsed(extended).at("fix_by"), "2026-01-09T10:00:00Z");
  EXPECT_EQ(act(id, "extend", R"({"fix_by":"2026-01-09T12:00:00","reason":"x"})", desk_token_).status, 422);
  EXPECT_EQ(act(id, "extend", R"({"fix_by":5,"reason":"x"})", desk_token_).status, 422);
  EXPECT_EQ(act(id, "extend", R"({"fix_by":"2020-01-01T00:00:00Z","reason":"x"})", desk_token_).status, 422);
}

TEST_F(TicketsApi, incidents_are_split_off_and_merged_back) {
  const std::string id = open_ticket();
  report(arf("203.0.113.10", "2"), desk_token_);
  const auto incidents = parsed(get("/api/v1/tickets/" + id + "/incidents", desk_token_)).at("items").as_array();
  ASSERT_EQ(incidents.size(), 2U);
  const std::string one{incidents[0].at("id").as_string()};
  EXPECT_EQ(act(id, "split", R"({"incidents":"x","reason":"x"})", desk_token_).status, 422);
  const RawAnswer left = act(id, "split", R"({"incidents":[")" + one + R"("],"reason":"another site"})", desk_token_);
  ASSERT_EQ(left.status, 200) << left.body;
  EXPECT_EQ(parsed(left).at("incident_count"), 1);
  const auto fresh = parsed(get("/api/v1/tickets?state=in_review", desk_token_)).at_pointer("/items/0/id").as_string();
  EXPECT_EQ(act(std::string{fresh}, "merge", R"({"into":"T-2026-999999","reason":"x"})", desk_token_).status, 422);
  const RawAnswer merged = act(std::string{fresh}, "merge", R"({"into":")" + id + R"(","reason":"same"})", desk_token_);
  EXPECT_EQ(merged.status, 200) << merged.body;
  EXPECT_EQ(parsed(merged).at("merged_into"), json::value(id));
}

TEST_F(TicketsApi, a_measure_waits_for_the_law_and_termination_for_a_person) {
  const std::string id = open_ticket();
  EXPECT_EQ(act(id, "measures", R"({"measure":"suspend","on":true,"reason":"x"})", desk_token_).status, 409);
  EXPECT_EQ(act(id, "measures", R"({"measure":"nonsense","on":true,"reason":"x"})", desk_token_).status, 422);
  EXPECT_EQ(act(id, "measures", R"({"measure":"suspend","on":"yes","reason":"x"})", desk_token_).status, 422);
  const RawAnswer taken =
      act(id, "measures", R"({"measure":"suspend","on":true,"reason":"phishing kit","deliberate":true})", desk_token_);
  ASSERT_EQ(taken.status, 200) << taken.body;
  EXPECT_EQ(parsed(taken).at_pointer("/measures/0/state"), "approved");
  EXPECT_EQ(Schema("ticket").breach(parsed(taken)), "");
  const std::string terminate =
      R"({"measure":"terminate","on":true,"reason":"x","deliberate":true,"confirm":"vps-1001"})";
  EXPECT_EQ(
      ask({.method = "POST", .target = "/api/v1/tickets/" + id + "/measures", .token = desk_token_, .body = terminate})
          .status,
      403)
      << "before the version is asked for";
  make_user("lea@example.net", Role::lead);
  make_user("ann@example.net", Role::analyst);
  const auto by = [&](const std::string& email, const std::string& body) {
    const Signed who = sign_in(email);
    return ask({.method = "POST",
                .target = "/api/v1/tickets/" + id + "/measures",
                .cookie = who.cookie,
                .csrf = who.csrf,
                .if_match = version_of(id),
                .body = body})
        .status;
  };
  EXPECT_EQ(by("ann@example.net", terminate), 403);
  EXPECT_EQ(by("lea@example.net", R"({"measure":"terminate","on":true,"reason":"x","confirm":"vps-9"})"), 422);
  EXPECT_EQ(by("lea@example.net", R"({"measure":"terminate","on":true,"confirm":"vps-1001"})"), 422);
  EXPECT_EQ(by("lea@example.net", terminate), 200);
}

TEST_F(TicketsApi, the_entries_verify_as_a_chain) {
  const std::string id = open_ticket();
  act(id, "note", R"({"text":"for us: é \u0001"})", desk_token_);
  act(id, "reply", R"({"text":"on it"})", ada_token_);
  const auto items = parsed(get("/api/v1/tickets/" + id + "/entries", desk_token_)).at("items").as_array();
  ASSERT_GE(items.size(), 4U);
  std::string prev{kFirstPrev};
  for (const json::value& item : items) {
    EXPECT_EQ(Schema("entry").breach(item), "");
    EXPECT_EQ(item.at("prev"), json::value(prev));
    Entry entry;
    entry.stream = item.at("stream").as_string();
    entry.seq = item.at("seq").to_number<std::uint64_t>();
    entry.at = *parse_rfc3339(item.at("at").as_string());
    entry.actor = item.at("actor").as_string();
    entry.kind = *parse_entry_kind(item.at("kind").as_string());
    entry.body = json::serialize(item.at("body"));
    entry.prev = prev;
    prev = item.at("hash").as_string();
    EXPECT_EQ(entry_hash(entry), prev) << item;
  }
}

TEST_F(TicketsApi, a_customers_entries_leave_out_notes_and_who_reported) {
  const std::string id = open_ticket();
  report(arf("203.0.113.10", "2"), reports_token_);
  act(id, "note", R"({"text":"a secret of ours"})", desk_token_);
  const RawAnswer own = get("/api/v1/tickets/" + id + "/entries", ada_token_);
  EXPECT_NE(own.body.find("incident_added"), std::string::npos);
  for (const auto* hidden : {"a secret of ours", "fbl@example.org", "\"note\"", "reporter", "example.org\""})
    EXPECT_EQ(own.body.find(hidden), std::string::npos) << hidden;
  const auto page = parsed(get("/api/v1/tickets/" + id + "/entries?limit=1", desk_token_));
  EXPECT_EQ(page.at("items").as_array().size(), 1U);
  EXPECT_FALSE(page.at("next_cursor").is_null());
}

TEST_F(TicketsApi, events_come_as_they_are_entered_and_go_on_where_they_were_left) {
  const std::string id = open_ticket();
  const std::string head = "GET /api/v1/tickets/" + id + "/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ";
  RawClient live{server_->port()};
  live.send(head + ada_token_ + "\r\n\r\n");
  EXPECT_NE(live.receive_until("retry: 3000\n\n").find("text/event-stream"), std::string::npos);
  act(id, "note", R"({"text":"for us"})", desk_token_);
  act(id, "reply", R"({"text":"hello there"})", ada_token_);
  const std::string event = live.receive_until("\n\n");
  EXPECT_NE(event.find("event: reply\ndata: {"), std::string::npos) << event;
  EXPECT_NE(event.find("hello there"), std::string::npos);
  EXPECT_EQ(event.find("for us"), std::string::npos);
  RawClient later{server_->port()};
  later.send(head + desk_token_ + "\r\nLast-Event-ID: 1\r\n\r\n");
  later.receive_until("retry: 3000\n\n");
  EXPECT_TRUE(later.receive_until("\n\n").starts_with("id: 2\n"));
  EXPECT_EQ(
      ask({.target = "/api/v1/tickets/" + id + "/events", .token = desk_token_, .headers = "Last-Event-ID: x\r\n"})
          .status,
      400);
}

}  // namespace
}  // namespace abate::web
