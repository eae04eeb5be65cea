// SPDX-License-Identifier: Apache-2.0
// web/connection.h — one client's connection: requests one after the other, as a coroutine. Internal to server.cc.
//
// All of it runs on the server's one Asio thread, so nothing here is locked; only what stands in `on_pool` runs
// elsewhere.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "web/framing.h"
#include "web/server.h"

namespace abate::web {

struct Shared {  // what all connections of a server stand on
  const ServerConfig& config;
  const Routes& routes;
  Traffic& traffic;
  const Gate& gate;
  const BodyMax& body_max;
  boost::asio::thread_pool& pool;
  bool stopping = false;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;

  // `peer` is empty for a unix socket.
  Connection(Shared& shared, Socket socket, std::string peer);

  boost::asio::awaitable<void> run();
  void stop();  // ends it now when it waits for a request or streams, else after the answer that it works on
  void cut();   // ends it now

 private:
  enum class Read : std::uint8_t { some, ended, late };

  boost::asio::awaitable<bool> serve_one();  // false: no more on this connection
  boost::asio::awaitable<Read> read_some(std::chrono::steady_clock::time_point until);
  boost::asio::awaitable<std::expected<std::string, HeadRefusal>> read_head();  // empty: the client is gone
  boost::asio::awaitable<std::expected<std::string, HeadRefusal>> read_body(const std::string& raw_head,
                                                                            const Head& head, std::size_t bytes_max);
  boost::asio::awaitable<bool> send(const Response& response, bool close, bool with_body);
  boost::asio::awaitable<bool> write(const std::string& head, const std::string& body);
  boost::asio::awaitable<void> stream(Response& response);
  boost::asio::awaitable<void> refuse(const HeadRefusal& refusal);
  boost::asio::awaitable<void> drain();  // so that the answer is not lost in a reset
  boost::asio::awaitable<void> on_pool(std::function<void()> work);
  void arm(std::chrono::steady_clock::time_point until);  // cancels what the socket does then

  Shared& shared_;
  Socket socket_;
  boost::asio::steady_timer timer_;
  std::string peer_;
  std::string buffer_;  // received and not yet used
  std::uint64_t arming_ = 0;
  bool late_ = false;
  bool first_ = true;     // no request was served yet
  bool waiting_ = false;  // between two requests, or streaming
};

}  // namespace abate::web
