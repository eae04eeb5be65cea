// SPDX-License-Identifier: Apache-2.0
// post/listen.h — where a server of ours listens: "127.0.0.1:2424", "[::1]:2424" or "unix:/run/abate/lmtp".
//
// A unix socket is made beside its place, given mode 0660, and moved there, so that nobody can connect before the mode
// is right. A socket file that nobody listens on any more is replaced; one that somebody answers on is `conflict`, and
// anything that is no socket stays and is `refused`. Port 0 takes a free port.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "base/result.h"

namespace abate::post {

using ListenAddress = std::variant<boost::asio::ip::tcp::endpoint, boost::asio::local::stream_protocol::endpoint>;
Result<ListenAddress> parse_listen(std::string_view text);

using TcpAcceptor = boost::asio::ip::tcp::acceptor;
using UnixAcceptor = boost::asio::local::stream_protocol::acceptor;
Result<TcpAcceptor> listen_tcp(const boost::asio::any_io_executor& executor, const boost::asio::ip::tcp::endpoint& at);
Result<UnixAcceptor> listen_unix(const boost::asio::any_io_executor& executor,
                                 const boost::asio::local::stream_protocol::endpoint& at);

}  // namespace abate::post
