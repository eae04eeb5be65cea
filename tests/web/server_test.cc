// SPDX-License-Identifier: Apache-2.0
// The server alone, with handlers of the test's own: framing, limits, time, streams, stopping.
#include "web/server.h"

#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>

#include "support/raw_http.h"

namespace abate::web {
namespace {

using test::RawAnswer;
using test::RawClient;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    routes_.add("GET", "/hello", [](const Request&) { return plain("hello"); });
    routes_.add("POST", "/echo", [](const Request& request) { return plain(request.body); });
    routes_.add("GET", "/peer", [](const Request& r) { return plain(r.peer + (r.secure ? " secure" : "")); });
    routes_.add("GET", "/say/{what}", [](const Request& r) { return plain(r.captures.at("what")); });
    routes_.add("GET", "/ask", [](const Request& r) { return plain(std::string{r.argument("q")}); });
    routes_.add("GET", "/throw", [](const Request&) -> Response { throw std::runtime_error{"a mistake"}; });
    routes_.add("GET", "/evil", [](const Request&) {
      Response out = plain("x");
      out.headers.emplace_back("X-Evil", "a\r\nSet-Cookie: b");
      return out;
    });
    config_.listen = "127.0.0.1:0";
    config_.handler_threads = 4;
  }

  static Response plain(std::string text) {
    Response out;
    out.content_type = "text/plain; charset=utf-8";
    out.body = std::move(text);
    return out;
  }

  std::uint16_t port() {
    if (!server_) server_ = *Server::start(config_, routes_, traffic_, gate_, [](const Request&) { return 4096; });
    return server_->port();
  }
  RawAnswer ask(std::string_view bytes, bool head_only = false) { return RawClient{port()}.ask(bytes, head_only); }

  Routes routes_;
  Traffic traffic_;
  ServerConfig config_;
  Gate gate_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, answers_carry_the_security_headers_and_a_date_and_no_banner) {
  const RawAnswer answer = ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "hello");
  EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(answer.header("referrer-policy"), "same-origin");
  EXPECT_EQ(answer.header("cache-control"), "no-store");
  EXPECT_TRUE(answer.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
  EXPECT_TRUE(answer.header("date").ends_with(" GMT"));
  EXPECT_EQ(answer.header("server"), "");
}

