// SPDX-License-Identifier: Apache-2.0
// web/http.h — a request and an answer as handlers see them, and the table of routes.
//
// Handlers are plain blocking functions, run on the server's pool; they never see a socket. What came from the network
// is already framed, bounded and decoded: see web/server.h for the limits.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/account.h"
#include "model/actor.h"

namespace abate::web {

struct Request {
  std::string method;  // upper case
  std::string path;    // percent-decoded, without the query: "/tickets/T-2026-000001"
  std::map<std::string, std::string, std::less<>> query;     // decoded; of a repeated name the first
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::string peer;     // the client's address; behind a trusted proxy what that proxy says
  bool secure = false;  // came by HTTPS (through a trusted proxy): cookies are then Secure
  std::map<std::string, std::string, std::less<>> captures;  // "{id}" of the route

  std::optional<Principal> who;    // set by the sign-in layer: by bearer token or by session
  std::optional<Session> session;  // where `who` came by a cookie

  [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;  // "" when absent
  [[nodiscard]] std::string_view argument(std::string_view name) const;           // of the query; "" when absent
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type = "text/html; charset=utf-8";
  std::string body;
  // Server-Sent Events: called on the pool each time the stream may have news, until it returns false.
  std::function<bool(std::string& chunk)> stream;
};

using Handler = std::function<Response(const Request&)>;

class Routes {
 public:
  // "GET", "/api/v1/tickets/{id}/entries". The first match wins. HEAD is served by GET's handler.
  void add(std::string method, std::string pattern, Handler handler);
  // Where no pattern matches this is asked, after the path; without it the answer is a problem 404.
  void otherwise(Handler handler) { otherwise_ = std::move(handler); }
  // 404 where no pattern matches, 405 with Allow where only the method differs.
  [[nodiscard]] Response answer(Request& request) const;
  // Method and pattern of each, in order.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> list() const;

 private:
  struct Route {
    std::string method;
    std::vector<std::string> parts;
    Handler handler;
  };
  std::vector<Route> routes_;
  Handler otherwise_;
};

// RFC 9457 application/problem+json. The status follows from the fault: malformed 422, too_big 413, not_found 404,
// refused 403, conflict 409, stale 412, unavailable 503.
Response problem(int status, std::string_view title, std::string_view detail);
Response problem(const Error& error);
int status_of(Fault fault);
std::string_view reason_phrase(int status);

}  // namespace abate::web
