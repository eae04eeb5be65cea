// SPDX-License-Identifier: Apache-2.0
#include "talk/line.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include "talk/authorities.h"
#include "talk/socket_address.h"

namespace abate::talk {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kReadBytes = 16384;
constexpr std::size_t kDatagramBytesMax = 65535;

// The caller closes it with the descriptor.
Result<Descriptor> socket_to(const Peer& peer, int type) {
  const SocketAddress to{peer.address, peer.port};
  Descriptor socket{::socket(to.family(), type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!socket) return failure(Fault::unavailable, "no socket: {}", ::strerrordesc_np(errno));
  if (peer.from) {
    const SocketAddress from{*peer.from, 0};
    if (from.family() != to.family() || ::bind(socket.get(), from.get(), from.size) != 0)
      return failure(Fault::unavailable, "{} is no address to speak from: {}", peer.from->to_string(),
                     from.family() != to.family() ? "of the other family" : ::strerrordesc_np(errno));
  }
  if (::connect(socket.get(), to.get(), to.size) != 0 && errno != EINPROGRESS)
    return failure(errno == ECONNREFUSED ? Fault::refused : Fault::unavailable, "{}: {}", peer.to_string(),
                   ::strerrordesc_np(errno));
  return socket;
}

int milliseconds_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

std::string tls_words() {
  const unsigned long code = ::ERR_get_error();
  ::ERR_clear_error();
  const char* words = code == 0 ? nullptr : ::ERR_reason_error_string(code);
  return words == nullptr ? "the other side ended it" : words;
}

}  // namespace

struct Line::Tls {
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context{::SSL_CTX_new(::TLS_client_method()), ::SSL_CTX_free};
  std::unique_ptr<SSL, void (*)(SSL*)> session{nullptr, ::SSL_free};
};

std::string Peer::to_string() const {
  return fmt::format(fmt::runtime(address.is_v4() ? "{}:{}" : "[{}]:{}"), address.to_string(), port);
}

Line::Line(Descriptor socket, const Bounds& bounds)
    : socket_{std::move(socket)}, deadline_{Clock::now() + bounds.patience}, bytes_left_{bounds.bytes_max} {}
Line::Line(Line&& other) noexcept = default;
Line& Line::operator=(Line&& other) noexcept = default;
Line::~Line() = default;

Result<Line> Line::open(const Peer& peer, const Bounds& bounds) {
  TRY_ASSIGN(Descriptor socket, socket_to(peer, SOCK_STREAM));
  Line line{std::move(socket), bounds};
  if (!line.wait(POLLOUT)) return failure(Fault::not_found, "{}: nothing answers", peer.to_string());
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(line.socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0)
    return failure(error == ECONNREFUSED ? Fault::refused : Fault::unavailable, "{}: {}", peer.to_string(),
                   ::strerrordesc_np(error));
  return line;
}

Result<void> Line::wait(short events) const {
  pollfd one{.fd = socket_.get(), .events = events, .revents = 0};
  int ready = 0;
  do ready = ::poll(&one, 1, milliseconds_until(deadline_));
  while (ready < 0 && errno == EINTR);
  if (ready > 0) return {};
  return failure(Fault::unavailable, "no answer in time");
}

Result<void> Line::start_tls(const std::string& name) {
  auto tls = std::make_unique<Tls>();
  SSL_CTX* const context = tls->context.get();
  if (context == nullptr) return failure(Fault::unavailable, "no TLS: {}", tls_words());
  ::SSL_CTX_set_default_verify_paths(context);
  for (const char* file : kAuthorities) {
    std::error_code missing;
    if (std::filesystem::exists(file, missing) && ::SSL_CTX_load_verify_locations(context, file, nullptr) == 1) break;
  }
  // Whatever the server speaks is spoken: an old one is what we are here to see.
  ::SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  ::SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  ::SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
  tls->session.reset(::SSL_new(context));
  SSL* const session = tls->session.get();
  const bool is_name = !name.empty() && !parse_ip(name);
  if (session == nullptr || ::SSL_set_fd(session, socket_.get()) != 1 ||
      (is_name && SSL_set_tlsext_host_name(session, name.c_str()) != 1))
    return failure(Fault::unavailable, "no TLS: {}", tls_words());
  for (int done = 0; (done = ::SSL_connect(session)) != 1;) {
    const int why = ::SSL_get_error(session, done);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
      return failure(Fault::unavailable, "no TLS: {}", tls_words());
    TRY(wait(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT));
  }
  const std::unique_ptr<X509, void (*)(X509*)> shown{::SSL_get1_peer_certificate(session), ::X509_free};
  const long verdict = ::SSL_get_verify_result(session);
  if (!shown)
    certificate_problem_ = "no certificate";
  else if (verdict != X509_V_OK)
    certificate_problem_ = ::X509_verify_cert_error_string(verdict);
  else if (is_name && ::X509_check_host(shown.get(), name.c_str(), name.size(), 0, nullptr) != 1)
    certificate_problem_ = "hostname mismatch";
  tls_ = std::move(tls);
  return {};
}

Result<void> Line::send(std::string_view bytes) {
  while (!bytes.empty()) {
    if (tls_) {
      const int put =
          ::SSL_write(tls_->session.get(), bytes.data(), static_cast<int>(std::min(bytes.size(), kReadBytes)));
      if (put > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(put));
        continue;
      }
      const int why = ::SSL_get_error(tls_->session.get(), put);
      if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
        return failure(Fault::unavailable, "the connection ended: {}", tls_words());
      TRY(wait(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT));
      continue;
    }
    const ssize_t put = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      TRY(wait(POLLOUT));
    } else if (errno != EINTR) {
      return failure(Fault::unavailable, "the connection ended: {}", ::strerrordesc_np(errno));
    }
  }
  return {};
}

