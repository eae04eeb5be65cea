// SPDX-License-Identifier: Apache-2.0
// /api/v1/reports over a real socket.
#include "support/schema.h"
#include "web/api_fixture.h"

namespace abate::web {
namespace {

using test::RawAnswer;
using test::Schema;
using namespace std::string_literals;

class ReportsApi : public ApiTest {
 protected:
  RawAnswer post(const std::string& body, const std::string& token, const std::string& headers = {},
                 const std::string& type = "message/rfc822") {
    return ask({.method = "POST",
                .target = "/api/v1/reports",
                .token = token,
                .headers = headers,
                .type = type,
                .body = body});
  }
  static std::string id_of(const RawAnswer& answer) { return std::string{parsed(answer).at("report_id").as_string()}; }
};

TEST_F(ReportsApi, a_posted_report_is_created_read_and_shown_with_its_attribution) {
  const RawAnswer posted = post(arf("203.0.113.10"), reports_token_);
  ASSERT_EQ(posted.status, 201) << posted.body;
  EXPECT_EQ(parsed(posted).at("status"), "received");
  EXPECT_EQ(posted.header("location"), "/api/v1/reports/" + id_of(posted));
  read_all();
  const RawAnswer shown = get("/api/v1/reports/" + id_of(posted), desk_token_);
  ASSERT_EQ(shown.status, 200);
  const auto report = parsed(shown);
  EXPECT_EQ(Schema("report").breach(report), "");
  EXPECT_EQ(report.at("status"), "read");
  EXPECT_EQ(report.at_pointer("/incidents/0/attribution/verdict"), "matched");
  EXPECT_EQ(report.at_pointer("/incidents/0/attribution/assignment/service_id"), "vps-1001");
  EXPECT_EQ(report.at_pointer("/incidents/0/attribution/assignment/customer_email"), "ada@example.com");
  EXPECT_TRUE(report.at_pointer("/incidents/0/ticket_id").as_string().starts_with("T-2026-"));
  EXPECT_EQ(Schema("attribution").breach(report.at_pointer("/incidents/0/attribution")), "");
}

TEST_F(ReportsApi, whoever_only_reports_sees_their_own_and_not_whose_server_it_is) {
  const std::string id = report(arf("203.0.113.10"), reports_token_);
  const auto own = parsed(get("/api/v1/reports/" + id, reports_token_));
  EXPECT_EQ(own.at_pointer("/incidents/0/attribution/verdict"), "matched");
  EXPECT_FALSE(own.at_pointer("/incidents/0/attribution/assignment").as_object().contains("customer_email"));
  EXPECT_FALSE(own.at_pointer("/incidents/0/attribution/assignment").as_object().contains("customer_name"));
  const std::string other = make_token("other", "reports");
  EXPECT_EQ(get("/api/v1/reports/" + id, other).status, 404);
  EXPECT_EQ(get("/api/v1/reports/" + id + "/raw", other).status, 404);
  EXPECT_TRUE(parsed(get("/api/v1/reports", other)).at("items").as_array().empty());
  EXPECT_EQ(parsed(get("/api/v1/reports", reports_token_)).at("items").as_array().size(), 1U);
}

TEST_F(ReportsApi, an_idempotency_key_makes_one_report_of_two_posts) {
  const std::string key = "Idempotency-Key: k-1\r\n";
  const RawAnswer first = post(arf("203.0.113.10"), reports_token_, key);
  const RawAnswer again = post(arf("203.0.113.10"), reports_token_, key);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(id_of(first), id_of(again));
  EXPECT_EQ(post("other bytes", reports_token_, key).status, 422);
  const RawAnswer others = post(arf("203.0.113.10"), desk_token_, key);  // keys are per token
  EXPECT_EQ(others.status, 201);
  EXPECT_NE(id_of(others), id_of(first));
  EXPECT_EQ(post(arf("203.0.113.10"), reports_token_, "Idempotency-Key: k-2\r\n").status, 201);
  EXPECT_EQ(post("x", reports_token_, "Idempotency-Key:\r\n").status, 422);
  read_all();
  EXPECT_EQ(parsed(post(arf("203.0.113.10"), reports_token_, key)).at("status"), "read");
}

TEST_F(ReportsApi, the_raw_bytes_come_back_as_they_came_as_an_attachment) {
  const std::string bytes = "nonsense \0 with \r bare \n ends <script>\xff"s;
  const std::string id = report(bytes, reports_token_);
  const RawAnswer raw = get("/api/v1/reports/" + id + "/raw", desk_token_);
  EXPECT_EQ(raw.body, bytes);
  EXPECT_EQ(raw.header("content-type"), "text/plain");
  EXPECT_TRUE(raw.header("content-disposition").starts_with("attachment"));
  EXPECT_EQ(raw.header("x-content-type-options"), "nosniff");
}

TEST_F(ReportsApi, what_cannot_be_taken_is_415_or_413_and_nothing_is_refused_for_its_content) {
  EXPECT_EQ(post("a type that says nothing", reports_token_, "", "application/x-www-form-urlencoded").status, 201);
  EXPECT_EQ(post("no type at all", reports_token_, "", "").status, 201);
  EXPECT_EQ(post("x", reports_token_, "Content-Encoding: gzip\r\n").status, 415);
  EXPECT_EQ(post("", reports_token_).status, 201) << "as by mail: a person sees that it was empty";
  EXPECT_EQ(post("x", reports_token_, "", "Text/CSV; charset=utf-8").status, 201);
  EXPECT_EQ(post(std::string(std::size_t{2} << 20, 'x'), reports_token_).status, 201);
  EXPECT_EQ(post(std::string((std::size_t{2} << 20) + 1, 'x'), reports_token_).status, 413);
}

TEST_F(ReportsApi, who_may_post_and_read) {
  EXPECT_EQ(post("x", "").status, 401);
  const RawAnswer wrong = post("x", "nobodys-token");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_TRUE(wrong.header("www-authenticate").starts_with("Bearer"));
  EXPECT_EQ(post("x", ada_token_).status, 403);
  EXPECT_EQ(post("x", metrics_token_).status, 403);
  EXPECT_EQ(get("/api/v1/reports", ada_token_).status, 403);
  EXPECT_EQ(get("/api/v1/reports", metrics_token_).status, 403);
  EXPECT_EQ(get("/api/v1/reports/R-none", desk_token_).status, 404);
}

TEST_F(ReportsApi, the_list_is_oldest_first_filtered_and_paged) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(
        report(i % 2 == 0 ? arf("203.0.113.10", std::to_string(i)) : "no report " + std::to_string(i), desk_token_));
    clock_.advance(std::chrono::seconds{1});
  }
  std::vector<std::string> seen;
  std::string target = "/api/v1/reports?limit=2";
  for (int pages = 0; pages < 5; ++pages) {
    const auto page = parsed(get(target, desk_token_));
    EXPECT_EQ(Schema("list").breach(page), "");
    for (const auto& item : page.at("items").as_array()) seen.emplace_back(item.at("report_id").as_string());
    if (page.at("next_cursor").is_null()) break;
    target = "/api/v1/reports?limit=2&cursor=" + std::string{page.at("next_cursor").as_string()};
  }
  EXPECT_EQ(seen, ids);
  EXPECT_EQ(parsed(get("/api/v1/reports?status=read", desk_token_)).at("items").as_array().size(), 3U);
  EXPECT_EQ(get("/api/v1/reports?status=nonsense", desk_token_).status, 422);
  EXPECT_EQ(get("/api/v1/reports?limit=0", desk_token_).status, 422);
  EXPECT_EQ(get("/api/v1/reports?cursor=nonsense", desk_token_).status, 422);
}

TEST_F(ReportsApi, a_report_that_waits_for_a_person_is_dismissed_with_a_reason) {
  const std::string id = report("no report at all", desk_token_);
  const auto dismiss = [&](const std::string& body, const std::string& token) {
    return ask({.method = "POST", .target = "/api/v1/reports/" + id + "/dismiss", .token = token, .body = body});
  };
  EXPECT_EQ(dismiss("{}", desk_token_).status, 422);
  EXPECT_EQ(dismiss(R"({"reason":"noise"})", reports_token_).status, 404);
  EXPECT_EQ(dismiss(R"({"reason":"noise"})", ada_token_).status, 403);
  EXPECT_EQ(parsed(dismiss(R"({"reason":"noise"})", desk_token_)).at("status"), "dismissed");
  EXPECT_EQ(dismiss(R"({"reason":"noise"})", desk_token_).status, 409);
}

}  // namespace
}  // namespace abate::web
