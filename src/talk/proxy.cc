// SPDX-License-Identifier: Apache-2.0
#include "talk/proxy.h"

#include "base/random.h"
#include "base/text.h"

namespace abate::talk {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kWordBytes = 16;
constexpr int kHeadLinesMax = 100;

struct Errand {  // what one try is about
  Line line;
  const Peer& goal;
  const Listener& listener;
  std::string word;
  Clock::time_point deadline;
  std::string tried;
};

Trial carried(const Errand& errand, std::string_view said) {
  return trial(Outcome::open, errand.tried,
               fmt::format("the word arrived at our listener {}: {}", errand.goal.to_string(), said), said);
}

Trial said_yes_only(const Errand& errand, std::string_view said) {
  return trial(Outcome::unclear, errand.tried, fmt::format("it said yes ({}), and nothing arrived", said), said);
}

// Through the opened way.
Result<Trial> bring(Errand& errand, std::string_view said) {
  TRY(errand.line.send(errand.word + "\r\n\r\n"));
  return errand.listener.came(errand.word, errand.deadline) ? carried(errand, said) : said_yes_only(errand, said);
}

// 0: no HTTP.
unsigned status_in(std::string_view line) {
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ') return 0;
  unsigned status = 0;
  for (const char c : line.substr(9, 3)) {
    if (c < '0' || c > '9') return 0;
    status = status * 10 + static_cast<unsigned>(c - '0');
  }
  return status;
}

// A proxy that tried and failed says 502, 503 or 504: it would have carried it.
Trial judge_http(const Errand& errand, std::string_view said) {
  const unsigned status = status_in(said);
  const bool is_unclear = status == 0 || (status >= 502 && status <= 504);
  return trial(is_unclear ? Outcome::unclear : Outcome::closed, errand.tried, said, said);
}

Result<Trial> by_connect(Errand& errand) {
  const std::string goal = errand.goal.to_string();
  TRY(errand.line.send(fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n\r\n", goal)));
  TRY_ASSIGN(const std::string said, errand.line.receive_line());
  const unsigned status = status_in(said);
  if (status < 200 || status > 299) return judge_http(errand, said);
  for (int i = 0; i < kHeadLinesMax; ++i) {
    TRY_ASSIGN(const std::string field, errand.line.receive_line());
    if (field.empty()) return bring(errand, said);
  }
  return said_yes_only(errand, said);
}

Result<Trial> by_get(Errand& errand) {
  const std::string goal = errand.goal.to_string();
  TRY(errand.line.send(
      fmt::format("GET http://{0}/{1} HTTP/1.1\r\nHost: {0}\r\nConnection: close\r\n\r\n", goal, errand.word)));
  // It comes at once, or the proxy says no meanwhile: half of the time is for each.
  const Clock::time_point now = Clock::now();
  if (errand.listener.came(errand.word, now + (errand.deadline - now) / 4)) return carried(errand, "as a GET");
  TRY_ASSIGN(const std::string said, errand.line.receive_line());
  const unsigned status = status_in(said);
  if (status >= 200 && status < 400)
    return trial(Outcome::closed, errand.tried,
                 fmt::format("it answered by itself ({}), and nothing arrived at our listener", said), said);
  return judge_http(errand, said);
}

// Our listener is near: who would carry something there says so at once.
Trial says_nothing(const Errand& errand, const Error& error) {
  return trial(Outcome::closed, errand.tried, fmt::format("no SOCKS proxy answers there: {}", error.what));
}

std::string port_bytes(std::uint16_t port) { return {static_cast<char>(port >> 8), static_cast<char>(port & 0xff)}; }

std::string address_bytes(const IpAddress& address) {
  const auto& bytes = address.bytes();
  const std::string all{bytes.begin(), bytes.end()};
  return address.is_v4() ? all.substr(12) : all;
}

Result<Trial> by_socks4(Errand& errand) {
  if (!errand.goal.address.is_v4()) return trial(Outcome::unclear, errand.tried, "SOCKS4 knows no IPv6 address");
  TRY(errand.line.send(std::string{"\x04\x01", 2} + port_bytes(errand.goal.port) + address_bytes(errand.goal.address) +
                       std::string{"\0", 1}));
  const Result<std::string> answer = errand.line.receive_exactly(8);
  if (!answer) return says_nothing(errand, answer.error());
  const std::string& said = *answer;
  if (said[0] != 0) return trial(Outcome::closed, errand.tried, "it does not speak SOCKS4", said);
  if (said[1] != 0x5a) return trial(Outcome::closed, errand.tried, "SOCKS4: rejected (91 to 93)", said);
  return bring(errand, "SOCKS4: granted");
}

Result<Trial> by_socks5(Errand& errand) {
  TRY(errand.line.send(std::string_view{"\x05\x01\x00", 3}));
  const Result<std::string> answer = errand.line.receive_exactly(2);
  if (!answer) return says_nothing(errand, answer.error());
  const std::string& method = *answer;
  if (method[0] != 5) return trial(Outcome::closed, errand.tried, "it does not speak SOCKS5", method);
  if (method[1] != 0) return trial(Outcome::closed, errand.tried, "SOCKS5: not without a password", method);
  const bool v4 = errand.goal.address.is_v4();
  TRY(errand.line.send(std::string{"\x05\x01\x00", 3} + std::string(1, v4 ? '\x01' : '\x04') +
                       address_bytes(errand.goal.address) + port_bytes(errand.goal.port)));
  TRY_ASSIGN(const std::string said, errand.line.receive_exactly(4));
  if (said[0] == 5 && said[1] == 2)
    return trial(Outcome::closed, errand.tried, "SOCKS5: not allowed by its rules", said);
  if (said[0] != 5 || said[1] != 0)
    return trial(Outcome::unclear, errand.tried, fmt::format("SOCKS5: it could not reach us ({})", int{said[1]}), said);
  const std::size_t rest = said[3] == 4 ? 18 : 6;
  TRY_ASSIGN(const std::string bound, errand.line.receive_exactly(rest));
  return bring(errand, "SOCKS5: granted");
}

Result<Trial> run(ProxyWay way, Errand& errand) {
  switch (way) {
    case ProxyWay::connect: return by_connect(errand);
    case ProxyWay::get: return by_get(errand);
    case ProxyWay::socks4: return by_socks4(errand);
    case ProxyWay::socks5: break;
  }
  return by_socks5(errand);
}

}  // namespace

std::string_view proxy_way_name(ProxyWay way) {
  switch (way) {
    case ProxyWay::connect: return "HTTP CONNECT";
    case ProxyWay::get: return "HTTP GET";
    case ProxyWay::socks4: return "SOCKS4";
    case ProxyWay::socks5: break;
  }
  return "SOCKS5";
}

Trial try_proxy(ProxyWay way, const Peer& peer, const Listener& listener, const Bounds& bounds,
                const std::optional<Peer>& seen_as) {
  const Peer goal = seen_as.value_or(listener.told());
  std::string tried =
      fmt::format("asked {} to carry a word to a listener of ours, by {}", peer.to_string(), proxy_way_name(way));
  Result<Line> line = Line::open(peer, bounds);
  if (!line) return trial(std::move(tried), line.error());
  Errand errand{.line = std::move(*line),
                .goal = goal,
                .listener = listener,
                .word = "abate-" + random_token(kWordBytes),
                .deadline = Clock::now() + bounds.patience,
                .tried = tried};
  const Result<Trial> done = run(way, errand);
  if (done) return *done;
  // It hung up or talked nonsense: it is no proxy of this kind.
  if (done.error().fault == Fault::malformed) return trial(Outcome::closed, std::move(tried), done.error().what);
  return trial(std::move(tried), done.error());
}

}  // namespace abate::talk
