// SPDX-License-Identifier: Apache-2.0
#include "post/lmtp_server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unistd.h>

#include "base/log.h"
#include "post/listen.h"
#include "post/lmtp_session.h"

namespace abate::post {
namespace asio = boost::asio;
namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kAcceptPause{100};  // after "too many open files" and its like

void quicken(asio::ip::tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
}
void quicken(asio::local::stream_protocol::socket&) {}

void turn_away(LmtpSession::Socket& socket) {
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(std::string_view("421 4.3.2 too many connections, try again\r\n")), ignored);
  socket.shutdown(LmtpSession::Socket::shutdown_send, ignored);
}

// Begins a session, unless the house is full or closing.
void welcome(const std::shared_ptr<LmtpShared>& shared, LmtpSession::Strand strand, LmtpSession::Socket socket) {
  std::unique_lock lock{shared->mutex};
  if (shared->stopping) return;
  if (shared->sessions.size() >= shared->options.connections_max) {
    log_warning("lmtp_connections_max", {{"connections", std::to_string(shared->sessions.size())}});
    return turn_away(socket);
  }
  auto session = std::make_shared<LmtpSession>(shared, std::move(strand), std::move(socket));
  shared->sessions.insert(session);
  lock.unlock();
  session->start();
}

template <class Acceptor>
asio::awaitable<void> accept_all(std::shared_ptr<LmtpShared> shared, std::shared_ptr<Acceptor> acceptor,
                                 asio::any_io_executor executor) {
  while (acceptor->is_open()) {
    LmtpSession::Strand strand(executor);
    typename Acceptor::protocol_type::socket socket(strand);
    const auto [error] = co_await acceptor->async_accept(socket, kAwait);
    if (!error) {
      quicken(socket);
      welcome(shared, std::move(strand), LmtpSession::Socket(std::move(socket)));
    } else if (acceptor->is_open()) {
      log_warning("lmtp_accept_failed", {{"why", error.message()}});
      asio::steady_timer pause(acceptor->get_executor(), kAcceptPause);
      co_await pause.async_wait(kAwait);
    }
  }
}

}  // namespace

struct LmtpServer::Inside {
  asio::io_context& io;
  std::shared_ptr<LmtpShared> shared;
  std::function<void()> close_acceptor = {};
  std::string address = {};
  std::string unix_path = {};

  template <class Acceptor>
  void accept_on(Acceptor given, const LmtpSession::Strand& strand) {
    auto acceptor = std::make_shared<Acceptor>(std::move(given));
    shared->accepting = true;
    close_acceptor = [acceptor, strand] {
      asio::post(strand, [acceptor] {
        boost::system::error_code ignored;
        acceptor->close(ignored);
      });
    };
    asio::co_spawn(strand, accept_all(shared, acceptor, io.get_executor()), [s = shared](const std::exception_ptr& e) {
      if (e) log_error("lmtp_accept_ended");
      const std::lock_guard lock{s->mutex};
      s->accepting = false;
      s->changed.notify_all();
    });
  }

  Result<void> listen(const ListenAddress& at) {
    const LmtpSession::Strand strand(io.get_executor());
    if (const auto* tcp = std::get_if<asio::ip::tcp::endpoint>(&at)) {
      TRY_ASSIGN(TcpAcceptor acceptor, listen_tcp(strand, *tcp));
      boost::system::error_code ignored;
      const auto bound = acceptor.local_endpoint(ignored);
      const std::string host = bound.address().to_string();
      address = bound.address().is_v6() ? fmt::format("[{}]:{}", host, bound.port())
                                        : fmt::format("{}:{}", host, bound.port());
      accept_on(std::move(acceptor), strand);
    } else {
      const auto& local = std::get<asio::local::stream_protocol::endpoint>(at);
      TRY_ASSIGN(UnixAcceptor acceptor, listen_unix(strand, local));
      unix_path = local.path();
      address = "unix:" + unix_path;
      accept_on(std::move(acceptor), strand);
    }
    return {};
  }
};

LmtpServer::LmtpServer(std::unique_ptr<Inside> inside) : inside_{std::move(inside)} {}

Result<std::unique_ptr<LmtpServer>> LmtpServer::start(asio::io_context& io, LmtpOptions options, Accept accept) {
  TRY_ASSIGN(const ListenAddress at, parse_listen(options.listen));
  auto inside = std::make_unique<Inside>(
      Inside{.io = io, .shared = std::make_shared<LmtpShared>(std::move(options), std::move(accept))});
  TRY(inside->listen(at));
  log_info("lmtp_listens", {{"at", inside->address}});
  return std::unique_ptr<LmtpServer>(new LmtpServer(std::move(inside)));
}

LmtpServer::~LmtpServer() { stop(); }

std::string LmtpServer::address() const { return inside_->address; }

void LmtpServer::stop() {
  LmtpShared& shared = *inside_->shared;
  std::unique_lock lock{shared.mutex};
  if (std::exchange(shared.stopping, true)) return;
  // Before the socket closes, so that what is unlinked is ours and not a successor's.
  if (!inside_->unix_path.empty()) ::unlink(inside_->unix_path.c_str());
  inside_->close_acceptor();
  for (const auto& session : shared.sessions) session->stop();
  while (!inside_->io.stopped() && (shared.accepting || !shared.sessions.empty()))
    shared.changed.wait_for(lock, std::chrono::milliseconds{100});
}

}  // namespace abate::post
