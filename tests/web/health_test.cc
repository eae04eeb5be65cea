// SPDX-License-Identifier: Apache-2.0
// The ledger's resources, health, figures, and that openapi.json and the routes say the same.
#include <set>

#include "support/schema.h"
#include "web/api_fixture.h"

namespace abate::web {
namespace {

using test::RawAnswer;
using test::Schema;

class HouseApi : public ApiTest {
 protected:
  RawAnswer import(const std::string& csv, const std::string& token, const std::string& query = {},
                   const std::string& type = "text/csv") {
    return ask({.method = "PUT", .target = "/api/v1/assignments" + query, .token = token, .type = type, .body = csv});
  }
};

TEST_F(HouseApi, attribution_tells_whose_an_address_was_with_the_proof) {
  const auto at = [&](const std::string& query) {
    const auto found = parsed(get("/api/v1/attribution" + query, desk_token_));
    EXPECT_EQ(Schema("attribution").breach(found), "");
    return found;
  };
  EXPECT_EQ(at("?ip=203.0.113.12&at=2026-01-01T11:59:59Z").at_pointer("/assignment/service_id"), "vps-1003");
  EXPECT_EQ(at("?ip=203.0.113.12&at=2026-01-01T12:00:00Z").at_pointer("/assignment/service_id"), "vps-1004");
  EXPECT_EQ(at("?ip=203.0.113.12&at=2026-01-01T13:30:00+02:00").at_pointer("/assignment/service_id"), "vps-1003");
  const auto doubtful = at("?ip=203.0.113.12&at=2026-01-01T12:00:00");
  EXPECT_EQ(doubtful.at("verdict"), "ambiguous");
  EXPECT_EQ(doubtful.at("candidates").as_array().size(), 2U);
  EXPECT_EQ(at("?ip=203.0.113.10").at("verdict"), "matched");
  EXPECT_EQ(at("?ip=203.0.113.10&at=2020-01-01T00:00:00Z").at("verdict"), "unassigned");
  EXPECT_EQ(at("?ip=192.0.2.1").at("verdict"), "not_ours");
  for (const auto* wrong : {"", "?ip=x", "?ip=203.0.113.10&at=yesterday"})
    EXPECT_EQ(get(std::string{"/api/v1/attribution"} + wrong, desk_token_).status, 422) << wrong;
  EXPECT_EQ(get("/api/v1/attribution?ip=203.0.113.10", ada_token_).status, 403);
  EXPECT_EQ(get("/api/v1/attribution?ip=203.0.113.10", reports_token_).status, 403);
}

TEST_F(HouseApi, the_ledger_is_replaced_whole_or_not_at_all) {
  const std::string header = "range,from,until,service_id,service_name,customer_id,customer_name,customer_email\n";
  const std::string row = "192.0.2.0/24,2025-01-01T00:00:00Z,,vps-9,nine,c-9,Nina,nina@example.com\n";
  const auto tried = parsed(import(header + row, desk_token_, "?dry_run=1"));
  EXPECT_EQ(tried.at("rows"), 1);
  EXPECT_EQ(tried.at("added"), 1);
  EXPECT_EQ(tried.at("removed"), 4);
  EXPECT_EQ(parsed(get("/api/v1/attribution?ip=192.0.2.1", desk_token_)).at("verdict"), "not_ours");
  const RawAnswer wrong = import(header + row + "192.0.2.1/24,x,,,,,,\n", desk_token_);
  EXPECT_EQ(wrong.status, 422);
  EXPECT_NE(wrong.body.find("line 3"), std::string::npos) << wrong.body;
  EXPECT_EQ(import(header + row, ada_token_).status, 403);
  EXPECT_EQ(import(header + row, reports_token_).status, 403);
  EXPECT_EQ(import(header + row, desk_token_, "", "application/json").status, 415);
  EXPECT_EQ(import(header + row, desk_token_).status, 200);
  make_user("ann@example.net", Role::analyst);
  const Signed ann = sign_in("ann@example.net");
  EXPECT_EQ(ask({.method = "PUT",
                 .target = "/api/v1/assignments",
                 .cookie = ann.cookie,
                 .csrf = ann.csrf,
                 .type = "text/csv",
                 .body = header + row})
                .status,
            403);
}

TEST_F(HouseApi, health_and_readiness_are_open_and_say_which_part_is_away) {
  EXPECT_EQ(get("/healthz", "").status, 200);
  const RawAnswer ready = get("/readyz", "");
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(parsed(ready).at_pointer("/parts/store"), "ok");
  smtp_ = failure(Fault::unavailable, "no answer");
  const RawAnswer without_mail = get("/readyz", "");
  EXPECT_EQ(without_mail.status, 200) << "reports can be taken without a mail server";
  EXPECT_EQ(parsed(without_mail).at_pointer("/parts/smtp"), "away");
  readers_ = failure(Fault::unavailable, "a secret detail");
  const RawAnswer away = get("/readyz", "");
  EXPECT_EQ(away.status, 503);
  EXPECT_EQ(parsed(away).at_pointer("/parts/readers"), "away");
  EXPECT_EQ(away.body.find("secret"), std::string::npos);
}

TEST_F(HouseApi, figures_are_for_those_who_may_and_count_what_happened) {
  open_ticket();
  EXPECT_EQ(get("/metrics", "").status, 401);
  EXPECT_EQ(get("/metrics", ada_token_).status, 403);
  EXPECT_EQ(get("/metrics", reports_token_).status, 403);
  EXPECT_EQ(get("/metrics", desk_token_).status, 200);
  EXPECT_EQ(get("/api/v1/tickets", metrics_token_).status, 403);
  const RawAnswer figures = get("/metrics", metrics_token_);
  for (const auto* line :
       {"abate_reports{status=\"read\"} 1\n", "abate_tickets{state=\"open\"} 1\n", "abate_outbox_waiting 1\n",
        "abate_ledger_assignments 4\n", "# TYPE abate_http_answers_total counter\n",
        "abate_http_answers_total{status=\"4xx\"} 4\n", "abate_http_connections 1\n"})
    EXPECT_NE(figures.body.find(line), std::string::npos) << line << figures.body;
}

TEST_F(HouseApi, every_error_is_a_problem_of_rfc_9457) {
  for (const auto* path : {"/nothing", "/api/v1/tickets", "/api/v1/nothing"}) {
    const RawAnswer answer = get(path, "");
    EXPECT_EQ(answer.header("content-type"), "application/problem+json") << path;
    EXPECT_EQ(Schema("problem").breach(parsed(answer)), "") << path;
    EXPECT_EQ(parsed(answer).at("status"), answer.status);
  }
}

TEST_F(HouseApi, openapi_describes_each_route_and_no_other) {
  const auto described = parsed(get("/openapi.json", ""));
  std::set<std::string> in_document;
  for (const auto& [path, methods] : described.at("paths").as_object())
    for (const auto& [method, operation] : methods.as_object()) {
      if (method == "parameters") continue;
      std::string upper{method};
      for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      in_document.insert(upper + " " + std::string{path});
      EXPECT_TRUE(operation.as_object().contains("summary")) << path;
      EXPECT_TRUE(operation.as_object().contains("responses")) << path;
    }
  std::set<std::string> served;
  for (const auto& [method, pattern] : routes_.list()) served.insert(method + " " + pattern);
  EXPECT_EQ(in_document, served);
}

// The document repeats docs/schemas, so that it stands alone.
TEST_F(HouseApi, openapi_and_the_schemas_name_the_same_fields) {
  const auto described = parsed(get("/openapi.json", ""));
  for (const auto& [name, file] :
       {std::pair{"Ticket", "ticket"}, std::pair{"Report", "report"}, std::pair{"Entry", "entry"},
        std::pair{"Attribution", "attribution"}, std::pair{"Problem", "problem"}}) {
    const Schema schema{file};
    const auto& here = described.at_pointer(fmt::format("/components/schemas/{}/properties", name)).as_object();
    const auto& there = schema.root().at("properties").as_object();
    EXPECT_EQ(here.size(), there.size()) << name;
    for (const auto& [field, rule] : there) EXPECT_TRUE(here.contains(field)) << name << " " << field;
  }
}

}  // namespace
}  // namespace abate::web
