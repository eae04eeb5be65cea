// SPDX-License-Identifier: Apache-2.0
#include "web/api_fixture.h"

#include <filesystem>
#include <sstream>

#include "desk/ledger.h"
#include "desk/read_line.h"
#include "reading/read.h"
#include "store/open_store.h"

namespace abate::web {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error{result.error().what};
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

class PlainReader final : public desk::Reader {
 public:
  std::vector<Reading> read(std::span<const desk::ToRead> reports) override {
    std::vector<Reading> out;
    for (const desk::ToRead& each : reports)
      out.push_back(reading::read_report(each.bytes, each.content_type, each.reporter_domain));
    return out;
  }
};

constexpr std::string_view kLedger =
    "range,from,until,service_id,service_name,customer_id,customer_name,customer_email\n"
    "203.0.113.10,2025-01-01T00:00:00Z,,vps-1001,mail1,c-7,Ada Ltd,ada@example.com\n"
    "203.0.113.11,2025-01-01T00:00:00Z,,vps-1002,web1,c-8,Eve GmbH,eve@example.com\n"
    "203.0.113.12,2025-01-01T00:00:00Z,2026-01-01T12:00:00Z,vps-1003,old,c-7,Ada Ltd,ada@example.com\n"
    "203.0.113.12,2026-01-01T12:00:00Z,,vps-1004,new,c-8,Eve GmbH,eve@example.com\n";

}  // namespace

ApiTest::ApiTest() {
  std::string name = (std::filesystem::temp_directory_path() / "abate-web-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  store_ = must(store::open_store("sqlite:" + folder_ + "/abate.db"));
  desk::Provider provider;
  provider.enforcers = {"panel"};
  desk_ = std::make_unique<desk::Desk>(*store_, clock_, bell_, std::move(provider));
  intake_ = std::make_unique<desk::Intake>(*store_, clock_, bell_, "node-1");
  sign_in_ = std::make_unique<SignIn>(*desk_);
  desk_token_ = make_token("siem", "desk");
  reports_token_ = make_token("feed", "reports", "example.org");
  ada_token_ = make_token("ada-panel", "customer:c-7");
  eve_token_ = make_token("eve-panel", "customer:c-8");
  metrics_token_ = make_token("prometheus", "metrics");
  import_ledger();
  api_ = std::make_unique<Api>(
      Api{*desk_, *intake_, traffic_,
          [this] { return std::vector{HealthPart{"readers", readers_, true}, HealthPart{"smtp", smtp_, false}}; }});
  add_api(routes_, *api_);
  ServerConfig config;
  config.listen = "127.0.0.1:0";
  server_ = must(Server::start(
      config, routes_, traffic_, [this](Request& request) { return sign_in_->gate(request); },
      api_body_max(std::size_t{2} << 20)));
}

ApiTest::~ApiTest() {
  server_->stop();
  intake_.reset();
  store_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string ApiTest::make_token(const std::string& name, const std::string& scope, const std::string& reporter) {
  return must(desk::add_token(*store_, clock_, {name, must(desk::parse_token_scope(scope)), reporter}));
}

void ApiTest::make_user(const std::string& email, Role role, const std::string& customer) {
  must(desk::add_user(*store_, clock_, {email, role, customer, "correct horse battery"}));
}

void ApiTest::import_ledger() {
  std::istringstream csv{std::string{kLedger}};
  must(desk::import_ledger(*store_, csv, false));
  must(desk::refresh_ledger(*desk_));
}

test::RawAnswer ApiTest::ask(const Ask& ask) {
  std::string bytes = fmt::format("{} {} HTTP/1.1\r\nHost: desk.test\r\nConnection: close\r\n", ask.method, ask.target);
  if (!ask.token.empty()) bytes += "Authorization: Bearer " + ask.token + "\r\n";
  if (!ask.cookie.empty()) bytes += "Cookie: other=1; abate_session=" + ask.cookie + "\r\n";
  if (!ask.csrf.empty()) bytes += "X-CSRF-Token: " + ask.csrf + "\r\n";
  if (!ask.if_match.empty()) bytes += "If-Match: " + ask.if_match + "\r\n";
  if (ask.method != "GET" && ask.method != "HEAD") {
    if (!ask.type.empty()) bytes += "Content-Type: " + ask.type + "\r\n";
    bytes += fmt::format("Content-Length: {}\r\n", ask.body.size());
  }
  test::RawClient client{server_->port()};
  return client.ask(bytes + ask.headers + "\r\n" + ask.body, ask.method == "HEAD");
}

std::string ApiTest::report(const std::string& bytes, const std::string& token) {
  const test::RawAnswer answer =
      ask({.method = "POST", .target = "/api/v1/reports", .token = token, .type = "message/rfc822", .body = bytes});
  if (answer.status / 100 != 2) throw std::runtime_error("posting: " + answer.body);
  read_all();
  return std::string{parsed(answer).at("report_id").as_string()};
}

void ApiTest::read_all() {
  PlainReader reader;
  while (must(desk::ReadLine::read_some(*desk_, reader, nullptr, "test")) > 0) {
  }
}

std::string ApiTest::ticket_in_review() {
  const std::string id = report(arf("203.0.113.10"), reports_token_);
  const auto seen = parsed(get("/api/v1/reports/" + id, desk_token_));
  return std::string{seen.at_pointer("/incidents/0/ticket_id").as_string()};
}

std::string ApiTest::open_ticket() {
  const std::string id = ticket_in_review();
  const test::RawAnswer opened = act(id, "open", "{}", desk_token_);
  if (opened.status != 200) throw std::runtime_error("opening: " + opened.body);
  return id;
}

std::string ApiTest::version_of(const std::string& id) {
  return get("/api/v1/tickets/" + id, desk_token_).header("etag");
}

test::RawAnswer ApiTest::act(const std::string& id, const std::string& verb, const std::string& body,
                             const std::string& token) {
  return ask({.method = "POST",
              .target = "/api/v1/tickets/" + id + "/" + verb,
              .token = token,
              .if_match = version_of(id),
              .body = body});
}

ApiTest::Signed ApiTest::sign_in(const std::string& email) {
  const auto signed_in = sign_in_->sign_in(email, "correct horse battery", "192.0.2.1");
  if (!signed_in) throw std::runtime_error(signed_in.error().what);
  return {signed_in->secret, signed_in->session.csrf};
}

boost::json::value parsed(const test::RawAnswer& answer) {
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(answer.body, error);
  if (error) throw std::runtime_error("no JSON: " + answer.head + answer.body);
  return value;
}

std::string arf(const std::string& source_ip, const std::string& mark) {
  return fmt::format(
      "From: Feedback <fbl@example.org>\r\nTo: abuse@example.net\r\nDate: Fri, 02 Jan 2026 03:00:00 +0000\r\n"
      "Message-ID: <{1}@example.org>\r\nSubject: complaint\r\nMIME-Version: 1.0\r\n"
      "Content-Type: multipart/report; report-type=feedback-report; boundary=\"b\"\r\n\r\n"
      "--b\r\nContent-Type: text/plain\r\n\r\nThis is spam.\r\n"
      "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: t/1\r\nVersion: 1\r\n"
      "Source-IP: {0}\r\nArrival-Date: Fri, 02 Jan 2026 02:00:00 +0000\r\n\r\n"
      "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@example.com\r\nSubject: buy\r\n\r\nbuy {1}\r\n--b--\r\n",
      source_ip, mark);
}

}  // namespace abate::web