Result<std::string> Line::read_some() {
  if (bytes_left_ == 0) return failure(Fault::too_big, "the answer is longer than we read");
  std::array<char, kReadBytes> bytes;
  const std::size_t room = std::min(bytes.size(), bytes_left_);
  for (;;) {
    if (Clock::now() >= deadline_) return failure(Fault::unavailable, "the answer took too long");
    ssize_t got = 0;
    bool ended = false;
    short wants = POLLIN;
    if (tls_) {
      got = ::SSL_read(tls_->session.get(), bytes.data(), static_cast<int>(room));
      if (got <= 0) {
        const int why = ::SSL_get_error(tls_->session.get(), static_cast<int>(got));
        if (why == SSL_ERROR_WANT_WRITE) wants = POLLOUT;
        ended = why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE;
        ::ERR_clear_error();
      }
    } else {
      got = ::recv(socket_.get(), bytes.data(), room, 0);
      if (got < 0 && errno == EINTR) continue;
      ended = got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
    }
    if (got > 0) {
      bytes_left_ -= static_cast<std::size_t>(got);
      return std::string{bytes.data(), static_cast<std::size_t>(got)};
    }
    if (ended) return std::string{};
    TRY(wait(wants));
  }
}

Result<std::string> Line::receive() {
  if (!held_.empty()) return std::exchange(held_, {});
  return read_some();
}

Result<std::string> Line::receive_exactly(std::size_t bytes) {
  while (held_.size() < bytes) {
    TRY_ASSIGN(const std::string more, read_some());
    if (more.empty()) return failure(Fault::malformed, "the connection ended before the answer did");
    held_ += more;
  }
  std::string out = held_.substr(0, bytes);
  held_.erase(0, bytes);
  return out;
}

Result<std::string> Line::receive_line() {
  for (std::size_t end = 0; (end = held_.find('\n')) == std::string::npos;) {
    if (held_.size() > kLineBytesMax) return failure(Fault::malformed, "an endless line came");
    TRY_ASSIGN(const std::string more, read_some());
    if (more.empty()) return failure(Fault::malformed, "the connection ended before the answer did");
    held_ += more;
  }
  const std::size_t end = held_.find('\n');
  std::string out = held_.substr(0, end);
  held_.erase(0, end + 1);
  if (out.ends_with('\r')) out.pop_back();
  return out;
}

Result<std::string> ask_udp(const Peer& peer, std::string_view question, const Bounds& bounds, int tries) {
  TRY_ASSIGN(const Descriptor socket, socket_to(peer, SOCK_DGRAM));
  const Clock::time_point begin = Clock::now();
  std::string answer(kDatagramBytesMax, '\0');
  for (int turn = 1; turn <= tries; ++turn) {
    if (::send(socket.get(), question.data(), question.size(), MSG_NOSIGNAL) < 0 && errno != EAGAIN)
      return failure(errno == ECONNREFUSED ? Fault::refused : Fault::unavailable, "{}: {}", peer.to_string(),
                     ::strerrordesc_np(errno));
    const Clock::time_point until = begin + bounds.patience * turn / tries;
    for (;;) {
      pollfd one{.fd = socket.get(), .events = POLLIN, .revents = 0};
      if (::poll(&one, 1, milliseconds_until(until)) <= 0) break;
      const ssize_t got = ::recv(socket.get(), answer.data(), answer.size(), 0);
      if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (got < 0)
        return failure(errno == ECONNREFUSED ? Fault::refused : Fault::unavailable, "{}: {}", peer.to_string(),
                       ::strerrordesc_np(errno));
      answer.resize(std::min(static_cast<std::size_t>(got), bounds.bytes_max));
      return answer;
    }
  }
  return failure(Fault::not_found, "{}: no answer to {} questions", peer.to_string(), tries);
}

}  // namespace abate::talk
