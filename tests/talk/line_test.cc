// SPDX-License-Identifier: Apache-2.0
#include "talk/line.h"

#include <chrono>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/server_program.h"
#include "talk/open_service.h"
#include "talk/page.h"
#include "talk/proxy.h"
#include "talk/relay.h"

namespace abate::talk {
namespace {

using test::Liar;

Peer at(std::uint16_t port) { return {.address = *parse_ip("127.0.0.1"), .port = port, .from = {}}; }

constexpr Bounds kShort{.patience = std::chrono::milliseconds{1500}, .bytes_max = std::size_t{64} << 10};

// Every conversation there is, with whoever listens at that port; each comes to its end.
std::vector<Trial> talk_to(std::uint16_t port) {
  std::vector<Trial> trials;
  trials.push_back(try_relay(at(port), kShort));
  const Result<Listener> listener = Listener::open(*parse_ip("127.0.0.1"));
  for (const ProxyWay way : kProxyWays) trials.push_back(try_proxy(way, at(port), *listener, kShort));
  for (const OpenService& service : open_services())
    if (!service.is_udp) trials.push_back(try_open_service(service, at(port), kShort));
  const Result<PageSeen> page =
      look_at_page({.peer = at(port), .url = *parse_http_url("http://shop.example/x"), .bounds = kShort});
  if (!page) trials.push_back(trial("page", page.error()));
  return trials;
}

void expect_nothing_open_in_time(std::uint16_t port) {
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<Trial> trials = talk_to(port);
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(took, (kShort.patience + std::chrono::seconds{2}) * static_cast<int>(trials.size()));
  for (const Trial& one : trials) {
    EXPECT_NE(one.outcome, Outcome::open) << one.tried << ": " << one.seen;
    EXPECT_LE(one.seen.size(), 500U);
  }
}

TEST(ALiar, who_never_stops_is_left) {
  const Liar liar{[](int guest) { test::say_without_end(guest, "", 'x'); }};
  expect_nothing_open_in_time(liar.port());
}

TEST(ALiar, whose_lines_never_stop_is_left) {
  const Liar liar{[](int guest) {
    const std::string line = "250-and so on\r\n";
    while (::send(guest, line.data(), line.size(), MSG_NOSIGNAL) > 0)
      ;
  }};
  expect_nothing_open_in_time(liar.port());
}

TEST(ALiar, who_drips_is_left_when_the_patience_ends) {
  const Liar liar{[](int guest) { test::say_slowly(guest, "220 a long greeting that never ends "); }};
  expect_nothing_open_in_time(liar.port());
}

TEST(ALiar, who_talks_nonsense_proves_nothing) {
  const Liar liar{[](int guest) {
    const std::string nonsense{"\x00\xff\x1b[31m\r\n\x05\x00\x04\x5a\r\nHTTP/9.9 banana\r\n\r\n", 38};
    ::send(guest, nonsense.data(), nonsense.size(), MSG_NOSIGNAL);
    ::shutdown(guest, SHUT_WR);
  }};
  expect_nothing_open_in_time(liar.port());
  for (const Trial& one : talk_to(liar.port())) EXPECT_EQ(one.seen.find('\x1b'), std::string::npos) << "made safe";
}

TEST(ALiar, who_says_yes_to_everything_is_no_proxy_without_the_word) {
  const Liar liar{[](int guest) {
    const std::string yes = "HTTP/1.1 200 OK\r\n\r\n";
    ::send(guest, yes.data(), yes.size(), MSG_NOSIGNAL);
    ::shutdown(guest, SHUT_WR);
  }};
  const Result<Listener> listener = Listener::open(*parse_ip("127.0.0.1"));
  ASSERT_TRUE(listener);
  EXPECT_EQ(try_proxy(ProxyWay::connect, at(liar.port()), *listener, kShort).outcome, Outcome::unclear);
  EXPECT_EQ(try_proxy(ProxyWay::get, at(liar.port()), *listener, kShort).outcome, Outcome::closed)
      << "a web server that answers everything with its own page";
}

TEST(APort, that_nobody_listens_at_is_closed) {
  const std::uint16_t port = test::free_port();
  for (const Trial& one : talk_to(port))
    if (one.tried != "page") {
      EXPECT_EQ(one.outcome, Outcome::closed) << one.tried << ": " << one.seen;
      EXPECT_EQ(one.seen, "nobody listens there");
    }
  EXPECT_EQ(try_port(at(port), kShort).outcome, Outcome::closed);
}

TEST(APort, that_somebody_listens_at_is_open) {
  const Liar liar{[](int) {}};
  EXPECT_EQ(try_port(at(liar.port()), kShort).outcome, Outcome::open);
}

TEST(AnAddress, that_is_not_ours_is_no_place_to_speak_from) {
  Peer peer = at(9);
  peer.from = parse_ip("192.0.2.1").value();
  const Trial one = try_port(peer, kShort);
  EXPECT_EQ(one.outcome, Outcome::unclear) << "this says nothing about the other side";
}

}  // namespace
}  // namespace abate::talk
