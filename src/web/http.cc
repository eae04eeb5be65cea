// SPDX-License-Identifier: Apache-2.0
#include "web/http.h"

#include <boost/json.hpp>

#include "base/text.h"

namespace abate::web {
namespace {

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts = split(path, '/');
  if (!parts.empty() && parts.front().empty()) parts.erase(parts.begin());
  return parts;
}

bool is_capture(std::string_view part) { return part.size() > 2 && part.front() == '{' && part.back() == '}'; }

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string_view>& path) {
  if (pattern.size() != path.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i)
    if (is_capture(pattern[i]) ? path[i].empty() : pattern[i] != path[i]) return false;
  return true;
}

std::string_view title_of(int status) { return reason_phrase(status); }

}  // namespace

std::string_view Request::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers)
    if (name == lower_case_name) return value;
  return {};
}

std::string_view Request::argument(std::string_view name) const {
  const auto at = query.find(name);
  return at == query.end() ? std::string_view{} : at->second;
}

void Routes::add(std::string method, std::string pattern, Handler handler) {
  Route route{std::move(method), {}, std::move(handler)};
  for (const std::string_view part : parts_of(pattern)) route.parts.emplace_back(part);
  routes_.push_back(std::move(route));
}

Response Routes::answer(Request& request) const {
  const std::vector<std::string_view> path = parts_of(request.path);
  const std::string_view method = request.method == "HEAD" ? "GET" : std::string_view{request.method};
  std::vector<std::string> allowed;
  for (const Route& route : routes_) {
    if (!matches(route.parts, path)) continue;
    if (route.method != method) {
      if (std::ranges::find(allowed, route.method) == allowed.end()) allowed.push_back(route.method);
      continue;
    }
    request.captures.clear();
    for (std::size_t i = 0; i < path.size(); ++i)
      if (is_capture(route.parts[i]))
        request.captures.emplace(route.parts[i].substr(1, route.parts[i].size() - 2), path[i]);
    return route.handler(request);
  }
  if (allowed.empty() && otherwise_) return otherwise_(request);
  if (allowed.empty()) return problem(404, "Not found", "there is nothing at this path");
  if (std::ranges::find(allowed, "GET") != allowed.end()) allowed.emplace_back("HEAD");
  Response refused = problem(405, "Method not allowed", "this path takes " + join(allowed, ", "));
  refused.headers.emplace_back("Allow", join(allowed, ", "));
  return refused;
}

std::vector<std::pair<std::string, std::string>> Routes::list() const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const Route& route : routes_) out.emplace_back(route.method, "/" + join(route.parts, "/"));
  return out;
}

Response problem(int status, std::string_view title, std::string_view detail) {
  Response out;
  out.status = status;
  out.content_type = "application/problem+json";
  out.body = boost::json::serialize(boost::json::object{{"type", "about:blank"},
                                                        {"title", make_valid_utf8(title)},
                                                        {"status", status},
                                                        {"detail", make_valid_utf8(detail)}});
  if (status == 503) out.headers.emplace_back("Retry-After", "5");
  return out;
}

Response problem(const Error& error) {
  const int status = status_of(error.fault);
  return problem(status, title_of(status), error.what);
}

int status_of(Fault fault) {
  switch (fault) {
    case Fault::malformed: return 422;
    case Fault::too_big: return 413;
    case Fault::not_found: return 404;
    case Fault::refused: return 403;
    case Fault::conflict: return 409;
    case Fault::stale: return 412;
    case Fault::unavailable: return 503;
  }
  return 500;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No content";
    case 302: return "Found";
    case 303: return "See other";
    case 304: return "Not modified";
    case 400: return "Bad request";
    case 401: return "Not signed in";
    case 403: return "Not allowed";
    case 404: return "Not found";
    case 405: return "Method not allowed";
    case 408: return "Request timeout";
    case 409: return "Not possible in this state";
    case 412: return "Changed meanwhile";
    case 413: return "Too large";
    case 415: return "Unsupported media type";
    case 417: return "Expectation failed";
    case 422: return "Cannot be processed";
    case 428: return "If-Match is missing";
    case 429: return "Too many requests";
    case 431: return "Head too large";
    case 500: return "Internal error";
    case 503: return "Away";
    case 505: return "HTTP version not supported";
    default: return status < 400 ? "OK" : "Error";
  }
}

}  // namespace abate::web
