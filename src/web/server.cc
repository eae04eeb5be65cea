// SPDX-License-Identifier: Apache-2.0
#include "web/server.h"

#include <mutex>
#include <set>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "web/answer.h"
#include "web/connection.h"

namespace abate::web {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;

constexpr std::chrono::milliseconds kAcceptPause{100};  // after an error such as no more file descriptors

Result<asio::ip::tcp::endpoint> parse_endpoint(const std::string& listen) {
  const auto colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const std::string port = colon == std::string::npos ? "" : listen.substr(colon + 1);
  const bool number = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
  error_code error;
  const asio::ip::address address = asio::ip::make_address(host, error);
  if (error || !number || std::stoul(port) > 65535)
    return failure(Fault::malformed, "[http] listen = \"{}\" is neither ADDRESS:PORT nor unix:PATH", listen);
  return asio::ip::tcp::endpoint{address, static_cast<std::uint16_t>(std::stoul(port))};
}

std::string peer_name(const asio::ip::tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return "unknown";
  asio::ip::address address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return address.to_string();
}
std::string peer_name(const asio::local::stream_protocol::socket&) { return {}; }

void quicken(asio::ip::tcp::socket& socket) {
  error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay{true}, ignored);
}
void quicken(asio::local::stream_protocol::socket&) {}

}  // namespace

struct Server::Inside {
  ServerConfig config;
  Gate gate;
  BodyMax body_max;
  asio::io_context io{1};
  asio::thread_pool pool;
  Shared shared;
  std::optional<asio::ip::tcp::acceptor> tcp;
  std::optional<asio::local::stream_protocol::acceptor> local;
  std::string local_path;
  std::uint16_t port = 0;
  std::set<std::shared_ptr<Connection>> connections;  // the Asio thread's
  asio::steady_timer grace{io};
  std::thread thread;
  std::once_flag stopped;

  Inside(const ServerConfig& c, const Routes& routes, Traffic& traffic, Gate g, BodyMax b)
      : config{c},
        gate{std::move(g)},
        body_max{std::move(b)},
        pool{c.handler_threads},
        shared{config, routes, traffic, gate, body_max, pool} {}

  Result<void> listen() {
    error_code error;
    if (config.listen.starts_with("unix:")) {
      local_path = config.listen.substr(5);
      struct stat there{};
      if (::lstat(local_path.c_str(), &there) == 0 && S_ISSOCK(there.st_mode)) ::unlink(local_path.c_str());
      local.emplace(io);
      local->open(asio::local::stream_protocol{}, error);
      if (local_path.empty() || local_path.size() > 100)
        return failure(Fault::malformed, "[http] listen: the path of a unix socket has 1 to 100 bytes");
      if (!error) local->bind(local_path, error);
      if (!error) local->listen(asio::socket_base::max_listen_connections, error);
    } else {
      TRY_ASSIGN(const asio::ip::tcp::endpoint endpoint, parse_endpoint(config.listen));
      tcp.emplace(io);
      tcp->open(endpoint.protocol(), error);
      if (!error) tcp->set_option(asio::socket_base::reuse_address{true}, error);
      if (!error) tcp->bind(endpoint, error);
      if (!error) tcp->listen(asio::socket_base::max_listen_connections, error);
      if (!error) port = tcp->local_endpoint(error).port();
    }
    if (error) return failure(Fault::unavailable, "cannot listen on {}: {}", config.listen, error.message());
    return {};
  }

  template <class Acceptor>
  awaitable<void> accept(Acceptor& acceptor) {
    while (!shared.stopping) {
      error_code error;
      auto socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (shared.stopping) co_return;
      if (error) {
        log_warning("http_accept_failed", {{"why", error.message()}});
        asio::steady_timer pause{io, kAcceptPause};
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      quicken(socket);
      if (connections.size() >= config.connections_max) {
        turn_away(socket);
        continue;
      }
      const std::string peer = peer_name(socket);
      auto connection = std::make_shared<Connection>(shared, Connection::Socket{std::move(socket)}, peer);
      connections.insert(connection);
      asio::co_spawn(io, connection->run(), [this, connection](const std::exception_ptr&) {
        connections.erase(connection);
        if (shared.stopping && connections.empty()) grace.cancel();
      });
    }
  }

  // One try without waiting: whoever floods us gets no more of our time.
  template <class Socket>
  void turn_away(Socket& socket) {
    const Response full = problem(503, "Away", "too many connections; try again in a moment");
    const std::string bytes = head_of(full, true) + full.body;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(bytes), ignored);
    socket.shutdown(asio::socket_base::shutdown_both, ignored);
  }

  void run() {
    if (tcp) asio::co_spawn(io, accept(*tcp), asio::detached);
    if (local) asio::co_spawn(io, accept(*local), asio::detached);
    thread = std::thread{[this] { io.run(); }};
  }

  void begin_stop() {
    shared.stopping = true;
    error_code ignored;
    if (tcp) tcp->close(ignored);
    if (local) local->close(ignored);
    for (const auto& connection : std::set{connections}) connection->stop();
    if (connections.empty()) return;
    grace.expires_after(config.stop_within);
    grace.async_wait([this](error_code cancelled) {
      if (cancelled) return;
      log_warning("http_stop_cut", {{"connections", std::to_string(connections.size())}});
      for (const auto& connection : std::set{connections}) connection->cut();
    });
  }

  void stop() {
    if (!thread.joinable()) return;
    asio::post(io, [this] { begin_stop(); });
    thread.join();
    pool.join();
    if (!local_path.empty()) ::unlink(local_path.c_str());
  }
};

Server::Server(std::unique_ptr<Inside> inside) : inside_{std::move(inside)} {}
Server::~Server() { stop(); }

Result<std::unique_ptr<Server>> Server::start(const ServerConfig& config, const Routes& routes, Traffic& traffic,
                                              Gate gate, BodyMax body_max) {
  try {
    auto inside = std::make_unique<Inside>(config, routes, traffic, std::move(gate), std::move(body_max));
    TRY(inside->listen());
    inside->run();
    return std::unique_ptr<Server>{new Server{std::move(inside)}};
  } catch (const std::exception& thrown) {
    return failure(Fault::unavailable, "the HTTP server cannot start: {}", thrown.what());
  }
}

std::uint16_t Server::port() const { return inside_->port; }

void Server::stop() {
  std::call_once(inside_->stopped, [this] { inside_->stop(); });
}

}  // namespace abate::web
