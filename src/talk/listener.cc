// SPDX-License-Identifier: Apache-2.0
#include "talk/listener.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include <poll.h>

#include "talk/socket_address.h"

namespace abate::talk {
namespace {

constexpr std::size_t kGuestsMax = 16;
constexpr std::size_t kGuestBytesMax = 4096;
constexpr int kBacklog = 16;
constexpr std::string_view kAnswer = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";

struct Guest {
  Descriptor socket;
  std::string said;
};

// False: it is over with this one.
bool hear(Guest& guest) {
  std::array<char, 2048> bytes;
  const ssize_t got = ::recv(guest.socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (got <= 0) return false;
  guest.said.append(bytes.data(), static_cast<std::size_t>(got));
  return guest.said.size() < kGuestBytesMax;
}

}  // namespace

Result<Listener> Listener::open(const IpAddress& address, std::uint16_t port) {
  const SocketAddress wanted{address, port};
  Descriptor socket{::socket(wanted.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  const int on = 1;
  if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket.get(), wanted.get(), wanted.size) != 0 || ::listen(socket.get(), kBacklog) != 0)
    return failure(Fault::unavailable, "nobody can listen at {}: {}", Peer{address, port, {}}.to_string(),
                   ::strerrordesc_np(errno));
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &size) != 0)
    return failure(Fault::unavailable, "nobody can listen at {}: {}", address.to_string(), ::strerrordesc_np(errno));
  const std::uint16_t got = bound.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(bound).sin6_port
                                                        : reinterpret_cast<const sockaddr_in&>(bound).sin_port;
  return Listener{std::move(socket), Peer{address, ntohs(got), {}}};
}

bool Listener::came(std::string_view word, std::chrono::steady_clock::time_point deadline) const {
  std::vector<Guest> guests;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return false;
    std::vector<pollfd> files{{.fd = socket_.get(), .events = POLLIN, .revents = 0}};
    for (const Guest& guest : guests) files.push_back({.fd = guest.socket.get(), .events = POLLIN, .revents = 0});
    if (::poll(files.data(), files.size(), static_cast<int>(left)) < 0 && errno != EINTR) return false;
    for (std::size_t i = guests.size(); i-- > 0;) {
      if (files[i + 1].revents == 0) continue;
      const bool goes_on = hear(guests[i]);
      if (guests[i].said.find(word) != std::string::npos) {
        static_cast<void>(::send(guests[i].socket.get(), kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
        return true;
      }
      if (!goes_on) guests.erase(guests.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (files[0].revents == 0) continue;
    Descriptor fresh{::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (fresh && guests.size() < kGuestsMax) guests.push_back({.socket = std::move(fresh), .said = {}});
  }
}

}  // namespace abate::talk
