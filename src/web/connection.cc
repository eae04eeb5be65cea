// SPDX-License-Identifier: Apache-2.0
#include "web/connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/log.h"
#include "web/answer.h"

namespace abate::web {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using SteadyClock = std::chrono::steady_clock;
using asio::awaitable;

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kUnusedBytesMax = 128 * 1024;  // a chunk's head or the trailer may not be larger than this
constexpr std::size_t kDrainBytesMax = std::size_t{256} << 20;
constexpr std::chrono::seconds kDrainWithin{20};
constexpr std::chrono::seconds kDrainPauseMax{2};

awaitable<void> run_here(const std::function<void()>& work) {
  work();
  co_return;
}

const std::string kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
const std::string kNothing;  // a body that is not there: outlives every coroutine

Response our_mistake(const Request& request, const std::exception& thrown) {
  log_error("handler_failed", {{"path", request.path}, {"why", thrown.what()}});
  return problem(500, "Internal error", "this is our mistake; it was logged");
}

std::optional<Response> ask_gate(const Shared& shared, Request& request) {
  try {
    return shared.gate ? shared.gate(request) : std::nullopt;
  } catch (const std::exception& thrown) {
    return our_mistake(request, thrown);
  }
}

Response answer_of(const Shared& shared, Request& request) {
  try {
    return shared.routes.answer(request);
  } catch (const std::exception& thrown) {
    return our_mistake(request, thrown);
  }
}

}  // namespace

Connection::Connection(Shared& shared, Socket socket, std::string peer)
    : shared_{shared}, socket_{std::move(socket)}, timer_{socket_.get_executor()}, peer_{std::move(peer)} {}

void Connection::stop() {
  if (!waiting_) return;
  timer_.cancel();
  cut();
}

void Connection::cut() {
  error_code ignored;
  socket_.close(ignored);
}

void Connection::arm(SteadyClock::time_point until) {
  late_ = false;
  timer_.expires_at(until);
  timer_.async_wait([self = shared_from_this(), arming = ++arming_](error_code cancelled) {
    if (cancelled || self->arming_ != arming) return;
    self->late_ = true;
    error_code ignored;
    self->socket_.cancel(ignored);
  });
}

awaitable<void> Connection::on_pool(std::function<void()> work) {
  co_await asio::co_spawn(shared_.pool, run_here(work), asio::use_awaitable);
}

awaitable<Connection::Read> Connection::read_some(SteadyClock::time_point until) {
  const std::size_t had = buffer_.size();
  buffer_.resize(had + kReadBytes);
  arm(until);
  error_code error;
  const std::size_t count = co_await socket_.async_read_some(asio::buffer(buffer_.data() + had, kReadBytes),
                                                             asio::redirect_error(asio::use_awaitable, error));
  ++arming_;
  timer_.cancel();
  buffer_.resize(had + count);
  if (!error && count > 0) co_return Read::some;
  co_return late_ ? Read::late : Read::ended;
}

awaitable<std::expected<std::string, HeadRefusal>> Connection::read_head() {
  SteadyClock::time_point until = SteadyClock::now() + (first_ ? shared_.config.head_within : shared_.config.idle_max);
  if (!first_ && !buffer_.empty()) until = SteadyClock::now() + shared_.config.head_within;
  bool begun = first_ || !buffer_.empty();
  bool led = false;  // one empty line before a request is skipped (RFC 9112, 2.2)
  for (std::size_t seen = 0;;) {
    if (!led && buffer_.starts_with("\r\n")) {
      buffer_.erase(0, 2);
      led = true;
    }
    const bool more_wanted = buffer_.empty() || buffer_ == "\r";
    const auto end = more_wanted ? std::size_t{0} : find_head_end(buffer_, seen);
    if (!end) co_return std::unexpected(end.error());
    if (*end > 0) {
      std::string head = buffer_.substr(0, *end);
      buffer_.erase(0, *end);
      co_return head;
    }
    seen = buffer_.size();
    waiting_ = buffer_.empty();
    if (waiting_ && shared_.stopping) co_return std::string{};
    const Read read = co_await read_some(until);
    waiting_ = false;
    if (read == Read::ended || (read == Read::late && !begun)) co_return std::string{};
    if (read == Read::late && buffer_.empty()) co_return std::string{};
    if (read == Read::late) co_return std::unexpected(HeadRefusal{408, "the head was not whole in time"});
    if (!begun) until = SteadyClock::now() + shared_.config.head_within;
    begun = true;
  }
}

