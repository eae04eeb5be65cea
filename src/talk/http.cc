// SPDX-License-Identifier: Apache-2.0
#include "talk/http.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <tuple>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "base/ip.h"
#include "base/text.h"
#include "talk/authorities.h"
#include "talk/resolve.h"

namespace abate::talk {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Error = boost::system::error_code;

asio::ssl::context tls_context() {
  asio::ssl::context context{asio::ssl::context::tls_client};
  Error none;
  context.set_default_verify_paths(none);  // also SSL_CERT_FILE and SSL_CERT_DIR
  for (const char* file : kAuthorities) {
    std::error_code missing;
    if (!std::filesystem::exists(file, missing)) continue;
    context.load_verify_file(file, none);
    break;
  }
  context.set_verify_mode(asio::ssl::verify_peer, none);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  return context;
}

auto into(Error& error) { return asio::redirect_error(asio::use_awaitable, error); }

http::request<http::string_body> request_of(const HttpAsk& asked) {
  http::request<http::string_body> request;
  request.method_string(asked.method);
  request.target(asked.url.target);
  request.version(11);
  request.set(http::field::host, asked.url.authority());
  request.set(http::field::connection, "close");
  for (const auto& [name, value] : asked.headers) request.set(name, value);
  request.body() = asked.body;
  request.prepare_payload();
  return request;
}

struct Exchange {
  HttpAnswer answer;
  bool begun = false;  // a part of the request may have arrived
};

// On one open stream, plain or TLS.
template <typename Stream>
asio::awaitable<Error> exchange(Stream& stream, const HttpAsk& asked, Exchange& with) {
  Error error;
  HttpAnswer& answer = with.answer;
  with.begun = true;
  const http::request<http::string_body> request = request_of(asked);
  co_await http::async_write(stream, request, into(error));
  if (error) co_return error;
  beast::flat_buffer buffer{kAnswerHeadBytesMax + kAnswerBytesMax};
  http::response_parser<http::string_body> parser;
  parser.header_limit(kAnswerHeadBytesMax);
  parser.body_limit(kAnswerBytesMax);
  co_await http::async_read(stream, buffer, parser, into(error));
  if (error) co_return error;
  answer.status = parser.get().result_int();
  for (const auto& field : parser.get())
    answer.headers[to_lower(std::string_view{field.name_string()})] = std::string{field.value()};
  answer.body = std::move(parser.get().body());
  co_return Error{};
}

asio::awaitable<Error> talk_to(const asio::ip::tcp::endpoint& peer, const HttpAsk& asked, Duration left,
                               Exchange& with) {
  Error error;
  const auto executor = co_await asio::this_coro::executor;
  if (!asked.url.is_tls) {
    beast::tcp_stream plain{executor};
    plain.expires_after(left);
    co_await plain.async_connect(peer, into(error));
    if (error) co_return error;
    co_return co_await exchange(plain, asked, with);
  }
  asio::ssl::context context = tls_context();
  beast::ssl_stream<beast::tcp_stream> secure{executor, context};
  beast::get_lowest_layer(secure).expires_after(left);
  secure.set_verify_callback(asio::ssl::host_name_verification{asked.url.host}, error);
  if (!parse_ip(asked.url.host)) SSL_set_tlsext_host_name(secure.native_handle(), asked.url.host.c_str());
  co_await beast::get_lowest_layer(secure).async_connect(peer, into(error));
  if (error) co_return error;
  co_await secure.async_handshake(asio::ssl::stream_base::client, into(error));
  if (error) co_return error;
  co_return co_await exchange(secure, asked, with);
}

// Host and port of "name", "name:81", "[2001:db8::1]:81"; nothing where it is none of these.
std::optional<std::pair<std::string, std::uint16_t>> host_and_port(std::string_view authority, std::uint16_t usual) {
  const bool bracketed = authority.starts_with('[');
  const std::size_t end = bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (end == std::string_view::npos) return std::nullopt;
  const std::string host = to_lower(bracketed ? authority.substr(1, end - 1) : authority.substr(0, end));
  const bool is_name = !host.empty() && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
  if (bracketed ? !parse_ip(host) : !is_name) return std::nullopt;
  const std::string_view rest = authority.substr(end + (bracketed ? 1 : 0));
  if (rest.empty()) return std::pair{host, usual};
  std::uint16_t port = 0;
  const char* const last = rest.data() + rest.size();
  if (rest[0] != ':' || std::from_chars(rest.data() + 1, last, port).ptr != last || port == 0) return std::nullopt;
  return std::pair{host, port};
}

}  // namespace

std::string HttpUrl::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (is_tls ? 443 : 80) ? name : fmt::format("{}:{}", name, port);
}

// Cut by hand: Boost.URL 1.81 takes "127.0.0.1.example.net" for the address 127.0.0.1.
Result<HttpUrl> parse_http_url(std::string_view text) {
  const std::string told = shorten(escape_terminal(text.substr(0, text.find('#'))), 200);  // the rest may be a secret
  const std::size_t colon = std::min(text.find("://"), text.size());
  const std::string scheme = to_lower(text.substr(0, colon));
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
  if ((scheme != "http" && scheme != "https") || !is_plain)
    return failure(Fault::malformed, "{}: is no http or https URL", told);
  HttpUrl url;
  url.is_tls = scheme == "https";
  std::string_view rest = text.substr(colon + 3);
  const std::size_t hash = std::min(rest.find('#'), rest.size());
  url.fragment = rest.substr(std::min(hash + 1, rest.size()));
  rest = rest.substr(0, hash);
  const std::size_t slash = std::min(rest.find_first_of("/?"), rest.size());
  const auto host = host_and_port(rest.substr(0, slash), url.is_tls ? 443 : 80);
  if (!host) return failure(Fault::malformed, "{}: names no host, or more than a host and a port", told);
  std::tie(url.host, url.port) = *host;
  url.target = rest.substr(slash);
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  return url;
}

Result<HttpAnswer> ask(const HttpAsk& asked) {
  const auto deadline = std::chrono::steady_clock::now() + asked.patience;
  TRY_ASSIGN(const std::vector<IpAddress> addresses, resolve(asked.url.host, asked.patience));
  std::string why = "no address";
  for (const IpAddress& address : addresses) {
    const auto left = std::chrono::duration_cast<Duration>(deadline - std::chrono::steady_clock::now());
    if (left <= Duration{}) break;
    asio::io_context context{1};
    Exchange with;
    Error error = asio::error::timed_out;
    const asio::ip::tcp::endpoint peer{asio::ip::make_address(address.to_string()), asked.url.port};
    asio::co_spawn(context, talk_to(peer, asked, left, with),
                   [&](const std::exception_ptr& thrown, Error end) { error = thrown ? asio::error::fault : end; });
    context.run_for(left + std::chrono::seconds{1});
    if (!error) return std::move(with.answer);
    why = fmt::format("{}: {}", address.to_string(), error.message());
    if (with.begun) break;  // another address would get the request a second time
  }
  return failure(Fault::unavailable, "{}://{}: {}", asked.url.is_tls ? "https" : "http",
                 escape_terminal(asked.url.authority()), why);
}

}  // namespace abate::talk
