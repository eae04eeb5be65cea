// SPDX-License-Identifier: Apache-2.0
// web/server.h — the HTTP/1.1 server: sockets, limits and time on one Asio thread, handlers on a pool.
//
//   TRY_ASSIGN(std::unique_ptr<Server> server, Server::start(config, routes, gate));
//   ... server->stop();
//
// Each request: its head is judged (web/framing.h), then asked at the gate, then its body is read, bounded, then its
// route answers. With a body to come the gate is asked first, so that nobody unknown makes us hold 50 MB. Every answer
// carries Date and the security headers below; HEAD is GET without the body; an exception in a handler is a 500 and a
// log line. Framing errors, bodies too large and time run out are answered and the connection closed.
//
// A Response with `stream` is sent as Server-Sent Events: asked every kStreamTick, a heartbeat after kStreamHeartbeat
// of silence; a client that takes nothing for kWriteWithin is cut.
//
// SECURITY: opens no files. The peer is the socket's address; X-Forwarded-For and -Proto are believed only where that
// is one of `trusted_proxies`, or a unix socket (whose folder's rights say who may connect).
// Threads: start and stop on any; `routes` and `gate` are called on the pool, several at once.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"
#include "base/result.h"
#include "web/http.h"

namespace abate::web {

constexpr std::size_t kBodyBytesMax = std::size_t{1} << 20;  // where a route does not say otherwise
constexpr std::chrono::seconds kStreamHeartbeat{15};
constexpr std::chrono::milliseconds kStreamTick{500};
constexpr std::size_t kStreamsMax = 256;

struct ServerConfig {
  std::string listen = "127.0.0.1:8080";  // "[::1]:8080", port 0: a free one; "unix:/run/abate/http"
  std::vector<IpRange> trusted_proxies;
  std::size_t connections_max = 1024;
  std::size_t handler_threads = 16;
  std::chrono::milliseconds head_within{30'000};  // of a request, from its first byte (of the first: from connecting)
  std::chrono::milliseconds idle_max{60'000};     // between two requests
  std::chrono::milliseconds body_pause_max{30'000};  // between two pieces of a body
  std::chrono::milliseconds body_within{600'000};    // all of it
  std::chrono::milliseconds write_within{30'000};    // a piece of an answer
  std::chrono::milliseconds stop_within{10'000};     // what runs then is cut
};

struct Traffic {                                        // counters since the start, for /metrics
  std::array<std::atomic<std::uint64_t>, 6> answers{};  // by the first digit of the status
  std::atomic<std::uint64_t> connections{0};            // open now
  std::atomic<std::uint64_t> streams{0};                // open now
  std::atomic<std::uint64_t> framing_errors{0};
};

using Gate = std::function<std::optional<Response>(Request&)>;
using BodyMax = std::function<std::size_t(const Request&)>;

class Server {
 public:
  // Listens when it returns. malformed: `listen`; unavailable: the address is taken or not ours. `routes` and `traffic`
  // outlive the server; `gate` and `body_max` may be empty (everybody passes; kBodyBytesMax).
  static Result<std::unique_ptr<Server>> start(const ServerConfig& config, const Routes& routes, Traffic& traffic,
                                               Gate gate, BodyMax body_max);
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;  // 0 for a unix socket
  // Takes no more, lets running requests finish, ends streams. Returns when all is over; may be called twice.
  void stop();

 private:
  struct Inside;
  explicit Server(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace abate::web