awaitable<std::expected<std::string, HeadRefusal>> Connection::read_body(const std::string& raw_head, const Head& head,
                                                                         std::size_t bytes_max) {
  // What web/framing.h let pass, Beast reads again: lengths and chunks are its work.
  http::request_parser<http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(kHeadBytesMax + kUnusedBytesMax));
  parser.body_limit(bytes_max);
  parser.eager(true);
  const SteadyClock::time_point whole = SteadyClock::now() + shared_.config.body_within;
  if (head.content_length && *head.content_length > bytes_max)
    co_return std::unexpected(HeadRefusal{413, fmt::format("at most {} bytes are taken here", bytes_max)});
  error_code error;
  parser.put(asio::buffer(raw_head), error);
  bool told = !head.expects_continue;
  while (!parser.is_done()) {
    if (!buffer_.empty() && (!error || error == http::error::need_more)) {
      const std::size_t used = parser.put(asio::buffer(buffer_), error);
      buffer_.erase(0, used);
    }
    if (error == http::error::body_limit)
      co_return std::unexpected(HeadRefusal{413, fmt::format("at most {} bytes are taken here", bytes_max)});
    if (error && error != http::error::need_more)
      co_return std::unexpected(HeadRefusal{400, "the body's framing is wrong: " + error.message()});
    if (parser.is_done()) break;
    if (buffer_.size() > kUnusedBytesMax)
      co_return std::unexpected(HeadRefusal{400, "a chunk's head or the trailer is too large"});
    if (!told) {
      told = true;
      const bool sent = co_await write(kContinue, kNothing);
      if (!sent) co_return std::unexpected(HeadRefusal{400, "the client is gone"});
    }
    const auto until = std::min(whole, SteadyClock::now() + shared_.config.body_pause_max);
    const Read read = co_await read_some(until);
    if (read == Read::late) co_return std::unexpected(HeadRefusal{408, "the body did not come in time"});
    if (read == Read::ended) co_return std::unexpected(HeadRefusal{400, "the body ended before its end"});
  }
  co_return std::move(parser.get().body());
}

awaitable<bool> Connection::write(const std::string& head, const std::string& body) {
  for (std::size_t sent = 0; sent < head.size() + body.size();) {
    const std::array<asio::const_buffer, 2> left{asio::buffer(head) + sent,
                                                 asio::buffer(body) + (sent > head.size() ? sent - head.size() : 0)};
    arm(SteadyClock::now() + shared_.config.write_within);
    error_code error;
    sent += co_await socket_.async_write_some(left, asio::redirect_error(asio::use_awaitable, error));
    ++arming_;
    timer_.cancel();
    if (error) co_return false;
  }
  co_return true;
}

awaitable<bool> Connection::send(const Response& response, bool close, bool with_body) {
  const auto kind = static_cast<std::size_t>(response.status / 100);
  shared_.traffic.answers.at(kind < 6 ? kind : 0).fetch_add(1, std::memory_order_relaxed);
  const bool bodiless = !with_body || response.status == 204 || response.status == 304;
  const std::string head = head_of(response, close);
  co_return co_await write(head, bodiless ? kNothing : response.body);
}

awaitable<void> Connection::drain() {
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  const auto whole = SteadyClock::now() + kDrainWithin;
  for (std::size_t drained = 0; drained < kDrainBytesMax && !shared_.stopping; drained += buffer_.size()) {
    buffer_.clear();
    waiting_ = true;
    const Read read = co_await read_some(std::min(whole, SteadyClock::now() + kDrainPauseMax));
    waiting_ = false;
    if (read != Read::some) break;
  }
  buffer_.clear();
}

