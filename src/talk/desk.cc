// SPDX-License-Identifier: Apache-2.0
#include "talk/desk.h"

#include <thread>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/ip.h"
#include "base/json_fields.h"
#include "base/text.h"

namespace abate::talk {
namespace {

constexpr std::size_t kWordBytesMax = 200;  // of an id or a token
constexpr std::string_view kTickets = "/tickets/";
constexpr std::chrono::seconds kPauses[] = {std::chrono::seconds{0}, std::chrono::seconds{1}, std::chrono::seconds{3},
                                            std::chrono::seconds{8}};

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= kWordBytesMax && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
           c == '.' || c == '~';
  });
}

bool is_this_machine(const std::string& host) {
  const Result<IpAddress> address = parse_ip(host);
  return host == "localhost" || (address && (host.starts_with("127.") || address->to_string() == "::1"));
}

Result<DeskTicket> checked(HttpUrl url, std::string_view folder, std::string_view id, std::string_view token) {
  if (!is_word(id) || !is_word(token))
    return failure(
        Fault::malformed,
        "the link names no ticket and token: copy it whole, from the notice or the ticket's page; it ends in "
        "/tickets/T-…#…");
  if (!url.is_tls && !is_this_machine(url.host))
    return failure(Fault::malformed, "{}: the token would travel in the clear; ask the provider for an https link",
                   escape_terminal(url.host));
  url.target = fmt::format("{}/api/v1/tickets/{}", folder, id);
  url.fragment.clear();
  return DeskTicket{std::move(url), std::string{token}};
}

// What the desk says of an error (RFC 9457), made safe.
std::unexpected<Error> told(const DeskTicket& desk, const HttpAnswer& answer) {
  boost::system::error_code wrong;
  const boost::json::value value = boost::json::parse(answer.body, wrong, {}, {.max_depth = 8});
  std::string detail;
  if (!wrong && value.is_object()) detail = text_of(value.get_object(), "detail");
  const Fault fault = answer.status == 404                           ? Fault::not_found
                      : answer.status >= 500 || answer.status == 429 ? Fault::unavailable
                      : answer.status == 412                         ? Fault::stale
                                                                     : Fault::refused;
  const char* hint = answer.status == 401 || answer.status == 403 || answer.status == 404
                         ? ": the link's token may have expired; copy the link anew from the ticket's page"
                         : "";
  return failure(fault, "{} answers {}{}{}", escape_terminal(desk.api.authority()), answer.status,
                 detail.empty() ? "" : ": " + shorten(escape_terminal(detail), 300), hint);
}

Result<HttpAnswer> get(const DeskTicket& desk) {
  TRY_ASSIGN(
      HttpAnswer answer,
      ask({.url = desk.api, .headers = {{"Authorization", "Bearer " + desk.token}, {"Accept", "application/json"}}}));
  if (answer.status != 200) return told(desk, answer);
  return answer;
}

Result<std::string> post_once(const DeskTicket& desk, Say say, const std::string& body) {
  TRY_ASSIGN(const HttpAnswer now, get(desk));
  HttpAsk post{.url = desk.api, .method = "POST"};
  post.body = body;
  post.url.target += say == Say::claim ? "/claim" : "/reply";
  post.headers = {{"Authorization", "Bearer " + desk.token}, {"Content-Type", "application/json"}};
  if (const auto version = now.headers.find("etag"); version != now.headers.end())
    post.headers["If-Match"] = version->second;
  Result<HttpAnswer> answer = ask(post);
  // Whether it arrived is not known, and a second one would stand in the ticket twice.
  if (!answer)
    return failure(Fault::conflict, "{}: the answer was lost; look at the ticket before you send it again",
                   answer.error().what);
  if (answer->status < 200 || answer->status > 299) return told(desk, *answer);
  return std::move(answer->body);
}

}  // namespace

bool looks_like_link(std::string_view text) { return text.starts_with("https://") || text.starts_with("http://"); }

Result<DeskTicket> desk_of_link(std::string_view link) {
  TRY_ASSIGN(HttpUrl url, parse_http_url(link));
  const std::string path = url.target.substr(0, url.target.find('?'));
  const std::size_t at = path.rfind(kTickets);
  const std::string token = url.fragment;
  if (at == std::string::npos) return checked(std::move(url), "", "", "");
  return checked(std::move(url), path.substr(0, at), path.substr(at + kTickets.size()), token);
}

Result<DeskTicket> desk_of(std::string_view url, std::string_view ticket, std::string_view token) {
  TRY_ASSIGN(HttpUrl parsed, parse_http_url(url));
  std::string folder = parsed.target;
  while (folder.ends_with('/')) folder.pop_back();
  return checked(std::move(parsed), folder, ticket, token);
}

Result<std::string> fetch_ticket(const DeskTicket& desk) {
  TRY_ASSIGN(HttpAnswer answer, get(desk));
  return std::move(answer.body);
}

Result<std::string> post_text(const DeskTicket& desk, Say say, const std::string& text) {
  const std::string body = boost::json::serialize(boost::json::object{{"text", text}});
  Result<std::string> posted = failure(Fault::unavailable, "not tried");
  for (const std::chrono::seconds pause : kPauses) {
    std::this_thread::sleep_for(pause);
    posted = post_once(desk, say, body);
    if (posted || (posted.error().fault != Fault::unavailable && posted.error().fault != Fault::stale)) break;
  }
  return posted;
}

}  // namespace abate::talk
