// SPDX-License-Identifier: Apache-2.0
#include "talk/desk.h"

#include <array>
#include <thread>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/hash.h"
#include "base/ip.h"
#include "base/json_fields.h"
#include "base/text.h"

namespace abate::talk {
namespace {

constexpr std::size_t kWordBytesMax = 200;  // of an id or a token
constexpr std::string_view kTickets = "/tickets/";
constexpr std::array<std::chrono::seconds, kTriesMax> kPauses{std::chrono::seconds{0}, std::chrono::seconds{1},
                                                              std::chrono::seconds{3}, std::chrono::seconds{8}};

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

struct Post {
  std::string verb;  // "reply", "claim", "proofs"
  std::string body;  // JSON
  std::string words;
  std::string key{};  // made of the words and of where the case stood at the first try
};

// Other bytes stand there under this key, and say the same: an answer that was lost, or a run before this one.
bool is_said_already(const HttpAnswer& answer) {
  if (answer.status != 422) return false;
  boost::system::error_code wrong;
  const boost::json::value value = boost::json::parse(answer.body, wrong, {}, {.max_depth = 8});
  return !wrong && value.is_object() && text_of(value.get_object(), "title") == "Idempotency-Key used before";
}

Result<std::string> post_once(const DeskTicket& desk, Post& post) {
  TRY_ASSIGN(HttpAnswer now, get(desk));
  if (post.key.empty()) post.key = key_of(desk, post.verb, post.words, now.body);
  HttpAsk asked{.url = desk.api, .method = "POST"};
  asked.body = post.body;
  asked.url.target += "/" + post.verb;
  asked.headers = {
      {"Authorization", "Bearer " + desk.token}, {"Content-Type", "application/json"}, {"Idempotency-Key", post.key}};
  if (const auto version = now.headers.find("etag"); version != now.headers.end())
    asked.headers["If-Match"] = version->second;
  TRY_ASSIGN(HttpAnswer answer, ask(asked));
  if (is_said_already(answer)) return std::move(now.body);
  if (answer.status < 200 || answer.status > 299) return told(desk, answer);
  return std::move(answer.body);
}

// Where the answer was lost on the way it is sent again: the key keeps it from standing there twice.
Result<std::string> post_again(const DeskTicket& desk, Post post) {
  Result<std::string> posted = failure(Fault::unavailable, "not tried");
  for (const std::chrono::seconds pause : kPauses) {
    std::this_thread::sleep_for(pause);
    posted = post_once(desk, post);
    if (posted || (posted.error().fault != Fault::unavailable && posted.error().fault != Fault::stale)) return posted;
  }
  return failure(posted.error().fault, "{}. It was tried {} times; sending it again later does not double it",
                 posted.error().what, kTriesMax);
}

const std::string& says_of(const Saying& saying) { return saying.words.empty() ? saying.body : saying.words; }

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

Result<std::string> post_text(const DeskTicket& desk, Say say, const Saying& text) {
  boost::json::object body{{"text", text.body}};
  if (say == Say::stuck) body["stuck"] = true;
  return post_again(desk, {.verb = say == Say::claim ? "claim" : "reply",
                           .body = boost::json::serialize(body),
                           .words = (say == Say::stuck ? "stuck\n" : "") + says_of(text)});
}

Result<std::string> post_proofs(const DeskTicket& desk, const Saying& document) {
  return post_again(desk, {.verb = "proofs", .body = document.body, .words = says_of(document)});
}

std::string key_of(const DeskTicket& desk, std::string_view verb, std::string_view words, std::string_view ticket) {
  boost::system::error_code wrong;
  const boost::json::value value = boost::json::parse(ticket, wrong, {}, {.max_depth = 32});
  boost::json::array stands;
  if (!wrong && value.is_object()) {
    const boost::json::object& form = value.get_object();
    stands.emplace_back(number_of(form, "incident_count"));
    stands.emplace_back(text_of(form, "last_incident_at"));
    if (verb == "claim") stands.emplace_back(text_of(form, "fix_by"));  // a refusal moves it
  }
  const std::string whole = boost::json::serialize(boost::json::array{desk.api.target, verb, words, std::move(stands)});
  return "abate-" + sha256_hex(whole).substr(0, 40);
}

}  // namespace abate::talk