awaitable<void> Connection::refuse(const HeadRefusal& refusal) {
  if (refusal.status != 413 && refusal.status != 408) ++shared_.traffic.framing_errors;
  const Response response = problem(refusal.status, reason_phrase(refusal.status), refusal.what);
  if (co_await send(response, true, true)) co_await drain();
}

awaitable<void> Connection::stream(Response& response) {
  if (shared_.traffic.streams.fetch_add(1) >= kStreamsMax) {
    shared_.traffic.streams.fetch_sub(1);
    const Response full = problem(503, "Away", "too many live views are open; try again later");
    co_await send(full, true, true);
    co_return;
  }
  bool alive = co_await send(response, true, true);
  auto last = SteadyClock::now();
  while (alive && !shared_.stopping) {
    std::string chunk;
    bool more = false;
    co_await on_pool([&] {
      try {
        more = response.stream(chunk);
      } catch (const std::exception& thrown) {
        log_error("stream_failed", {{"why", thrown.what()}});
      }
    });
    if (chunk.empty() && more && SteadyClock::now() - last >= kStreamHeartbeat) chunk = ": still here\n\n";
    if (!chunk.empty()) {
      alive = co_await write(chunk, kNothing);
      last = SteadyClock::now();
    }
    if (!more || !alive || shared_.stopping) break;
    waiting_ = true;
    timer_.expires_after(kStreamTick);
    error_code ignored;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    waiting_ = false;
  }
  shared_.traffic.streams.fetch_sub(1);
}

awaitable<bool> Connection::serve_one() {
  auto raw_head = co_await read_head();
  if (raw_head && raw_head->empty()) co_return false;
  std::expected<Head, HeadRefusal> head =
      raw_head ? parse_head(*raw_head) : std::expected<Head, HeadRefusal>{std::unexpected(raw_head.error())};
  first_ = false;
  if (!head) {
    co_await refuse(head.error());
    co_return false;
  }
  Result<Request> request = request_of(*head, peer_, peer_.empty(), shared_.config.trusted_proxies);
  if (!request) {
    const HeadRefusal refusal{400, request.error().what};
    co_await refuse(refusal);
    co_return false;
  }
  const bool has_body = head->chunked || head->content_length.value_or(0) > 0;
  std::optional<Response> refused;
  if (has_body) {
    co_await on_pool([&] { refused = ask_gate(shared_, *request); });
    const bool small = head->content_length && *head->content_length <= buffer_.size();
    if (refused && !small) {  // the body is not wanted: answer and close
      if (co_await send(*refused, true, true)) co_await drain();
      co_return false;
    }
    const std::size_t bytes_max = shared_.body_max ? shared_.body_max(*request) : kBodyBytesMax;
    auto body = co_await read_body(*raw_head, *head, bytes_max);
    if (!body) {
      co_await refuse(body.error());
      co_return false;
    }
    request->body = *std::move(body);
  }
  Response response;
  co_await on_pool([&] {
    if (!has_body) refused = ask_gate(shared_, *request);
    response = refused ? *std::move(refused) : answer_of(shared_, *request);
  });
  const bool with_body = head->method != "HEAD";
  if (response.stream && with_body) {
    co_await stream(response);
    co_return false;
  }
  const bool close = !head->keep_alive || shared_.stopping;
  if (!co_await send(response, close, with_body)) co_return false;
  if (close) co_await drain();
  co_return !close;
}

awaitable<void> Connection::run() {
  const auto self = shared_from_this();
  ++shared_.traffic.connections;
  try {
    while (co_await serve_one()) {
    }
  } catch (const std::exception& thrown) {
    log_error("connection_failed", {{"why", thrown.what()}});
  }
  --shared_.traffic.connections;
  cut();
}

}  // namespace abate::web
