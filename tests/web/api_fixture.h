// SPDX-License-Identifier: Apache-2.0
// A whole desk behind its API: SQLite on a temporary file, the real intake and reading, a server on a free port. Only
// the clock is held by hand.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "desk/accept.h"
#include "desk/accounts.h"
#include "support/raw_http.h"
#include "web/api/api.h"
#include "web/server.h"
#include "web/sign_in.h"

namespace abate::web {

inline const Instant kNow = from_micros(1'767'323'045'000'000);  // 2026-01-02T03:04:05Z

class ApiTest : public testing::Test {
 protected:
  ApiTest();
  ~ApiTest() override;

  std::string make_token(const std::string& name, const std::string& scope, const std::string& reporter = {});
  void make_user(const std::string& email, Role role, const std::string& customer = {});
  void import_ledger();

  struct Ask {
    std::string method = "GET";
    std::string target = "/";
    std::string token = {};   // bearer
    std::string cookie = {};  // of a session
    std::string csrf = {};
    std::string if_match = {};  // as it stands in the header
    std::string headers = {};   // more of them, each with its CRLF
    std::string type = "application/json";
    std::string body = {};
  };
  test::RawAnswer ask(const Ask& ask);
  test::RawAnswer get(const std::string& target, const std::string& token) {
    return ask({.target = target, .token = token});
  }
  // Posts a report and has it read; returns its id.
  std::string report(const std::string& bytes, const std::string& token);
  void read_all();
  // A ticket about vps-1001 in review, or opened.
  std::string ticket_in_review();
  std::string open_ticket();
  // POSTs a verb with the version that the ticket has now.
  test::RawAnswer act(const std::string& id, const std::string& verb, const std::string& body,
                      const std::string& token);
  std::string version_of(const std::string& id);  // quoted, as in the ETag

  // Signs in through the layer that the page uses: the cookie and its CSRF token.
  struct Signed {
    std::string cookie, csrf;
  };
  Signed sign_in(const std::string& email);

  std::string folder_;
  ManualClock clock_{kNow};
  std::unique_ptr<desk::Store> store_;
  desk::Bell bell_;
  std::unique_ptr<desk::Desk> desk_;
  std::unique_ptr<desk::Intake> intake_;
  std::unique_ptr<SignIn> sign_in_;
  Traffic traffic_;
  Routes routes_;
  Result<void> readers_{};  // what the part "readers" says
  Result<void> smtp_{};
  std::unique_ptr<Api> api_;
  std::unique_ptr<Server> server_;
  std::string desk_token_, reports_token_, ada_token_, eve_token_, metrics_token_;
};

boost::json::value parsed(const test::RawAnswer& answer);
std::string arf(const std::string& source_ip, const std::string& mark = "1");

}  // namespace abate::web
