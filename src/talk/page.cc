// SPDX-License-Identifier: Apache-2.0
#include "talk/page.h"

#include <algorithm>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>

#include "base/hash.h"
#include "base/text.h"

namespace abate::talk {
namespace {

namespace http = boost::beast::http;
using Error = boost::system::error_code;

constexpr std::size_t kHeadBytesMax = std::size_t{64} << 10;
constexpr std::size_t kFieldBytesMax = 2000;

std::string field(const http::response_parser<http::buffer_body>& parser, http::field name) {
  const auto found = parser.get().find(name);
  if (found == parser.get().end()) return {};
  return shorten(make_valid_utf8(std::string_view{found->value().data(), found->value().size()}), kFieldBytesMax);
}

Result<PageSeen> receive_page(Line& line, std::size_t body_max) {
  PageSeen seen;
  http::response_parser<http::buffer_body> parser;
  parser.header_limit(kHeadBytesMax);
  parser.body_limit(boost::none);  // as long as it likes: we stop reading
  parser.eager(true);
  std::string body(body_max, '\0');
  parser.get().body().data = body.data();
  parser.get().body().size = body.size();
  parser.get().body().more = true;
  std::string held;
  Error error;
  while (!parser.is_done() && !seen.is_cut) {
    TRY_ASSIGN(const std::string more, line.receive());
    if (more.empty()) {
      parser.put_eof(error);
      if (!parser.is_header_done()) return failure(Fault::malformed, "it hung up without an answer");
      break;  // what came is shown, also where it was promised longer
    }
    held += more;
    const std::size_t used = parser.put(boost::asio::buffer(held), error);
    held.erase(0, used);
    seen.is_cut = error == http::error::need_buffer;
    if (error && error != http::error::need_more && !seen.is_cut)
      return failure(Fault::malformed, "no web server answers there: {}", error.message());
  }
  seen.status = parser.get().result_int();
  seen.location = field(parser, http::field::location);
  seen.content_type = field(parser, http::field::content_type);
  body.resize(body_max - parser.get().body().size);
  seen.body_sha256 = sha256_hex(body);
  seen.body = std::move(body);
  return seen;
}

}  // namespace

bool PageSeen::is_gone() const {
  return status == 401 || status == 403 || status == 404 || status == 410 || status == 451 || status >= 500;
}

Result<PageSeen> look_at_page(const PageAsk& asked) {
  TRY_ASSIGN(Line line, Line::open(asked.peer, asked.bounds));
  if (asked.url.is_tls) TRY(line.start_tls(asked.url.host));
  TRY(
      line.send(fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nAccept: text/html,*/*;q=0.8\r\n"
                            "Accept-Language: en\r\nConnection: close\r\n\r\n",
                            asked.url.target, asked.url.authority(), asked.user_agent)));
  TRY_ASSIGN(PageSeen seen, receive_page(line, std::max<std::size_t>(asked.bounds.bytes_max / 2, 1)));
  seen.certificate_problem = line.certificate_problem();
  return seen;
}

}  // namespace abate::talk
