// SPDX-License-Identifier: Apache-2.0
#include "talk/resolve.h"

#include <array>
#include <chrono>
#include <memory>

#include <ares.h>
#include <netinet/in.h>
#include <poll.h>

namespace abate::talk {
namespace {

struct Answer {
  bool done = false;
  int status = ARES_SUCCESS;
  std::vector<IpAddress> addresses;
};

void take(void* into, int status, int /*timeouts*/, ares_addrinfo* found) {
  auto& answer = *static_cast<Answer*>(into);
  answer.done = true;
  answer.status = status;
  if (found == nullptr) return;
  for (const ares_addrinfo_node* node = found->nodes; node != nullptr; node = node->ai_next) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* bytes = nullptr;
    if (node->ai_family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in*>(node->ai_addr)->sin_addr;
    if (node->ai_family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6*>(node->ai_addr)->sin6_addr;
    if (bytes == nullptr || ares_inet_ntop(node->ai_family, bytes, text.data(), text.size()) == nullptr) continue;
    if (const Result<IpAddress> address = parse_ip(std::string_view{text.data()})) answer.addresses.push_back(*address);
  }
  ares_freeaddrinfo(found);
}

void wait_once(ares_channel channel, int wait_ms) {
  std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
  const int wanted = ares_getsock(channel, sockets.data(), ARES_GETSOCK_MAXNUM);
  std::array<pollfd, ARES_GETSOCK_MAXNUM> files{};
  nfds_t count = 0;
  for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; ++i) {
    short events = 0;
    if (ARES_GETSOCK_READABLE(static_cast<unsigned>(wanted), i)) events |= POLLIN;
    if (ARES_GETSOCK_WRITABLE(static_cast<unsigned>(wanted), i)) events |= POLLOUT;
    if (events != 0) files[count++] = {.fd = sockets[i], .events = events, .revents = 0};
  }
  const int ready = ::poll(files.data(), count, wait_ms);
  if (ready <= 0) {
    ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // its own time limits
    return;
  }
  for (nfds_t i = 0; i < count; ++i)
    ares_process_fd(channel, (files[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0 ? files[i].fd : ARES_SOCKET_BAD,
                    (files[i].revents & POLLOUT) != 0 ? files[i].fd : ARES_SOCKET_BAD);
}

}  // namespace

Result<std::vector<IpAddress>> resolve(const std::string& name, Duration patience) {
  if (const Result<IpAddress> address = parse_ip(name)) return std::vector<IpAddress>{*address};
  ares_channel channel = nullptr;
  if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS || ares_init(&channel) != ARES_SUCCESS)
    return failure(Fault::unavailable, "{}: names cannot be looked up on this machine", name);
  const std::unique_ptr<ares_channeldata, void (*)(ares_channel)> closed{channel, ares_destroy};
  Answer answer;
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_flags = ARES_AI_NOSORT;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  ares_getaddrinfo(channel, name.c_str(), nullptr, &hints, take, &answer);
  while (!answer.done && std::chrono::steady_clock::now() < deadline) wait_once(channel, 100);
  if (!answer.done) ares_cancel(channel);  // calls take()
  if (!answer.addresses.empty()) return std::move(answer.addresses);
  const bool none = answer.status == ARES_ENOTFOUND || answer.status == ARES_ENODATA;
  return failure(none ? Fault::not_found : Fault::unavailable, "{}: {}", name, ares_strerror(answer.status));
}

}  // namespace abate::talk