TEST_F(ServerTest, one_connection_serves_pipelined_requests_in_order) {
  RawClient client{port()};
  client.send(
      "GET /say/1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\ntwo"
      "GET /say/3 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive().body, "1");
  EXPECT_EQ(client.receive().body, "two");
  EXPECT_EQ(client.receive().body, "3");
}

TEST_F(ServerTest, a_request_may_come_byte_by_byte) {
  RawClient client{port()};
  for (const char c : std::string_view{"\r\nPOST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                       "3\r\nabc\r\n2;name=v\r\nde\r\n0\r\nTrailer: t\r\n\r\n"})
    client.send({&c, 1});
  EXPECT_EQ(client.receive().body, "abcde");
}

TEST_F(ServerTest, head_is_get_without_the_body) {
  const RawAnswer answer = ask("HEAD /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-length"), "5");
  RawClient client{port()};
  client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\nGET /say/2 HTTP/1.1\r\nHost: x\r\n\r\n");
  client.receive(true);
  EXPECT_EQ(client.receive().body, "2");
}

TEST_F(ServerTest, unknown_paths_are_404_and_wrong_methods_405_with_allow) {
  EXPECT_EQ(ask("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n").status, 404);
  const RawAnswer answer = ask("POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("allow"), "GET, HEAD");
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
}

TEST_F(ServerTest, a_handler_that_throws_is_a_500_and_the_connection_goes_on) {
  RawClient client{port()};
  EXPECT_EQ(client.ask("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n").status, 500);
  EXPECT_EQ(client.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}

TEST_F(ServerTest, a_header_with_a_line_end_in_it_is_never_sent) {
  const RawAnswer answer = ask("GET /evil HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("set-cookie"), "");
}

TEST_F(ServerTest, http_1_0_is_answered_and_closed) {
  RawClient client{port()};
  EXPECT_EQ(client.ask("GET /hello HTTP/1.0\r\n\r\n").body, "hello");
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, expect_100_continue_is_told_to_go_on) {
  RawClient client{port()};
  EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n").status,
            100);
  EXPECT_EQ(client.ask("ok").body, "ok");
  RawClient other{port()};
  EXPECT_EQ(other.ask("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9999\r\n\r\n").status,
            413);
}

TEST_F(ServerTest, a_body_at_the_limit_is_taken_and_one_byte_more_is_413) {
  const std::string full(4096, 'x');
  EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4096\r\n\r\n" + full).body, full);
  EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4097\r\n\r\n" + full + "x").status, 413);
  const std::string chunk = "800\r\n" + std::string(0x800, 'y') + "\r\n";
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(ask(head + chunk + chunk + "0\r\n\r\n").body.size(), 4096U);
  EXPECT_EQ(ask(head + chunk + chunk + "1\r\ny\r\n0\r\n\r\n").status, 413);
}

TEST_F(ServerTest, a_client_that_sends_much_too_much_before_it_reads_still_gets_its_413) {
  RawClient client{port()};
  const std::string body(8 << 20, 'x');
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
  EXPECT_TRUE(client.send(body));
  EXPECT_EQ(client.receive().status, 413);
}

struct Wrong {
  std::string_view what;
  std::string_view bytes;
  int status = 400;
};
const Wrong kWrongs[] = {
    {"bare LF", "GET /hello HTTP/1.1\nHost: x\n\n"},
    {"bare CR in a value", "GET /hello HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n"},
    {"NUL in a value", "GET /hello HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n"sv},
    {"control character in a value", "GET /hello HTTP/1.1\r\nHost: x\r\nA: b\x01\r\n\r\n"},
    {"obs-fold", "GET /hello HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"},
    {"blank before the colon", "GET /hello HTTP/1.1\r\nHost : x\r\n\r\n"},
    {"no colon", "GET /hello HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n"},
    {"no Host", "GET /hello HTTP/1.1\r\n\r\n"},
    {"two Hosts", "GET /hello HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"},
    {"a Host with a blank", "GET /hello HTTP/1.1\r\nHost: x y\r\n\r\n"},
    {"two blanks", "GET  /hello HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"no version", "GET /hello\r\nHost: x\r\n\r\n"},
    {"lower-case version", "GET /hello http/1.1\r\nHost: x\r\n\r\n"},
    {"another version", "GET /hello HTTP/3.0\r\nHost: x\r\n\r\n", 505},
    {"absolute-form with another host", "GET http://y/hello HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"authority-form", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"asterisk", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"fragment", "GET /hello#a HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"traversal", "GET /say/../hello HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"encoded traversal", "GET /say/%2e%2E HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"encoded slash", "GET /say%2Fa HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"encoded backslash", "GET /say/a%5cb HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"encoded NUL in the path", "GET /say/a%00 HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"encoded NUL in the query", "GET /ask?q=%00 HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"broken percent", "GET /say/%4 HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"broken percent in the query", "GET /ask?q=%zz HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"not UTF-8", "GET /say/%ff HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"raw 8-bit target", "GET /say/\xc3\xa4 HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"Content-Length beside Transfer-Encoding",
     "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"two Content-Lengths", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"},
    {"the same Content-Length twice",
     "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc"},
    {"a list of lengths", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc"},
    {"a signed length", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc"},
    {"a length beyond 64 bit", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n"},
    {"an empty length", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n"},
    {"xchunked", "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"},
    {"gzip, chunked", "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
    {"identity", "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n"},
    {"chunked twice",
     "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"chunked in HTTP/1.0", "POST /echo HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"a chunk size that is no number",
     "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"},
    {"a chunk size with a sign",
     "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n"},
    {"a chunk longer than it says",
     "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n"},
    {"a bare LF after the chunk size",
     "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n"},
    {"another expectation", "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nContent-Length: 1\r\n\r\na", 417},
};

TEST_F(ServerTest, what_is_framed_wrongly_is_refused_and_the_connection_closed) {
  for (const Wrong& wrong : kWrongs) {
    RawClient client{port()};
    // A request that is smuggled behind the wrong one must never be answered.
    client.send(wrong.bytes);
    client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    const RawAnswer answer = client.receive();
    EXPECT_EQ(answer.status, wrong.status) << wrong.what << "\n" << answer.body;
    EXPECT_EQ(answer.header("connection"), "close") << wrong.what;
    const RawAnswer second = client.receive(false, 2s);
    EXPECT_EQ(second.status, 0) << wrong.what;
  }
}

TEST_F(ServerTest, absolute_form_with_our_host_and_encoded_letters_are_fine) {
  EXPECT_EQ(ask("GET http://x:1/hello HTTP/1.1\r\nHost: x:1\r\n\r\n").body, "hello");
  EXPECT_EQ(ask("GET /say/%41%C3%A4+b HTTP/1.1\r\nHost: x\r\n\r\n").body, "A\xc3\xa4+b");
  EXPECT_EQ(ask("GET /ask?q=a+b%26&q=c HTTP/1.1\r\nHost: x\r\n\r\n").body, "a b&");
}

TEST_F(ServerTest, a_head_beyond_16_kib_or_100_fields_is_431) {
  EXPECT_EQ(ask("GET /hello HTTP/1.1\r\nHost: x\r\nA: " + std::string(17'000, 'a') + "\r\n\r\n").status, 431);
  std::string many = "GET /hello HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 120; ++i) many += "A: b\r\n";
  EXPECT_EQ(ask(many + "\r\n").status, 431);
}

TEST_F(ServerTest, a_head_that_is_not_whole_in_time_is_408) {
  config_.head_within = 150ms;
  RawClient client{port()};
  EXPECT_EQ(client.ask("GET /hello HTTP/1.1\r\nHos").status, 408);
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, an_idle_connection_and_one_that_says_nothing_are_closed) {
  config_.idle_max = 150ms;
  config_.head_within = 300ms;
  RawClient client{port()};
  EXPECT_EQ(client.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(RawClient{port()}.closed());
}

TEST_F(ServerTest, a_body_that_stops_coming_is_408) {
  config_.body_pause_max = 150ms;
  EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc").status, 408);
}

TEST_F(ServerTest, connections_beyond_the_most_are_turned_away) {
  config_.connections_max = 2;
  RawClient one{port()};
  RawClient two{port()};
  EXPECT_EQ(one.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(two.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(RawClient{port()}.receive().status, 503);
}

TEST_F(ServerTest, forwarded_headers_are_believed_only_from_a_trusted_proxy) {
  const std::string request =
      "GET /peer HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.66, 203.0.113.9, 127.0.0.1\r\n"
      "X-Forwarded-Proto: https\r\n\r\n";
  EXPECT_EQ(ask(request).body, "127.0.0.1");
  server_.reset();
  config_.trusted_proxies = {*parse_range("127.0.0.0/8")};
  EXPECT_EQ(ask(request).body, "203.0.113.9 secure");  // 192.0.2.66 is what the client itself wrote
}

TEST_F(ServerTest, the_gate_is_asked_before_a_body_is_read) {
  gate_ = [](Request&) { return std::optional{problem(401, "no", "no")}; };
  RawClient client{port()};
  EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n").status, 401);
}

TEST_F(ServerTest, a_stream_sends_what_comes_and_ends_when_it_is_over) {
  auto left = std::make_shared<int>(3);
  routes_.add("GET", "/stream", [left](const Request&) {
    Response out;
    out.stream = [left](std::string& chunk) {
      chunk = "data: " + std::to_string(*left) + "\n\n";
      return --*left > 0;
    };
    return out;
  });
  RawClient client{port()};
  const RawAnswer answer = client.ask("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.header("content-type"), "text/event-stream");
  EXPECT_EQ(answer.body, "data: 3\n\ndata: 2\n\ndata: 1\n\n");
}

TEST_F(ServerTest, stopping_lets_the_running_request_finish_and_ends_streams_and_idle_connections) {
  std::mutex mutex;
  std::condition_variable changed;
  bool entered = false;
  bool go = false;
  routes_.add("GET", "/slow", [&](const Request&) {
    std::unique_lock lock{mutex};
    entered = true;
    changed.notify_all();
    changed.wait(lock, [&] { return go; });
    return plain("done");
  });
  routes_.add("GET", "/stream", [](const Request&) {
    Response out;
    out.stream = [first = true](std::string& chunk) mutable {
      if (std::exchange(first, false)) chunk = "data: 1\n\n";
      return true;
    };
    return out;
  });
  RawClient slow{port()};
  RawClient idle{port()};
  RawClient live{port()};
  idle.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  live.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(live.receive_until("data: 1\n\n").ends_with("data: 1\n\n"));
  slow.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  {
    std::unique_lock lock{mutex};
    ASSERT_TRUE(changed.wait_for(lock, 10s, [&] { return entered; }));
  }
  std::thread stopper{[&] { server_->stop(); }};
  EXPECT_TRUE(idle.closed());
  EXPECT_TRUE(live.closed());
  {
    const std::lock_guard lock{mutex};
    go = true;
  }
  changed.notify_all();
  const RawAnswer answer = slow.receive();
  EXPECT_EQ(answer.body, "done");
  EXPECT_EQ(answer.header("connection"), "close");
  stopper.join();
}

TEST_F(ServerTest, a_wrong_or_taken_address_is_refused_with_its_reason) {
  port();
  ServerConfig other = config_;
  other.listen = "127.0.0.1:" + std::to_string(server_->port());
  EXPECT_EQ(Server::start(other, routes_, traffic_, {}, {}).error().fault, Fault::unavailable);
  other.listen = "nonsense";
  EXPECT_EQ(Server::start(other, routes_, traffic_, {}, {}).error().fault, Fault::malformed);
  other.listen = "127.0.0.1:70000";
  EXPECT_EQ(Server::start(other, routes_, traffic_, {}, {}).error().fault, Fault::malformed);
}

}  // namespace
}  // namespace abate::web
