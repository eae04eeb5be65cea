// SPDX-License-Identifier: Apache-2.0
#include "web/answer.h"

#include <chrono>
#include <ctime>

#include "base/log.h"
#include "base/text.h"
#include "web/target.h"

namespace abate::web {
namespace {

constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; connect-src 'self'";

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kAlways{{
    {"Content-Security-Policy", kContentSecurityPolicy},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
}};

bool trusted(const IpAddress& address, std::span<const IpRange> proxies) {
  return std::ranges::any_of(proxies, [&](const IpRange& range) { return range.contains(address); });
}

// The nearest address in X-Forwarded-For that is not a proxy of ours: what stands left of it anybody may have written.
std::string forwarded_peer(const Request& request, std::span<const IpRange> proxies) {
  std::string all;
  for (const auto& [name, value] : request.headers)
    if (name == "x-forwarded-for") all += (all.empty() ? "" : ",") + value;
  std::vector<std::string_view> hops = split(all, ',');
  std::string nearest;
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    const Result<IpAddress> address = parse_ip(trim(*hop));
    if (!address) break;
    nearest = address->to_string();
    if (!trusted(*address, proxies)) break;
  }
  return nearest;
}

bool forwarded_secure(const Request& request) {
  std::string_view last;
  for (const auto& [name, value] : request.headers)
    if (name == "x-forwarded-proto") last = value;
  const std::vector<std::string_view> hops = split(last, ',');
  return !hops.empty() && equals_ignoring_case(trim(hops.back()), "https");
}

std::string http_date() {  // IMF-fixdate, RFC 9110, 5.6.7
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays.at(static_cast<std::size_t>(parts.tm_wday)),
                     parts.tm_mday, kMonths.at(static_cast<std::size_t>(parts.tm_mon)), parts.tm_year + 1900,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

bool sendable(std::string_view text) {
  return std::ranges::none_of(text, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

}  // namespace

Result<Request> request_of(const Head& head, const std::string& socket_peer, bool from_unix_socket,
                           std::span<const IpRange> trusted_proxies) {
  TRY_ASSIGN(Target target, parse_target(head.target, head.host));
  Request request;
  request.method = head.method;
  request.path = std::move(target.path);
  request.query = std::move(target.query);
  request.headers = head.fields;
  request.peer = socket_peer;
  const Result<IpAddress> address = parse_ip(socket_peer);
  if (!from_unix_socket && (!address || !trusted(*address, trusted_proxies))) return request;
  if (std::string peer = forwarded_peer(request, trusted_proxies); !peer.empty()) request.peer = std::move(peer);
  request.secure = forwarded_secure(request);
  return request;
}

std::string head_of(const Response& response, bool close) {
  std::string out = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  const auto add = [&](std::string_view name, std::string_view value) {
    if (sendable(name) && sendable(value))
      fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, value);
    else
      log_error("header_not_sent", {{"name", std::string{name}}});
  };
  const bool streamed = static_cast<bool>(response.stream);
  const bool bodiless = response.status == 204 || response.status == 304;
  add("Date", http_date());
  if (!bodiless) add("Content-Type", streamed ? std::string_view{"text/event-stream"} : response.content_type);
  if (!bodiless && !streamed) add("Content-Length", std::to_string(response.body.size()));
  if (streamed) add("X-Accel-Buffering", "no");  // nginx would hold events back
  for (const auto& [name, value] : response.headers) add(name, value);
  for (const auto& [name, value] : kAlways) {
    const bool set = std::ranges::any_of(response.headers,
                                         [&](const auto& given) { return equals_ignoring_case(given.first, name); });
    if (!set) add(name, value);
  }
  if (close || streamed) add("Connection", "close");
  return out + "\r\n";
}

}  // namespace abate::web
