// SPDX-License-Identifier: Apache-2.0
#include "post/listen.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>

#include <sys/stat.h>
#include <unistd.h>

namespace abate::post {
namespace asio = boost::asio;
namespace {

constexpr std::size_t kUnixPathBytesMax = 90;  // sun_path has 108; the name beside it needs some
constexpr mode_t kSocketMode = 0660;
constexpr int kBacklog = 256;

using Unix = asio::local::stream_protocol;

// Nothing there, or a socket that nobody listens on.
Result<void> may_replace(const asio::any_io_executor& executor, const std::string& path) {
  struct stat facts{};
  if (::lstat(path.c_str(), &facts) != 0) return {};
  if (!S_ISSOCK(facts.st_mode)) return failure(Fault::refused, "{} exists and is no socket; it is left alone", path);
  boost::system::error_code error;
  Unix::socket probe(executor);
  probe.connect(Unix::endpoint(path), error);
  if (error == asio::error::connection_refused) return {};
  if (!error) return failure(Fault::conflict, "somebody else listens on {}", path);
  return failure(Fault::refused, "{}: {}", path, error.message());
}

}  // namespace

Result<ListenAddress> parse_listen(std::string_view text) {
  if (text.starts_with("unix:")) {
    const std::string path(text.substr(5));
    if (!path.starts_with('/')) return failure(Fault::malformed, "{}: a unix socket wants an absolute path", text);
    if (path.size() > kUnixPathBytesMax)
      return failure(Fault::malformed, "{}: the path of a unix socket has at most {} bytes", text, kUnixPathBytesMax);
    return Unix::endpoint(path);
  }
  const std::size_t colon = text.rfind(':');
  std::string_view host = text.substr(0, std::min(colon, text.size()));
  const std::string_view digits = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error || bad != std::errc() || digits.empty() || end != digits.data() + digits.size())
    return failure(Fault::malformed, "'{}': want an address and a port (127.0.0.1:2424, [::1]:2424) or unix:/path",
                   text);
  return asio::ip::tcp::endpoint(address, port);
}

Result<TcpAcceptor> listen_tcp(const asio::any_io_executor& executor, const asio::ip::tcp::endpoint& at) {
  TcpAcceptor acceptor(executor);
  boost::system::error_code error;
  acceptor.open(at.protocol(), error);
  if (!error) acceptor.set_option(TcpAcceptor::reuse_address(true), error);
  if (!error) acceptor.bind(at, error);
  if (!error) acceptor.listen(kBacklog, error);
  if (error)
    return failure(Fault::unavailable, "cannot listen on {}:{}: {}", at.address().to_string(), at.port(),
                   error.message());
  return acceptor;
}

Result<UnixAcceptor> listen_unix(const asio::any_io_executor& executor, const Unix::endpoint& at) {
  const std::string path = at.path();
  TRY(may_replace(executor, path));
  const std::string beside = fmt::format("{}.{}", path, ::getpid());
  ::unlink(beside.c_str());
  UnixAcceptor acceptor(executor);
  boost::system::error_code error;
  const auto failed = [&](const std::string& why) {
    ::unlink(beside.c_str());
    return failure(Fault::unavailable, "cannot listen on {}: {}", path, why);
  };
  acceptor.open(at.protocol(), error);
  if (!error) acceptor.bind(Unix::endpoint(beside), error);
  if (error) return failed(error.message());
  if (::chmod(beside.c_str(), kSocketMode) != 0) return failed(std::strerror(errno));
  acceptor.listen(kBacklog, error);
  if (error) return failed(error.message());
  if (::rename(beside.c_str(), path.c_str()) != 0) return failed(std::strerror(errno));
  return acceptor;
}

}  // namespace abate::post
